import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkGlossary, wordChecker } from "./check-glossary.mjs";
import { glossaryCell } from "./glossary.mjs";

const terms = [
  { pt: "dropout", en: "dropout", definition: "zerar", chapter: 1, avoid: ["descarte"], allow: ["dropout, descarte"] }, // prettier-ignore
  { pt: "dígito", en: "digit", definition: "um sinal", chapter: 1, avoid: ["algarismo"], allow: ["algarismo significativo"] }, // prettier-ignore
  { pt: "logaritmo natural, ln", en: "natural logarithm", definition: "de base e", chapter: 1, avoid: ["\\log"] }, // prettier-ignore
  { pt: "camada densa", en: "dense layer", definition: "todos com todos", chapter: 1 },
];
const problems = wordChecker(terms);

test("uma palavra que o glossário evita é dita, com a que ele pede", () => {
  assert.deepEqual(problems("Sem descarte, os algarismos: $-\\log p(x)$."), [
    "“descarte”; o glossário pede “dropout”",
    "“algarismos”; o glossário pede “dígito”",
    "“\\log”; o glossário pede “logaritmo natural, ln”",
  ]);
});

test("as locuções em que ela pode, o código, os endereços e o HTML passam", () => {
  for (const text of [
    "O **dropout**, descarte, zera parte da rede.",
    "Três algarismos\nsignificativos.",
    "Em `algarismo`, e em <code>algarismo</code>.",
    "```ts\nconst algarismo = 1;\n```",
    "Veja [isto](https://exemplo.org/algarismo).",
    '<img src="algarismo.png" alt="">',
    "Na base 2, $\\log_2 x$.",
  ])
    assert.deepEqual(problems(text), [], text);
});

test("um termo novo, em negrito e com o inglês, tem de estar no glossário", () => {
  assert.deepEqual(problems("É a **borda** (*padding*)."), [
    "**borda** (*padding*) não está em data/glossario.json",
  ]);
  for (const text of [
    "As **camadas densas** (*dense layers*).",
    "Uma camada **densa** (*dense*).",
    "É a **borda**, e não *padding*.",
  ])
    assert.deepEqual(problems(text), [], text);
});

/** O que se diz de um projeto com um caderno destas células em Markdown e com este glossário. */
function check(sources, glossary = JSON.stringify(terms)) {
  const folder = mkdtempSync(join(tmpdir(), "caderno-"));
  try {
    for (const name of ["notebooks", "data"]) mkdirSync(join(folder, name));
    const cells = sources.map((source, i) => ({ id: `c${i}`, cell_type: "markdown", source }));
    writeFileSync(
      join(folder, "notebooks", "01-teste.ipynb"),
      JSON.stringify({ cells, nbformat: 4 }),
    );
    writeFileSync(join(folder, "data", "glossario.json"), glossary);
    return checkGlossary(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a tabela de um capítulo é a que o glossário faz, e o problema diz capítulo e célula", () => {
  const table = glossaryCell(terms, 1);
  assert.deepEqual(check([table]), []);
  assert.deepEqual(check([`${table}\n| a | *b* | c |`]), [
    "notebooks/01-teste.ipynb: a tabela do glossário não é a de data/glossario.json; rode npm run format",
  ]);
  assert.deepEqual(check(["Só texto."]), [
    "notebooks/01-teste.ipynb: falta a célula “## Glossário”",
  ]);
  assert.deepEqual(check([table, "O descarte."]), [
    "notebooks/01-teste.ipynb: célula c1: “descarte”; o glossário pede “dropout”",
  ]);
});

test("um glossário com defeito é o único problema", () => {
  assert.match(check([], "[")[0], /^data\/glossario\.json não se lê: /);
  assert.deepEqual(check([], '[{"pt":"a","en":"a","definition":"a","chapter":9}]'), [
    "data/glossario.json:\ntermo 1 (a): não há capítulo 9",
  ]);
});

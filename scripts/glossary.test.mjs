import assert from "node:assert/strict";
import { test } from "node:test";
import { glossaryCell, glossaryProblems, namesOf, namesPattern, readGlossary } from "./glossary.mjs"; // prettier-ignore
import { root } from "./root.mjs";

const term = (change = {}) => ({
  pt: "lote",
  en: "batch",
  definition: "os exemplos de um passo",
  chapter: 2,
  ...change,
});

test("o glossário do projeto está em ordem", () => assert.ok(readGlossary(root).length > 100));

test("um termo em ordem passa, com tudo o que pode ter", () => {
  const full = term({ synonyms: ["minilote"], avoid: ["leva"], allow: ["leva a"], hover: false });
  assert.deepEqual(glossaryProblems([full], [1, 2]), []);
});

for (const [name, terms, message] of [
  [
    "um campo que falta",
    [term({ pt: undefined })],
    /^termo 1 \(sem pt\): pt não pode ser undefined/,
  ],
  ["um campo vazio", [term({ en: " " })], /^termo 1 \(lote\): en não pode ser " "$/],
  ["uma barra, que partiria a tabela", [term({ definition: "p(x|y)" })], /definition não pode ser/],
  ["um campo desconhecido", [term({ sinonimos: [] })], /sinonimos não pode ser \[\]/],
  ["um capítulo que não há", [term({ chapter: 7 })], /^termo 1 \(lote\): não há capítulo 7$/],
  [
    "um termo repetido",
    [term(), term({ pt: "Lote" })],
    /^termo 2 \(Lote\): “Lote” já é de “lote”$/,
  ],
  [
    "um sinônimo que é outro termo",
    [term(), term({ pt: "punhado", synonyms: ["lote"] })],
    /^termo 2 \(punhado\): “lote” já é de “lote”$/,
  ],
])
  // prettier-ignore
  test(`${name} é dito com o termo`, () => {
    const problems = glossaryProblems(terms, [1, 2]);
    assert.equal(problems.length, 1);
    assert.match(problems[0], message);
  });

test("um campo ausente é dito", () => {
  const { definition: _, ...rest } = term();
  assert.deepEqual(glossaryProblems([rest], [2]), ["termo 1 (lote): falta definition"]);
});

test("a tabela tem os termos do capítulo, na ordem do português", () => {
  const terms = [
    term({ pt: "época, passada", en: "epoch, pass", definition: "todos os exemplos" }),
    term({ pt: "Dyna-Q", en: "Dyna-Q", definition: "sonhar", chapter: 1 }),
    term(),
    term({ pt: "entropia", en: "entropy", definition: "a surpresa média, $H$" }),
  ];
  assert.equal(
    glossaryCell(terms, 2),
    `## Glossário

| português | inglês | em uma linha |
|---|---|---|
| entropia | *entropy* | a surpresa média, $H$ |
| época, passada | *epoch*, *pass* | todos os exemplos |
| lote | *batch* | os exemplos de um passo |`,
  );
});

test("os nomes de um termo: os do português, sem parênteses, e os sinônimos", () => {
  const names = namesOf(term({ pt: "passo (da convolução), salto", synonyms: ["stride"] }));
  assert.deepEqual(names, ["passo", "salto", "stride"]);
});

test("um nome se acha no plural e com maiúscula, e só como palavra inteira", () => {
  for (const [name, text] of [
    ["camada densa", "Camadas\ndensas"],
    ["convolução", "convoluções"],
    ["logit", "logits"],
    ["viés", "vieses"],
    ["quantil", "quantis"],
    ["imagem de teste", "imagens de teste"],
    ["erro-padrão", "erros-padrão"],
    ["gerador", "geradores"],
    ["$R^2$", "$R^2$"],
  ])
    assert.equal(`o ${text}.`.match(namesPattern([name]))?.[0], text);
  assert.equal("ele mesmo, em paz: EMA".match(namesPattern(["EM"])), null);
  assert.equal("blote".match(namesPattern(["lote"])), null);
});

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { main } from "./export.mjs";
import { root } from "./root.mjs";

// Cadernos de leitores, de qualquer pasta e com qualquer defeito de texto: a página sai, e os avisos são em português.

let folder, called;
const warnings = [];
const warn = console.warn;
before(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache", "leitor é "));
  called = process.env.INIT_CWD;
  process.env.INIT_CWD = folder;
  console.warn = (text) => warnings.push(text);
});
after(() => {
  console.warn = warn;
  if (called === undefined) delete process.env.INIT_CWD;
  else process.env.INIT_CWD = called;
  rmSync(folder, { recursive: true });
});

const text = (source) => ({ cell_type: "markdown", id: "t", metadata: {}, source });
const code = (source, outputs = []) => ({ cell_type: "code", id: "c", metadata: {}, source, execution_count: null, outputs }); // prettier-ignore
const result = (value) => ({ output_type: "execute_result", execution_count: 1, metadata: {}, data: { "text/plain": value } }); // prettier-ignore
const typescript = { kernelspec: { name: "caderno-typescript", display_name: "TypeScript", language: "typescript" } }; // prettier-ignore

/** Exporta um caderno de nome `name`; devolve a página e os avisos. */
async function exported(name, cells, { metadata = typescript, options = [] } = {}) {
  writeFileSync(
    join(folder, `${name}.ipynb`),
    JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }),
  );
  warnings.length = 0;
  const target = join(root, "exports", `${name}.html`);
  try {
    await main([...options, `${name}.ipynb`]);
    return { html: readFileSync(target, "utf8"), warnings: [...warnings] };
  } finally {
    rmSync(target, { force: true });
  }
}

test("sem título, com espaços e acentos no nome", { timeout: 120_000 }, async () => {
  const { html, warnings } = await exported("meu caderno é ção", [text("Só texto."), code("21 * 2")]); // prettier-ignore
  assert.match(html, /<h1>meu caderno é ção/);
  assert.match(html, /42/);
  assert.deepEqual(warnings, []);
});

test("imagem que falta, nota sem uso, níveis pulados: avisos", { timeout: 120_000 }, async () => {
  const source =
    "# Título\n\n![x](falta.png)\n\n#### Quarto\n\nUma nota[^a].\n\n[^a]: A.\n[^b]: B.";
  const { html, warnings } = await exported("defeitos", [text(source), code("1")]);
  assert.match(html, /Título/);
  const all = warnings.join("\n");
  assert.match(all, /defeitos\.ipynb: não achei a imagem falta\.png/);
  assert.match(all, /um título de nível 1 é seguido de um de nível 4/);
  assert.match(all, /nota de rodapé/);
  assert.doesNotMatch(all, /WARNING|Sphinx/);
});

test("só texto, só código, e vazio", { timeout: 120_000 }, async () => {
  assert.match((await exported("so texto", [text("# Assim")])).html, /Assim/);
  assert.match((await exported("so codigo", [code('"olá" + 1')])).html, /olá1/);
  assert.match((await exported("vazio", [])).html, /<h1>vazio/);
});

test(
  "--sem-executar mostra as saídas gravadas, e não roda nada",
  { timeout: 120_000 },
  async () => {
    const cells = [
      text("# Longo"),
      code("throw new Error('não devia rodar')", [result("ontem: 8")]),
    ];
    const { html } = await exported("longo", cells, { options: ["--sem-executar"] });
    assert.match(html, /ontem: 8/);
  },
);

test("de outra linguagem, quebrado ou ausente: recusa clara, e nada fica", { timeout: 60_000 }, async () => {
  const python = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };
  await assert.rejects(exported("python", [code("1")], { metadata: python }), {
    message: /python\.ipynb é um caderno de python \(kernel Python 3\)/,
  });
  writeFileSync(join(folder, "quebrado.ipynb"), "{");
  await assert.rejects(main(["quebrado.ipynb"]), /quebrado\.ipynb não é um caderno que eu saiba ler/);
  await assert.rejects(main(["nada.ipynb"]), /Não achei o caderno .*nada\.ipynb/);
  await assert.rejects(exported("erro", [code("throw new RangeError('fora')")]), /erro\.ipynb não executou até o fim: célula 1, RangeError: fora/);
  assert.equal(existsSync(join(root, "exports", "erro.html")), false);
}); // prettier-ignore

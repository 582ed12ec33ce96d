import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkNotebooks } from "./check-notebooks.mjs";
import { cellFormatter } from "./format-cells.mjs";
import { METADATA } from "./notebooks.mjs";
import { root } from "./root.mjs";

const good = {
  id: "soma",
  cell_type: "code",
  source: "1 + 1;",
  outputs: [],
  execution_count: null,
  metadata: {},
};
const short = (n) => Array.from({ length: n }, (_, i) => ({ ...good, id: `curta-${i}` }));

async function check(cells, metadata = METADATA) {
  const folder = mkdtempSync(join(tmpdir(), "caderno-"));
  try {
    mkdirSync(join(folder, "notebooks"));
    const notebook = { cells, metadata, nbformat: 4 };
    writeFileSync(join(folder, "notebooks", "01-teste.ipynb"), JSON.stringify(notebook));
    return await checkNotebooks(folder, await cellFormatter(root));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("um caderno em ordem passa", async () => assert.deepEqual(await check([good]), []));

for (const [name, change, message] of [
  ["saída gravada", { outputs: [{}] }, /célula 1 tem saída/],
  ["número de execução", { execution_count: 3 }, /célula 1 tem saída/],
  ["célula sem id", { id: undefined }, /há célula sem id/],
  [
    "célula longa",
    { source: Array(26).fill("1;").join("\n") },
    /célula 1 tem 26 linhas; o limite é 25/,
  ],
  ["código fora do formato", { source: "1+1" }, /célula 1 fora do formato/],
  [
    "linha larga",
    { source: `"${"a".repeat(78)}";` },
    /célula 1, linha 1: 81 colunas; o limite é 80/,
  ],
  ["um módulo do Node", { source: 'import os from "node:os";\nos;' }, /célula 1 usa node:os/],
  ["um nome do Node", { source: "process.version;" }, /célula 1 usa process/],
  ["código que não é TypeScript", { source: "const = 1;" }, /célula 1 não é TypeScript válido/],
])
  test(name, async () => {
    const problems = await check([{ ...good, ...change }, ...short(2)]);
    assert.equal(problems.length, 1);
    assert.match(problems[0], message);
  });

test("um nome do Node como propriedade, e node:assert, passam", async () => {
  const source = 'import assert from "node:assert/strict";\nassert({ a: 1 }.process);';
  assert.match(source, /process/);
  assert.deepEqual(await check([{ ...good, source }]), []);
});

test("a célula mediana longa", async () => {
  const long = { ...good, source: Array(7).fill("1;").join("\n") };
  const problems = await check([{ ...long, id: "a" }, { ...long, id: "b" }, ...short(1)]);
  assert.deepEqual(problems.length, 1);
  assert.match(problems[0], /a célula mediana tem 7 linhas; o limite é 6/);
});

test("uma célula que confere fica marcada, e não faz mais nada", async () => {
  const source = 'claims({ "dois é par": 2 % 2 === 0 });';
  const marked = {
    ...good,
    source: `// conferido: dois é par\n${source}`,
    metadata: { jupyter: { source_hidden: true }, tags: ["conferido"] },
  };
  assert.deepEqual(await check([marked]), []);
  assert.match((await check([{ ...good, source }]))[0], /célula 1 fora do formato/);
  const mixed = { ...good, source: `const a = 1;\n${source}` };
  assert.match(
    (await check([mixed]))[0],
    /célula 1: uma célula que chama claims não faz mais nada/,
  );
});

test("metadados de outro kernel", async () => {
  const python = { ...METADATA, kernelspec: { name: "python3" } };
  assert.match((await check([good], python))[0], /os metadados não são os do kernel TypeScript/);
});

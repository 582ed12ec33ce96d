import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { execute, executedPath, keyPath } from "./execute.mjs";
import { root } from "./root.mjs";

let folder;
before(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache", "execute-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...sources) {
  return execute(notebookOf(sources));
}

function notebookOf(sources) {
  const cells = sources.map((source, i) => ({
    id: `c${i}`,
    cell_type: "code",
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  const path = join(folder, "teste.ipynb");
  const metadata = {
    kernelspec: { name: "caderno-typescript", display_name: "TypeScript", language: "typescript" },
  };
  writeFileSync(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

test("um caderno sem erro: ok, com tempo, memória e tensores", async () => {
  const { ok, cells, seconds, memory, tensors } = await run("const a = 20;", "", "a + 1;");
  assert.deepEqual([ok, cells, tensors], [true, 2, 0]);
  assert.ok(seconds > 0 && memory > 50e6);
  const executed = JSON.parse(readFileSync(executedPath(join(folder, "teste.ipynb")), "utf8"));
  assert.equal(executed.cells.length, 3);
  assert.equal([].concat(executed.cells[2].outputs[0].data["text/plain"]).join(""), "21");
});

test("--update-placar chega à lib, e o que sai dele não se guarda", async () => {
  const path = notebookOf([
    'import { ledgerUpdating } from "../../lib/datasets/files/ledgerFile";\nledgerUpdating();',
  ]);
  for (const updatePlacar of [true, false]) {
    await execute(path, undefined, { updatePlacar });
    const [cell] = JSON.parse(readFileSync(executedPath(path), "utf8")).cells;
    assert.equal([].concat(cell.outputs[0].data["text/plain"]).join(""), String(updatePlacar));
    assert.equal(existsSync(keyPath(path)), !updatePlacar);
  }
});

test("conta os tensores que ficaram", async () => {
  const { ok, tensors } = await run(
    'import { tf } from "../../lib/tensor";',
    "const t = tf.ones([2, 2]);",
  );
  assert.deepEqual([ok, tensors], [true, 1]);
});

for (const [name, source, message] of [
  ["exceção", 'throw new RangeError("fora do mapa");', /RangeError: fora do mapa/],
  [
    "asserção",
    'import assert from "node:assert/strict";\nassert(1 > 2, "a conta não fecha");',
    /a conta não fecha/,
  ],
  ["erro de tipo", 'const n: number = "um";', /TS2322|não é atribuível|not assignable/],
  ["promessa rejeitada sem await", 'void Promise.reject(new Error("esquecida"));', /esquecida/],
])
  test(`falha com célula e motivo: ${name}`, async () => {
    const result = await run("1 + 1;", source, "2 + 2;");
    assert.equal(result.ok, false);
    assert.equal(result.cell, 2);
    assert.match(result.error, message);
  });

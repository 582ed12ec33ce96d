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
};

async function check(cells, metadata = METADATA) {
  const folder = mkdtempSync(join(tmpdir(), "caderno-"));
  try {
    mkdirSync(join(folder, "notebooks"));
    const notebook = { cells, metadata };
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
  ["código que não é TypeScript", { source: "const = 1;" }, /célula 1 não é TypeScript válido/],
])
  test(name, async () => {
    const problems = await check([{ ...good, ...change }]);
    assert.equal(problems.length, 1);
    assert.match(problems[0], message);
  });

test("metadados de outro kernel", async () => {
  const python = { ...METADATA, kernelspec: { name: "python3" } };
  assert.match((await check([good], python))[0], /os metadados não são os do kernel TypeScript/);
});

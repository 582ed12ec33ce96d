import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { outputsKey } from "./key.mjs";
import { writeNotebook } from "./testing/fixtures.mjs";

// Um projeto pequeno: o capítulo 1 usa o modelo a, que usa a base; o 2 usa o modelo b e, por ele, a tabela dos resultados.

let root, sources;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "chave-"));
  write("lib/models/a.ts", 'import { base } from "../base";\nexport const a = base + 1;');
  write("lib/models/b.ts", 'export { score } from "../score";\nexport const b = 2;');
  write("lib/base.ts", "export const base = 1;");
  write("lib/score.ts", 'export const score = () => readData("results.json");');
  write("lib/other.ts", 'import { a } from "./models/a";\nexport const other = a;');
  write("data/results.json", "{}");
  write("data/README.md", "De onde vem results.json.");
  write("kernel/main.cjs", "start();");
  write("package-lock.json", "{}");
  write("tsconfig.json", "{}");
  sources = [
    notebook("notebooks/01-a.ipynb", 'import { a } from "../lib/models/a";\na;'),
    notebook("notebooks/02-b.ipynb", 'import { b } from "../lib/models/b";\nb;'),
  ];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function notebook(file, code, { text = "# Um capítulo", tags = [] } = {}) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  return writeNotebook(join(root, dirname(file)), file.split("/").at(-1), [
    { cell_type: "markdown", metadata: {}, source: text },
    { cell_type: "code", execution_count: null, metadata: { tags }, outputs: [], source: code },
  ]);
}

/** Os cadernos que teriam de executar de novo depois da mudança. */
function changedBy(change) {
  const keys = () => sources.map((source) => outputsKey(root, source));
  const before = keys();
  change();
  return keys()
    .map((key, i) => (key === before[i] ? 0 : i + 1))
    .filter(Boolean);
}

for (const [what, file, changed] of [
  ["um modelo: só o capítulo que o importa", "lib/models/a.ts", [1]],
  ["um módulo importado indiretamente", "lib/base.ts", [1]],
  ["um módulo que outro reexporta", "lib/score.ts", [2]],
  ["dados: só quem importa um módulo que os nomeia", "data/results.json", [2]],
  ["dados que ninguém nomeia", "data/other.csv", []],
  ["um módulo que nenhum capítulo importa", "lib/other.ts", []],
  ["um módulo novo", "lib/fresh.ts", []],
  ["um teste ao lado do modelo", "lib/models/a.test.ts", []],
  ["a explicação dos dados", "data/README.md", []],
  ["o README", "README.md", []],
  ["o que o leitor baixou", "data/cache/results.json", []],
  ["um teste do kernel", "kernel/tests/test_stop.py", []],
  ["o kernel", "kernel/main.cjs", [1, 2]],
  ["os pacotes", "package-lock.json", [1, 2]],
  ["o compilador", "tsconfig.json", [1, 2]],
  ["o motor", ".engine/engine.json", [1, 2]],
])
  test(`${what} (${file})`, () => {
    assert.deepEqual(
      changedBy(() => write(file, "export const changed = true;")),
      changed,
    );
  });

test("o código de um capítulo conta; o texto, não", () => {
  const code = 'import { a } from "../lib/models/a";\na;';
  assert.deepEqual(
    changedBy(() => notebook("notebooks/01-a.ipynb", `${code}\na + 1;`)),
    [1],
  );
  assert.deepEqual(
    changedBy(() => notebook("notebooks/01-a.ipynb", `${code}\na + 1;`, { text: "# Outro" })),
    [],
  );
});

test("a mudança desfeita devolve a chave de antes", () => {
  assert.deepEqual(
    changedBy(() => {
      write("lib/base.ts", "export const base = 2;");
      write("lib/base.ts", "export const base = 1;");
    }),
    [],
  );
});

for (const code of [
  'import type { A } from "../lib/base";',
  'import "../lib/base";',
  'export * from "../lib/base";',
  'const { base } = await import("../lib/base");',
  "const { base } = await import(`../lib/base`);",
  'const { base } = require("../lib/base.ts");',
  'const quote = /[`"]/g;\nconst text = `${require("../lib/base")}`;',
  'import { base } from "./lib/base";',
  'const once: import("../lib/base").Base = undefined;',
])
  test(`conta como import: ${code}`, () => {
    sources = [notebook("notebooks/01-a.ipynb", code)];
    assert.deepEqual(
      changedBy(() => write("lib/base.ts", "export const base = 3;")),
      [1],
    );
  });

test("um caderno de outra pasta, que importa a lib por ../../", () => {
  sources = [notebook(".cache/site-test/98-x.ipynb", 'import { a } from "../../lib/models/a";')];
  assert.deepEqual(
    changedBy(() => write("lib/base.ts", "export const base = 3;")),
    [1],
  );
});

test("módulos que se importam um ao outro", () => {
  write("lib/base.ts", 'import { a } from "./models/a";\nexport const base = () => a;');
  assert.deepEqual(
    changedBy(() => write("lib/models/a.ts", 'export { base } from "../base";')),
    [1],
  );
});

test("o motor que o leitor escolhe conta", () => {
  const before = process.env.CADERNO_ENGINE;
  try {
    assert.deepEqual(
      changedBy(() => (process.env.CADERNO_ENGINE = "wasm")),
      [1, 2],
    );
  } finally {
    if (before === undefined) delete process.env.CADERNO_ENGINE;
    else process.env.CADERNO_ENGINE = before;
  }
});

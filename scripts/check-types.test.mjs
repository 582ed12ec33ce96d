import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkTypes } from "./check-types.mjs";
import { root } from "./root.mjs";

const require = createRequire(import.meta.url);
const ts = require("typescript");
let folder;

before(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache", "tipos é "));
  mkdirSync(join(folder, "lib"));
  mkdirSync(join(folder, "notebooks"));
  cpSync(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "lib", "double.ts"), "export const double = (x: number) => 2 * x;\n");
});
after(() => rmSync(folder, { recursive: true, force: true }));

function check(...cells) {
  const notebook = {
    cells: [
      { cell_type: "markdown", source: "# Título" },
      ...cells.map((source) => ({ cell_type: "code", source })),
    ],
  };
  writeFileSync(join(folder, "notebooks", "01-teste.ipynb"), JSON.stringify(notebook));
  return checkTypes(folder, ts);
}

test("aceita o que o kernel aceita: imports repetidos, redeclaração e await no topo", () => {
  const problems = check(
    'import { double } from "../lib/double";\nconst x = double(2);',
    'import { double } from "../lib/double";\nconst x = String(double(3));\nx.length;',
    "const later = await Promise.resolve(x);\nlater.toUpperCase();",
  );
  assert.deepEqual(problems, []);
});

test("diz o caderno, a célula, a linha e a coluna", () => {
  const problems = check(
    "const a = 1;",
    'import { double } from "../lib/double";\nconst b = a;\ndouble("dois");',
  );
  assert.equal(problems.length, 1);
  assert.match(problems[0], /^notebooks\/01-teste\.ipynb, célula 2, linha 3:8 TS2345: /);
});

test("é tão rigoroso quanto com a lib: any implícito, nulo possível e nome que não existe", () => {
  const problems = check(
    "const f = (x) => x;",
    "const find = (): string | undefined => undefined;\nfind().length;",
    "missing;",
    "document;",
  );
  assert.deepEqual(
    problems.map((text) => /célula (\d).*(TS\d+)/.exec(text).slice(1).join(" ")),
    ["1 TS7006", "2 TS2532", "3 TS2304", "4 TS2584"],
  );
});

test("aponta o import que não existe", () => {
  const problems = check('import { triple } from "../lib/double";', 'import "../lib/nada";');
  assert.match(problems[0], /célula 1, linha 1:1?.* TS2305/);
});

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { checkNotebooks } from "./check-notebooks.mjs";
import { checkTypes } from "./check-types.mjs";
import { cellFormatter } from "./format-cells.mjs";
import { root } from "./root.mjs";
import { reportProblems, runNodeTests, runStages } from "./stages.mjs";

const require = createRequire(import.meta.url);

/** Formatação, tipos e testes de unidade: a parte rápida de `npm test`. */
export const checkStages = [
  ["Formatação", () => reportProblems(checkFormat())],
  [
    "Cadernos sem saída, curtos e formatados",
    async () => reportProblems(await checkNotebooks(root, await cellFormatter(root))),
  ],
  [
    "Tipos da lib e de cada célula (TypeScript do editor)",
    () => reportProblems(checkTypes(root, require("typescript"))),
  ],
  [
    "Tipos da lib e de cada célula (TypeScript do kernel)",
    () => reportProblems(checkTypes(root, kernelTypeScript())),
  ],
  ["Testes de unidade", () => runNodeTests(root, unitTests())],
];

/** `npm run check`. */
export async function main() {
  const { failed } = await runStages(checkStages);
  return failed > 0 ? 1 : 0;
}

// O tslab traz o próprio TypeScript, mais antigo: o que o editor aceita e ele não, quebraria no caderno.
const kernelTypeScript = () =>
  require(require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab")] }));

function checkFormat() {
  const prettier = join(root, "node_modules/prettier/bin/prettier.cjs");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [prettier, "--list-different", "."],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  if (status === 0) return [];
  return [
    ...stdout
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((file) => `${file}: fora do formato; rode npm run format`),
    stderr.trim(),
  ].filter(Boolean);
}

/** Testes da lib e dos scripts; os que precisam do kernel ou de um navegador (*.slow.test.mjs) ficam com `npm test`. */
function unitTests() {
  return ["lib", "scripts"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.test\.(ts|mjs)$/.test(name) && !name.includes(".slow."))
      .map((name) => join(folder, name)),
  );
}

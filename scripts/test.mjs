import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkStages } from "./check.mjs";
import { execute } from "./execute.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { jupyterEnv, venvPython } from "./setup/jupyter.mjs";
import { runNodeTests, runPytest, runStages } from "./stages.mjs";

/** `npm test`: tudo. A última linha soma os testes de todas as etapas. */
export async function main() {
  const { passed, failed, skipped } = await runStages([
    ...checkStages,
    [
      "Kernel: conformidade e casos próprios",
      () => runPytest(root, venvPython(root), ["kernel/tests"], jupyterEnv(root)),
    ],
    ["Cadernos executados pelo kernel real", executeAll],
    [
      "Comandos e JupyterLab no Chromium",
      () => runNodeTests(root, slowTests(), { concurrency: 1 }),
    ],
  ]);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : 0;
}

/** Os testes que precisam do kernel ou de um navegador. */
const slowTests = () =>
  ["kernel", "lib", "scripts"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith(".slow.test.mjs"))
      .map((name) => join(folder, name)),
  );

async function executeAll() {
  const results = [];
  for (const name of listNotebooks(root))
    results.push(await execute(join(root, "notebooks", name)));
  const failed = results.filter(({ ok }) => !ok).length;
  return { passed: results.length - failed, failed };
}

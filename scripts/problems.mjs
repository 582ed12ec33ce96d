import { once } from "node:events";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { checkGlossary } from "./check-glossary.mjs";
import { checkNotebooks } from "./check-notebooks.mjs";
import { checkTypes } from "./check-types.mjs";
import { cellFormatter } from "./format-cells.mjs";
import { root } from "./root.mjs";

const require = createRequire(import.meta.url);

/** As verificações que não são testes: cada uma devolve uma lista de problemas, vazia se está tudo certo. */
const checks = {
  format: checkFormat,
  notebooks: async () => checkNotebooks(root, await cellFormatter(root)),
  glossary: async () => checkGlossary(root),
  editorTypes: () => checkTypes(root, require("typescript")),
  kernelTypes: () => checkTypes(root, kernelTypeScript()),
};

// O tslab traz o próprio TypeScript, mais antigo: o que o editor aceita e ele não, quebraria no caderno.
const kernelTypeScript = () =>
  require(require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab")] }));

function checkFormat() {
  const prettier = join(root, "node_modules/prettier/bin/prettier.cjs");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [prettier, "--list-different", "."],
    { cwd: root, encoding: "utf8" },
  );
  if (status === 0) return [];
  const files = stdout.trim().split("\n").filter(Boolean);
  return [
    ...files.map((file) => `${file}: fora do formato; rode npm run format`),
    stderr.trim(),
  ].filter(Boolean);
}

/** Uma etapa: faz a verificação numa linha de execução à parte, para que outra etapa ande ao mesmo tempo, e mostra os problemas. */
export const findProblems = (check) => async (print) => {
  const worker = new Worker(new URL(import.meta.url), { workerData: check });
  const [problems] = await once(worker, "message");
  for (const problem of problems) print(`${problem}\n`);
  return { passed: problems.length === 0 ? 1 : 0, failed: problems.length };
};

if (!isMainThread && workerData in checks) parentPort.postMessage(await checks[workerData]());

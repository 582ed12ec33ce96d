import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { readings, unitTests } from "./check.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { jupyterEnv, venvPython } from "./setup/jupyter.mjs";
import { createLog } from "./setup/log.mjs";
import { executeIfChanged } from "./site/executed.mjs";
import { runNodeTests, runPytest, runStages, timeTable, totals, twoAtOnce } from "./stages.mjs";

/** `npm test`: tudo. No fim, o tempo de cada etapa; a última linha soma os testes. */
export async function main() {
  const start = performance.now() / 1000; // desde que o programa começou
  const setUp = { title: "Instalação do que faltava", start: 0, seconds: start };
  const results = await runStages([
    // Os testes do kernel esperam mais do que calculam, e sobra processador para os outros.
    [kernelTests, ...readings, unitTests(1)],
    [notebooks],
    slowTests(),
  ]);
  console.log(`\n── Tempo\n${timeTable([{ ...setUp, failed: 0 }, ...results])}`);
  console.log(`\n${totals(results)}`);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

const kernelTests = {
  title: "Kernel: conformidade e casos próprios",
  run: (print) => runPytest(print, root, venvPython(root), ["kernel/tests"], jupyterEnv(root)),
};

const notebooks = {
  title: "Cadernos executados pelo kernel real, dois de cada vez (sozinho, cada um leva menos)",
  async run(print) {
    const sources = listNotebooks(root).map((name) => join(root, "notebooks", name));
    const log = createLog({ write: print });
    const results = await twoAtOnce(sources, (source) => executeIfChanged(source, log));
    const failed = results.filter(({ ok }) => !ok).length;
    return { passed: results.length - failed, failed };
  },
};

/** Os testes que precisam do kernel ou de um navegador, um arquivo por etapa; o do site, que é o mais longo, começa primeiro. */
function slowTests() {
  const files = ["scripts", "kernel", "lib"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.slow\.test\.(ts|mjs)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const first = (file) => (basename(file) === "site.slow.test.mjs" ? 0 : 1);
  return files
    .sort((a, b) => first(a) - first(b))
    .map((file) => ({
      title: file,
      run: (print) => runNodeTests(print, root, [file], { concurrency: 1 }),
    }));
}

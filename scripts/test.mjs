import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { readings, unitTests } from "./check.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { jupyterEnv, venvPython } from "./setup/jupyter.mjs";
import { createLog } from "./setup/log.mjs";
import { executeIfChanged } from "./site/executed.mjs";
import { runNodeTests, runPytest, runStages, timeTable, totals } from "./stages.mjs";

/** `npm test`: tudo. No fim, o tempo de cada etapa; a última linha soma os testes. */
export async function main() {
  const start = performance.now() / 1000; // desde que o programa começou
  const setUp = { title: "Instalação do que faltava", start: 0, seconds: start };
  const results = await runStages([
    // Os testes do kernel esperam mais do que calculam, e sobra processador para os outros.
    [kernelTests, ...readings, unitTests(1)],
    [...listNotebooks(root).map(notebook), ...slowTests((name) => !SHOWING.includes(name))],
    slowTests((name) => SHOWING.includes(name)),
  ]);
  console.log(`\n── Tempo\n${timeTable([{ ...setUp, failed: 0 }, ...results])}`);
  console.log(`\n${totals(results)}`);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

const kernelTests = {
  title: "Kernel: conformidade e casos próprios",
  run: (print) => runPytest(print, root, venvPython(root), ["kernel/tests"], jupyterEnv(root)),
};

/** Um caderno executado pelo kernel real, se mudou algo de que as saídas guardadas dependem. */
const notebook = (name) => ({
  title: name,
  async run(print) {
    const log = createLog({ write: print });
    const { ok } = await executeIfChanged(join(root, "notebooks", name), log);
    return { passed: Number(ok), failed: Number(!ok) };
  },
});

/** Os testes que mostram cadernos já executados; o do site, o mais longo, começa primeiro. */
const SHOWING = ["site.slow.test.mjs", "jupyterlab.slow.test.mjs", "lab-export.slow.test.mjs"];

/** Os testes que precisam do kernel ou de um navegador, um arquivo por etapa. */
function slowTests(isWanted) {
  const files = ["scripts", "kernel", "lib"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.slow\.test\.(ts|mjs)$/.test(name) && isWanted(basename(name)))
      .map((name) => join(folder, name)),
  );
  const order = (file) => SHOWING.indexOf(basename(file));
  return files
    .sort((a, b) => order(a) - order(b))
    .map((file) => ({
      title: file,
      run: (print) => runNodeTests(print, root, [file], { concurrency: 1 }),
    }));
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KERNEL } from "../scripts/setup/jupyter.mjs";
import { isolatedEnv } from "../scripts/setup/venv.mjs";

/** Um kernel, iniciado e interrogado pelo jupyter_client dos concorrentes, na pasta dos cadernos. */
const kernel = (name, spec) => ({
  name,
  program: ({ root, folder, python }) => ({
    command: python,
    args: [join(root, "bench", "kernel.py"), spec],
    env: { ...isolatedEnv(), JUPYTER_PATH: jupyterPath(root, folder), TF_CPP_MIN_LOG_LEVEL: "2" },
    cwd: join(root, "notebooks"),
  }),
});

/** O nosso kernelspec é o do .venv; o do tslab sem modificação é feito na pasta de trabalho. */
function jupyterPath(root, folder) {
  const spec = join(folder, "jupyter", "kernels", "tslab");
  mkdirSync(spec, { recursive: true });
  const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
  const argv = [process.execPath, tslab, "kernel", "--config-path={connection_file}"];
  const content = { argv, display_name: "tslab", language: "typescript" };
  writeFileSync(join(spec, "kernel.json"), JSON.stringify(content));
  const separator = process.platform === "win32" ? ";" : ":";
  return [join(folder, "jupyter"), join(root, ".venv", "share", "jupyter")].join(separator);
}

const [ipykernel, tslab] = ["ipykernel", "tslab"];

export default {
  title: "Kernel",
  sides: [kernel("caderno", KERNEL), kernel(ipykernel, "python3"), kernel(tslab, tslab)],
  cases: [
    {
      name: "start",
      label: "do início ao primeiro resultado",
      aims: { [ipykernel]: 2 },
      tolerance: 0,
    },
    { name: "cell", label: "célula trivial", tolerance: 0 },
    {
      name: "tfjs",
      label: "célula trivial, com tfjs importado",
      aims: { [ipykernel]: 2 },
      tolerance: 0,
    },
  ],
  rounds: 5,
};

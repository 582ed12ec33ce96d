import { spawn } from "node:child_process";
import { root } from "./root.mjs";
import { jupyterEnv, venvPython } from "./setup/jupyter.mjs";

const FIRST = "/lab/tree/notebooks/00-comece-aqui.ipynb";

/** `npm start`: abre o JupyterLab; o que vier depois de `--` vai para ele. */
export async function main(args) {
  console.log(
    "Abrindo o JupyterLab no navegador. Se ele não abrir, copie para lá o endereço que começa com",
  );
  console.log("http://127.0.0.1 e aparece abaixo. Para encerrar: Ctrl+C aqui.");
  return runJupyterLab(args);
}

/** Roda o JupyterLab até o fim; devolve o código de saída dele. */
function runJupyterLab(args) {
  const child = spawn(venvPython(root), jupyterArguments(args), {
    cwd: root,
    env: jupyterEnv(root),
    stdio: "inherit",
  });
  // Ctrl+C chega aos dois processos: este espera que o JupyterLab encerre os kernels. Um kill só a este é repassado.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/** Os argumentos do JupyterLab; o administrador (dentro de um contêiner, por exemplo) precisa dizer que é. */
export function jupyterArguments(args, isAdministrator = process.getuid?.() === 0) {
  const own = ["-m", "jupyterlab", `--ServerApp.root_dir=${root}`, `--LabApp.default_url=${FIRST}`];
  if (isAdministrator) own.push("--allow-root");
  return [...own, ...args];
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";
import { platform } from "./setup/engine-files.mjs";
import { engineReady, provedVersion, readStamp } from "./setup/engine.mjs";
import { jupyterEnv, jupyterFilesReady, venvPython } from "./setup/jupyter.mjs";
import { npmReady } from "./setup/npm.mjs";
import { findPython } from "./setup/python.mjs";
import { venvReady } from "./setup/venv.mjs";

const INSTALL = "rode npm start";

/** `npm run doctor`: o que está instalado, o que falta e o que fazer. Não muda nada. */
export async function main() {
  console.log(`Caderno de IA Generativa, em ${root}\n`);
  const missing = CHECKS.filter((check) => !report(check)).length;
  console.log(
    missing === 0
      ? "\nTudo certo: npm start abre o JupyterLab."
      : `\n${missing} ${missing === 1 ? "problema" : "problemas"}; comece pelo primeiro.`,
  );
  return missing > 0 ? 1 : 0;
}

/** Mostra uma linha: o que a verificação achou, ou a falha e o que fazer. */
function report([title, check]) {
  try {
    console.log(`✔ ${title.padEnd(14)} ${check()}`);
    return true;
  } catch (error) {
    const [message, ...rest] = [error.message, error.next].filter(Boolean).join("\n").split("\n");
    console.log(`✖ ${title.padEnd(14)} ${message}`);
    for (const line of rest) console.log(`  ${" ".repeat(14)} ${line}`);
    return false;
  }
}

/** [título, função que devolve o que achou ou lança um erro com o que fazer]. */
const CHECKS = [
  ["Máquina", machine],
  ["Disco", disk],
  ["Node", () => `${process.version} (${process.execPath})`],
  ["Python", () => (({ version, path }) => `${version.join(".")} (${path})`)(findPython())],
  ["Pacotes npm", () => need(npmReady(root), "instalados", "faltam ou são de outra versão")],
  ["JupyterLab", jupyterLab],
  [
    "Kernelspec",
    () => need(jupyterFilesReady(root), "no .venv", "falta ou aponta para outro lugar"),
  ],
  ["Kernel", kernel],
  ["Motor", engine],
];

function need(ok, found, problem) {
  if (ok) return found;
  throw problemWith(problem, INSTALL);
}

const problemWith = (message, next) => Object.assign(new Error(message), { next });

const gigabytes = (bytes) =>
  `${(bytes / 1e9).toLocaleString("pt-BR", { maximumFractionDigits: 1 })} GB`;

function machine() {
  return `${platform}, ${availableParallelism()} núcleos, ${gigabytes(totalmem())} de memória`;
}

function disk() {
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const installed = npmReady(root) && venvReady(root) && engineReady(root);
  if (free > (installed ? 0.2e9 : 2.5e9)) return `${gigabytes(free)} livres`;
  throw problemWith(
    `só ${gigabytes(free)} livres`,
    `libere espaço${installed ? "" : " (a instalação precisa de 2,5 GB)"}`,
  );
}

function jupyterLab() {
  need(existsSync(venvPython(root)), "", "falta o .venv");
  const { status, stdout } = spawnSync(venvPython(root), ["-m", "jupyterlab", "--version"], {
    env: jupyterEnv(root),
    encoding: "utf8",
  });
  need(status === 0, "", "o .venv não funciona");
  return need(
    venvReady(root),
    stdout.trim(),
    `${stdout.trim()}, mas o .venv é de outra versão do projeto`,
  );
}

/** Um kernel de verdade, que responde a uma célula. */
function kernel() {
  need(existsSync(venvPython(root)), "", "falta o .venv");
  const runtime = mkdtempSync(join(tmpdir(), "caderno-"));
  try {
    const { status, stdout, stderr } = spawnSync(
      venvPython(root),
      ["-W", "ignore", join(root, "scripts", "doctor_kernel.py")],
      {
        cwd: root,
        env: { ...jupyterEnv(root), JUPYTER_RUNTIME_DIR: runtime },
        encoding: "utf8",
        timeout: 120_000,
      },
    );
    if (status === 0) return stdout.trim();
    throw problemWith(`não respondeu a uma célula: ${errorLine(stderr || stdout)}`, INSTALL);
  } finally {
    rmSync(runtime, { recursive: true, force: true });
  }
}

/** A linha que diz o erro, num texto com pilhas de chamadas; com CADERNO_DEBUG=1, o texto todo. */
function errorLine(text) {
  const lines = text.trim().split("\n");
  if (process.env.CADERNO_DEBUG) return lines.join("\n");
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
}

/** O motor instalado, num processo à parte, dá um passo de treino. */
function engine() {
  need(engineReady(root), "", "falta, ou mudou desde que foi instalado");
  const name = process.env.CADERNO_ENGINE === "wasm" ? "wasm" : readStamp(root).engine;
  const kind = name === "wasm" ? "wasm" : "native";
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "scripts", "setup", "engine-proof.cjs"), kind],
    {
      cwd: root,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" },
      encoding: "utf8",
      timeout: 120_000,
    },
  );
  if (status !== 0)
    throw problemWith(
      `não deu um passo de treino: ${stderr.trim()}`,
      `apague .engine e ${INSTALL}`,
    );
  const seconds = ((performance.now() - begin) / 1000).toLocaleString("pt-BR", {
    maximumFractionDigits: 1,
  });
  const version = provedVersion(stdout);
  if (kind === "native") return `TensorFlow ${version} nativo (um passo de treino em ${seconds} s)`;
  return `TensorFlow.js ${version} em WebAssembly, mais lento (um passo em ${seconds} s); para tentar o nativo: apague .engine e ${INSTALL}`;
}

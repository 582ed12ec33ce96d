// Instala o que falta, em ordem. Cada passo sabe se já está pronto, e o que já está não se repete.
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { noPermission } from "../errors.mjs";
import { bytesOf, engineFolder, removeFolder, removeOrphans, workFolder } from "./engine-files.mjs";
import { engineReady, installEngine } from "./engine.mjs";
import { jupyterFilesReady, venvPython, writeJupyterFiles } from "./jupyter.mjs";
import { withLock } from "./lock.mjs";
import { createLog, duration } from "./log.mjs";
import { installNpm, npmReady } from "./npm.mjs";
import { findPython } from "./python.mjs";
import { extraReady, followMove, installExtra, installVenv, venvReady } from "./venv.mjs";

/** Um passo: [título ou null, está pronto?, instala]. */
const STEPS = [
  ["Pacotes npm", npmReady, installNpm],
  ["JupyterLab, num ambiente Python só deste projeto (.venv)", venvReady, installVenv],
  [null, jupyterFilesReady, prepareJupyter],
  [
    "Motor de cálculo",
    engineReady,
    ({ root, log }) => installEngine({ root, python: venvPython(root), log }),
  ],
];
const EXTRA_STEPS = {
  site: ["Ferramentas do site", ...extra("site")],
  test: ["Ferramentas de teste", ...extra("test")],
};

function extra(name) {
  return [(root) => extraReady(root, name), (context) => installExtra(name, context)];
}

function prepareJupyter({ root }) {
  followMove(root);
  writeJupyterFiles(root);
}

/**
 * Deixa o projeto pronto para rodar. Com tudo no lugar, volta em milissegundos; interrompida, continua na vez
 * seguinte; duas ao mesmo tempo, a segunda espera. `extras`: também o que só o site ("site") ou os testes ("test") usam.
 */
export async function setup({ root, extras = [], log = createLog() }) {
  const steps = [...STEPS, ...extras.map((name) => EXTRA_STEPS[name])];
  if (steps.every(([, ready]) => ready(root))) return;
  requireWritable(root);
  if (!venvReady(root)) findPython(); // melhor saber agora do que depois de baixar os pacotes
  await withLock(lockFile(root), () => interruptible(log, () => installMissing(root, steps, log)), {
    onWait: (pid) =>
      log(`Outra instalação está em andamento (processo ${pid}); espero que termine…`),
  });
}

const lockFile = (root) => join(root, ".cache", "setup.lock");

async function installMissing(root, steps, log) {
  const started = performance.now();
  const work = workFolder(join(root, ".cache", "setup"));
  removeOrphans(engineFolder(root));
  let installed = 0;
  try {
    for (const [title, ready, install] of steps) {
      if (ready(root)) continue;
      if (title && installed++ === 0)
        log(
          "Instalo o que falta, só dentro desta pasta (na primeira vez, uns 400 MB para baixar):",
        );
      if (title) log(`── ${title}`);
      const begin = performance.now();
      await install({ root, work, log });
      if (title) log(`   pronto em ${duration((performance.now() - begin) / 1000)}`);
    }
  } finally {
    log.clear();
    removeFolder(work);
  }
  if (installed === 0) return;
  const seconds = (performance.now() - started) / 1000;
  log(`Tudo instalado em ${duration(seconds)}; a instalação ocupa ${gigabytes(root)} GB.\n`);
}

const gigabytes = (root) =>
  ["node_modules", ".venv", ".engine"]
    .reduce((sum, name) => sum + bytesOf(join(root, name)) / 1e9, 0)
    .toLocaleString("pt-BR", { maximumFractionDigits: 2 });

/** Ctrl+C no meio: diz que dá para continuar, e os programas que instalavam terminam junto (evento exit). */
async function interruptible(log, work) {
  const stop = (signal) => {
    log("\nInterrompido. Para continuar, rode o mesmo comando.");
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Antes de começar, e não no meio: dá para escrever aqui? */
function requireWritable(root) {
  const folders = [".", ".cache", ".engine", ".jupyter", ".venv", "node_modules"].map((name) =>
    join(root, name),
  );
  for (const folder of folders.filter((path) => existsSync(path))) {
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw noPermission(folder);
    }
  }
}

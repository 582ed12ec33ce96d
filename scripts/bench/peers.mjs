// Os concorrentes em Python, em um ambiente só deles: `npm run bench -- --install`. O projeto não os usa.
import { join } from "node:path";
import { UserError } from "../errors.mjs";
import { lastLine, pythonChild, removeFolder, requireDisk, run } from "../setup/engine-files.mjs";
import { explainPip } from "../setup/explain.mjs";
import { findPython } from "../setup/python.mjs";
import { fingerprint, readJson, writeJson } from "../setup/stamp.mjs";
import { isolatedEnv, pipProgress } from "../setup/venv.mjs";

const BYTES = 400e6;

const folderOf = (root) => join(root, ".cache", "bench-venv");
const stampFile = (root) => join(folderOf(root), "caderno.json");
const list = (root) => join(root, "bench", "requirements.txt");

/** O Python dos concorrentes. */
export const peersPython = (root) =>
  join(folderOf(root), process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Estão instalados, nas versões de bench/requirements.txt, nesta pasta? */
export function peersReady(root) {
  const stamp = readJson(stampFile(root));
  return stamp?.root === root && stamp.packages === fingerprint(list(root));
}

/** Para, e diz o que fazer, se os concorrentes não estão instalados. */
export function requirePeers(root) {
  if (peersReady(root)) return;
  throw new UserError(
    "Os concorrentes (numpy, scikit-learn e ipykernel) não estão instalados, ou são de outra versão.",
    "Rode npm run bench -- --install: eles ficam em .cache/bench-venv, uns 300 MB, e só este comando os usa.",
  );
}

/** Instala os concorrentes; o carimbo é escrito por último. */
export async function installPeers({ root, log }) {
  if (peersReady(root)) return log("Os concorrentes já estão instalados.");
  requireDisk(root, BYTES);
  const python = findPython();
  log(`Concorrentes, em .cache/bench-venv, com o Python ${python.version.join(".")}`);
  removeFolder(folderOf(root));
  const options = { cwd: root, env: isolatedEnv() };
  const created = await run(python.path, pythonChild("venv", folderOf(root)), options);
  if (created.code !== 0)
    throw new UserError(`O Python não criou o ambiente: ${lastLine(created.output)}`);
  const pip = ["pip", "install", "--no-deps", "--disable-pip-version-check", "--no-input"];
  const quiet = ["--progress-bar=off", "--only-binary=:all:"];
  const installed = await run(peersPython(root), pythonChild(...pip, ...quiet, "-r", list(root)), {
    ...options,
    watch(output) {
      const line = pipProgress(output);
      if (line) log.progress(`  ${line}`);
    },
  });
  log.clear();
  if (installed.code !== 0) throw explainPip(installed.output, "os concorrentes");
  writeJson(stampFile(root), { root, packages: fingerprint(list(root)) });
  log("  prontos");
}

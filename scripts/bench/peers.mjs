// Os concorrentes em Python, em um ambiente só deles: `npm run bench -- --install`. O projeto não os usa.
import { join } from "node:path";
import { UserError } from "../errors.mjs";
import { lastLine, pythonChild, removeFolder, requireDisk, run } from "../setup/engine-files.mjs";
import { explainPip } from "../setup/explain.mjs";
import { findPython } from "../setup/python.mjs";
import { fingerprint, readJson, writeJson } from "../setup/stamp.mjs";
import { isolatedEnv, pipProgress } from "../setup/venv.mjs";

/** Os ambientes: os pacotes de bench/requirements.txt, e os de bench/requirements-training.txt, bem maiores. */
const LISTS = {
  requirements: {
    folder: "bench-venv",
    bytes: 400e6,
    what: "numpy, scikit-learn e ipykernel",
    size: "uns 300 MB",
  },
  "requirements-training": {
    folder: "bench-training-venv",
    bytes: 9e9, // com os arquivos baixados
    what: "PyTorch e Keras",
    size: "uns 5 GB no Linux, porque o PyTorch vem com as bibliotecas de CUDA",
  },
};

const folderOf = (root, list) => join(root, ".cache", LISTS[list].folder);
const stampFile = (root, list) => join(folderOf(root, list), "caderno.json");
const listFile = (root, list) => join(root, "bench", `${list}.txt`);

/** O Python dos concorrentes. */
export const peersPython = (root, list = "requirements") =>
  join(folderOf(root, list), process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Estão instalados, nas versões da lista, nesta pasta? */
export function peersReady(root, list = "requirements") {
  const stamp = readJson(stampFile(root, list));
  return stamp?.root === root && stamp.packages === fingerprint(listFile(root, list));
}

/** Para, e diz o que fazer, se os concorrentes não estão instalados. */
export function requirePeers(root, list = "requirements") {
  if (peersReady(root, list)) return;
  const { folder, what, size } = LISTS[list];
  throw new UserError(
    `Os concorrentes (${what}) não estão instalados, ou são de outra versão.`,
    `Rode npm run bench -- --install: eles ficam em .cache/${folder}, ${size}, e só este comando os usa.`,
  );
}

/** Instala os concorrentes; o carimbo é escrito por último. */
export async function installPeers({ root, log, list = "requirements" }) {
  const { folder, bytes, what } = LISTS[list];
  if (peersReady(root, list)) return log(`Os concorrentes (${what}) já estão instalados.`);
  requireDisk(root, bytes);
  const python = findPython();
  log(`Concorrentes (${what}), em .cache/${folder}, com o Python ${python.version.join(".")}`);
  removeFolder(folderOf(root, list));
  const options = { cwd: root, env: isolatedEnv() };
  const created = await run(python.path, pythonChild("venv", folderOf(root, list)), options);
  if (created.code !== 0)
    throw new UserError(`O Python não criou o ambiente: ${lastLine(created.output)}`);
  const pip = ["pip", "install", "--no-deps", "--disable-pip-version-check", "--no-input"];
  const quiet = ["--progress-bar=off", "--only-binary=:all:"];
  const installed = await run(
    peersPython(root, list),
    pythonChild(...pip, ...quiet, "-r", listFile(root, list)),
    {
      ...options,
      watch(output) {
        const line = pipProgress(output);
        if (line) log.progress(`  ${line}`);
      },
    },
  );
  log.clear();
  if (installed.code !== 0) throw explainPip(installed.output, "os concorrentes");
  writeJson(stampFile(root, list), { root, packages: fingerprint(listFile(root, list)) });
  log("  prontos");
}

// O .venv: um ambiente Python só deste projeto, com o JupyterLab. Montado à parte e posto no lugar quando inteiro.
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.mjs";
import { lastLine, pythonChild, requireDisk, run } from "./engine-files.mjs";
import { explainPip } from "./explain.mjs";
import { replaceFolder } from "./npm.mjs";
import { findPython } from "./python.mjs";
import { relocateVenv } from "./relocate.mjs";
import { fingerprint, readJson, writeJson } from "./stamp.mjs";

const BYTES = 450e6;

const windows = process.platform === "win32";
const folderOf = (root) => join(root, ".venv");
const stampFile = (root) => join(folderOf(root), "caderno.json");
const mainList = (root) => join(root, "requirements.txt");

/** O que só alguns comandos usam: lista, carimbo, espaço em disco e do que reclamar se não vier. */
const EXTRAS = {
  test: {
    list: "requirements-test.txt",
    stamp: "caderno-testes.json",
    bytes: 30e6,
    what: "o pytest",
  },
  site: {
    list: "requirements-site.txt",
    stamp: "caderno-site.json",
    bytes: 200e6,
    what: "o Sphinx",
  },
};

const pythonIn = (venv) => join(venv, windows ? "Scripts/python.exe" : "bin/python");

/** O Python do projeto. */
export const venvPython = (root) => pythonIn(folderOf(root));

/** Onde ficam os pacotes dele. */
export function sitePackages(root) {
  if (windows) return join(folderOf(root), "Lib", "site-packages");
  const lib = join(folderOf(root), "lib");
  const versions = existsSync(lib) ? readdirSync(lib) : [];
  return join(lib, versions.find((name) => /^python3/.test(name)) ?? "python3", "site-packages");
}

/** Variáveis de um Python que só vê o próprio ambiente, seja como for que a máquina esteja configurada. */
export const isolatedEnv = () => ({
  ...process.env,
  PYTHONPATH: undefined,
  PYTHONHOME: undefined,
  VIRTUAL_ENV: undefined,
  PIP_TARGET: undefined,
  PIP_PREFIX: undefined,
  PIP_ROOT: undefined,
  PIP_USER: "0",
  PIP_REQUIRE_VIRTUALENV: "0",
  PYTHONNOUSERSITE: "1",
  PYTHONUTF8: "1",
});

/** Está inteiro, com as versões de requirements.txt, sobre um Python que continua na máquina? */
export function venvReady(root) {
  const stamp = readJson(stampFile(root));
  return (
    stamp?.packages === fingerprint(mainList(root)) && stamp.base === basePython(folderOf(root))
  );
}

/** E com o que só os testes ("test") ou o site ("site") usam? */
export function extraReady(root, name) {
  const { list, stamp } = EXTRAS[name];
  return readJson(join(folderOf(root), stamp))?.packages === fingerprint(join(root, list));
}

/** De que Python o ambiente é feito: muda quando o sistema troca o 3.11 pelo 3.12; `null` se ele sumiu. */
function basePython(venv) {
  try {
    const home = /^home\s*=\s*(.+)$/m
      .exec(readFileSync(join(venv, "pyvenv.cfg"), "utf8"))[1]
      .trim();
    if (!existsSync(home)) return null;
    return realpathSync(pythonIn(venv)) === pythonIn(realpathSync(venv))
      ? home
      : realpathSync(pythonIn(venv));
  } catch {
    return null;
  }
}

/** Cria o ambiente e instala as versões fixadas em requirements.txt. */
export async function installVenv({ root, work, log }) {
  requireDisk(root, BYTES);
  const python = findPython();
  log(`  Python ${python.version.join(".")} (${python.path})`);
  const venv = join(work, "venv");
  const created = await run(python.path, pythonChild("venv", venv), {
    cwd: work,
    env: isolatedEnv(),
  });
  if (created.code !== 0) throw explainVenv(created.output);
  await pip(pythonIn(venv), ["-r", mainList(root)], { cwd: work, log, what: "o JupyterLab" });
  writeJson(join(venv, "caderno.json"), {
    root,
    packages: fingerprint(mainList(root)),
    base: basePython(venv),
  });
  relocateVenv(venv, venv, folderOf(root));
  replaceFolder(folderOf(root), venv, join(work, "venv-antigo"));
}

/** Acrescenta ao ambiente o que só os testes ou o site usam. */
export async function installExtra(name, { root, work, log }) {
  const { list, stamp, bytes, what } = EXTRAS[name];
  requireDisk(root, bytes);
  // --ignore-installed: o que uma vez anterior deixou pela metade é escrito por cima.
  await pip(venvPython(root), ["--ignore-installed", "-r", join(root, list)], {
    cwd: work,
    log,
    what,
  });
  writeJson(join(folderOf(root), stamp), { packages: fingerprint(join(root, list)) });
}

/** A pasta do projeto mudou de lugar: os programas do ambiente guardam o caminho antigo. */
export function followMove(root) {
  const stamp = readJson(stampFile(root));
  if (!stamp || stamp.root === root) return;
  relocateVenv(folderOf(root), join(stamp.root, ".venv"), folderOf(root));
  writeJson(stampFile(root), { ...stamp, root });
}

function explainVenv(output) {
  const known = explainPip(output, "o pip");
  if (!/^O pip não instalou/.test(known.message)) return known;
  return new UserError(
    `O Python não criou o ambiente .venv: ${lastLine(output)}`,
    "No Debian e no Ubuntu: sudo apt install python3-venv. Depois rode de novo.",
  );
}

/** `pip install` só do que está na lista, que já é completa. */
async function pip(python, args, { cwd, log, what }) {
  const quiet = [
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar=off",
    "--no-warn-script-location",
  ];
  const network = ["--retries=4", "--timeout=20"];
  const result = await run(
    python,
    pythonChild("pip", "install", "--no-deps", ...quiet, ...network, ...args),
    {
      cwd,
      env: { ...isolatedEnv(), TMPDIR: cwd },
      watch: (output) => {
        const line = pipProgress(output);
        if (line) log.progress(`  ${line}`);
      },
    },
  );
  if (result.code !== 0) throw explainPip(result.output, what);
}

/** A última coisa que o pip disse que faz, em português. */
export function pipProgress(output) {
  const [, verb, name, size] =
    [
      ...output.matchAll(
        /^\s*(Collecting|Downloading|Using cached|Installing collected) (\S+)(?: \(([^)]+)\))?/gm,
      ),
    ].at(-1) ?? [];
  if (!verb) return null;
  if (verb === "Installing collected") return "instalando os pacotes baixados";
  const shown = name.replace(/[=-]+\d.*$/, "");
  return `baixando ${shown}${size && verb === "Downloading" ? ` (${size})` : ""}`;
}

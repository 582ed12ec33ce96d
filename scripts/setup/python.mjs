// Acha um Python que sirva: 3.9 ou mais novo, com o módulo venv inteiro.
import { spawnSync } from "node:child_process";
import { UserError } from "../errors.mjs";

const MINIMUM = [3, 9];

const ASK = `
import sys, json
missing = []
for name in ("venv", "ensurepip", "ssl"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print(json.dumps({"version": list(sys.version_info[:3]), "path": sys.executable, "missing": missing}))
`;

/** Os comandos a experimentar, em ordem; a variável PYTHON escolhe um. */
export function pythonCandidates(env = process.env, system = process.platform) {
  if (env.PYTHON) return [[env.PYTHON]];
  const versioned = [13, 12, 11, 10, 9].map((minor) => [`python3.${minor}`]);
  const windows = [["py", "-3"], ["python"], ["python3"]];
  return system === "win32" ? windows : [["python3"], ["python"], ...versioned];
}

/** O que um comando Python diz de si, ou `null` se não há tal comando. */
export function askPython([command, ...args], env = process.env) {
  // -I: o que estiver em PYTHONPATH ou na pasta atual não entra na conta.
  const { status, stdout } = spawnSync(command, [...args, "-I", "-c", ASK], {
    env,
    encoding: "utf8",
    timeout: 30_000,
    windowsHide: true,
  });
  if (status !== 0) return tooOldToAnswer(command, args, env);
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

/** O Python 2 não conhece -I, mas diz a versão. */
function tooOldToAnswer(command, args, env) {
  const { stdout, stderr } = spawnSync(command, [...args, "--version"], { env, encoding: "utf8" });
  const version = /^Python (\d+)\.(\d+)\.(\d+)/.exec(`${stdout ?? ""}${stderr ?? ""}`);
  if (!version) return null;
  return { version: version.slice(1).map(Number), path: command, missing: ["venv"] };
}

/** { path, version } do primeiro Python que serve; sem nenhum, diz o que falta. */
export function findPython(env = process.env, system = process.platform) {
  const found = [];
  for (const candidate of pythonCandidates(env, system)) {
    const python = askPython(candidate, env);
    if (python && isRecent(python) && python.missing.length === 0) return python;
    if (python) found.push(python);
  }
  throw missingPython(found, env, system);
}

const isRecent = ({ version: [major, minor] }) =>
  major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);

function missingPython(found, env, system) {
  const incomplete = found.find(isRecent);
  if (incomplete)
    return new UserError(
      `O Python ${incomplete.version.join(".")} (${incomplete.path}) está incompleto: falta o módulo ${incomplete.missing.join(", ")}.`,
      system === "linux"
        ? "No Debian e no Ubuntu: sudo apt install python3-venv. Depois rode de novo."
        : "Instale o Python de https://www.python.org/downloads/ e rode de novo.",
    );
  const [old] = found;
  const where = env.PYTHON ? ` em PYTHON=${env.PYTHON}` : "";
  return new UserError(
    `Preciso do Python ${MINIMUM.join(".")} ou mais novo; ${
      old ? `achei só o ${old.version.join(".")} (${old.path})` : `não achei nenhum${where}`
    }.`,
    system === "linux"
      ? "No Debian e no Ubuntu: sudo apt install python3 python3-venv. Em outros sistemas: https://www.python.org/downloads/.\n" +
          "Se ele está num lugar fora do comum: PYTHON=/caminho/do/python3 npm start."
      : "Instale-o de https://www.python.org/downloads/, abra outro terminal e rode de novo.",
  );
}

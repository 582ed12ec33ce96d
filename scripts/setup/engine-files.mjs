// O que as três maneiras de instalar o motor usam em comum: pastas, espaço em disco, processos.
import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.mjs";
import { readJson } from "./stamp.mjs";

/** "linux-x64", "darwin-arm64", "win32-x64"… */
export const platform = `${process.platform}-${process.arch}`;

/** A pasta do motor na raiz do repositório. */
export const engineFolder = (root) => join(root, ".engine");

/** O pacote cujo motor se instala. */
export const tfjsNode = (root) => join(root, "node_modules", "@tensorflow", "tfjs-node");

/** Onde o tfjs-node procura a ligação com o TensorFlow (Node-API 8: serve a todo Node ≥ 12). */
export const bindingFile = (root) => join(tfjsNode(root), "lib", "napi-v8", "tfjs_binding.node");

/** Bytes de uma pasta ou de um arquivo, sem seguir atalhos; 0 se não existe. */
export function bytesOf(path) {
  let bytes = 0;
  try {
    const info = lstatSync(path);
    if (!info.isDirectory()) return info.size;
    for (const name of readdirSync(path)) bytes += bytesOf(join(path, name));
  } catch {
    // outro processo pode mover ou apagar um arquivo durante a soma
  }
  return bytes;
}

/** "604 MB" */
export const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/** Para com uma mensagem clara antes de encher o disco. */
export function requireDisk(root, bytes) {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < bytes) {
    throw new UserError(
      `Faltam ${megabytes(bytes - bavail * bsize)} de espaço em disco (este passo precisa de ${megabytes(bytes)}).`,
      "Libere espaço e rode o mesmo comando: ele continua.",
    );
  }
}

/** Pasta de trabalho deste processo, dentro de `folder`; as de processos que já terminaram são apagadas. */
export function workFolder(folder) {
  removeOrphans(folder);
  const work = join(folder, `tmp-${process.pid}`);
  mkdirSync(work, { recursive: true });
  return work;
}

/** Apaga as pastas de trabalho de processos que já terminaram. */
export function removeOrphans(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const owner = /^tmp-(\d+)$/.exec(name)?.[1];
    if (owner && !isRunning(Number(owner))) discard(join(folder, name));
  }
}

/** Apaga o que puder: o que sobra, a próxima vez apaga. */
function discard(path) {
  try {
    removeFolder(path);
  } catch {
    // um programa que ficou órfão ainda escreve ali
  }
}

/** Há um processo com esse número? */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Uma troca de node_modules leva junto o motor já instalado, se o tfjs-node é da mesma versão. */
export function keepEngine(from, to) {
  const [old, next] = [from, to].map((folder) => join(folder, "@tensorflow", "tfjs-node"));
  const version = (folder) => readJson(join(folder, "package.json"))?.version;
  if (!existsSync(old) || version(old) !== version(next)) return;
  for (const name of ["deps", "lib"])
    if (existsSync(join(old, name)) && !existsSync(join(next, name)))
      renameSync(join(old, name), join(next, name));
}

/** Apaga a pasta, se existe. */
export function removeFolder(path) {
  if (existsSync(path)) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

const here = dirname(fileURLToPath(import.meta.url));

/** Argumentos para um Node e um Python que terminam quando este processo termina, ainda que de repente. */
export const nodeChild = (...args) => ["--require", join(here, "ends-with-parent.cjs"), ...args];
export const pythonChild = (...args) => ["-I", join(here, "ends_with_parent.py"), ...args];

/**
 * Roda um programa e junta o que ele escreve. `watch(text)` é chamada a cada meio segundo e, se
 * devolve um texto, o programa é encerrado e esse texto é o motivo. Com `group`, os filhos do programa
 * são encerrados com ele.
 */
export function run(command, args, { cwd, env, watch, group = false }) {
  return new Promise((resolve) => {
    const grouped = group && process.platform !== "win32";
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: grouped,
      windowsHide: true,
    });
    let output = "";
    let stopped;
    const stop = () => {
      try {
        if (grouped) process.kill(-child.pid, "SIGKILL");
        else if (group) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"]);
        else child.kill("SIGKILL");
      } catch {
        // já terminou
      }
    };
    const collect = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const timer = setInterval(() => {
      stopped ??= watch?.(output);
      if (stopped) stop();
    }, 500);
    const end = (code, signal) => {
      clearInterval(timer);
      process.removeListener("exit", stop);
      resolve({ code, signal, output, stopped });
    };
    process.once("exit", stop);
    child.once("error", (error) => {
      output += error.message;
      end(-1, null);
    });
    child.once("close", end);
  });
}

/** A última linha não vazia, para dizer o erro de um programa em uma linha. */
export const lastLine = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .at(-1) ?? "sem mensagem";

// Os pacotes npm, sem rodar os instaladores deles: montados numa pasta à parte e postos no lugar quando inteiros.
import { copyFileSync, existsSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  keepEngine,
  nodeChild,
  platform,
  removeFolder,
  requireDisk,
  run,
} from "./engine-files.mjs";
import { explainNpm } from "./explain.mjs";
import { fingerprint, readJson, writeJson } from "./stamp.mjs";
import { UserError } from "../errors.mjs";

const BYTES = 700e6;

const folderOf = (root) => join(root, "node_modules");
const stampFile = (root) => join(folderOf(root), ".caderno.json");
const wanted = (root) => `${fingerprint(join(root, "package-lock.json"))} ${platform}`;

/** Os pacotes do package-lock.json estão todos aí? */
export const npmReady = (root) => readJson(stampFile(root))?.packages === wanted(root);

/** Instala os pacotes do package-lock.json; os que já estavam só saem quando os novos estão inteiros. */
export async function installNpm({ root, work, log }) {
  requireDisk(root, BYTES);
  for (const name of ["package.json", "package-lock.json", ".npmrc"])
    copyFileSync(join(root, name), join(work, name));
  const total = countInLock(root);
  const watch = () => {
    const done = Math.min(countFolders(join(work, "node_modules")), total);
    log.progress(done === 0 ? "  conferindo a lista de pacotes" : `  ${done} de ${total} pacotes`);
  };
  let result = await npmCi(work, { watch });
  // Sem permissão numa pasta que não é esta: o cache do npm, que um sudo antigo deixou para o administrador.
  if (
    result.code !== 0 &&
    /\b(EACCES|EPERM|EROFS|ENOENT)\b/.test(result.output) &&
    !inside(result.output, work)
  ) {
    log("  o cache do npm não deixa escrever; uso um cache próprio, em .cache/npm");
    result = await npmCi(work, { watch, env: { npm_config_cache: join(root, ".cache", "npm") } });
  }
  if (result.code !== 0) throw explainNpm(result.output);
  keepEngine(folderOf(root), join(work, "node_modules"));
  writeJson(join(work, "node_modules", ".caderno.json"), { packages: wanted(root) });
  replaceFolder(folderOf(root), join(work, "node_modules"), join(work, "antigo"));
}

/** Troca uma pasta por outra já pronta. */
export function replaceFolder(target, ready, old) {
  if (existsSync(target)) renameSync(target, old);
  renameSync(ready, target);
  removeFolder(old);
}

const inside = (output, folder) => new RegExp(`\\bpath .*${escape(folder)}`).test(output);
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function npmCi(cwd, { watch, env }) {
  const [command, ...first] = npmCommand();
  const options = [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  // Espera crescente entre tentativas, mas sem os minutos que o npm dá por padrão a quem está sem rede.
  const retries = [
    "--fetch-retries=4",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=8000",
  ];
  return run(command, [...first, "ci", ...options, ...retries], { cwd, watch, env });
}

/** O npm que veio com este Node: o que chamou este processo, ou o que está ao lado do executável. */
export function npmCommand(env = process.env, execPath = process.execPath) {
  const bin = dirname(execPath);
  const cli = join("node_modules", "npm", "bin", "npm-cli.js");
  const script = [env.npm_execpath, join(bin, cli), join(bin, "..", "lib", cli)].find(
    (path) => path && /npm-cli\.[cm]?js$/.test(path) && existsSync(path),
  );
  if (script) return [execPath, ...nodeChild(script)];
  if (process.platform !== "win32") return ["npm"];
  throw new UserError(
    "Não achei o npm, que vem com o Node.",
    "Instale o Node de https://nodejs.org.",
  );
}

const countInLock = (root) =>
  Object.keys(readJson(join(root, "package-lock.json")).packages).filter((name) =>
    /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name),
  ).length;

function countFolders(folder) {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return names.reduce(
    (n, name) => n + (name[0] === "@" ? readdirSync(join(folder, name)).length : 1),
    0,
  );
}

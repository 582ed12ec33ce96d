// Os pacotes npm, sem rodar os instaladores deles: montados numa pasta à parte e postos no lugar quando inteiros.
import { copyFileSync, existsSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  keepEngine,
  nodeChild,
  platform,
  removeFolder,
  requireDisk,
  run,
} from "./engine-files.mjs";
import { explainNpm, noNetwork } from "./explain.mjs";
import { fingerprint, readJson, writeJson } from "./stamp.mjs";
import { UserError } from "../errors.mjs";

const BYTES = 700e6;

const folderOf = (root) => join(root, "node_modules");
const stampFile = (root) => join(folderOf(root), ".caderno.json");
const fingerprintOf = (root) => `${fingerprint(join(root, "package-lock.json"))} ${platform}`;

/** Os pacotes do package-lock.json estão todos aí? */
export const npmReady = (root) => readJson(stampFile(root))?.packages === fingerprintOf(root);

/** Instala os pacotes do package-lock.json; os que já estavam só saem quando os novos estão inteiros. */
export async function installNpm({ root, work, log }) {
  requireDisk(root, BYTES);
  for (const name of ["package.json", "package-lock.json", ".npmrc"])
    copyFileSync(join(root, name), join(work, name));
  const wanted = packagesFor(readJson(join(root, "package-lock.json")));
  const watch = (output) => {
    if (isOffline(output)) return "sem rede";
    const done = wanted.filter((name) => existsSync(join(work, name, "package.json"))).length;
    log.progress(done === 0 ? "  baixando os pacotes" : `  ${done} de ${wanted.length} pacotes`);
  };
  let result = await npmCi(work, { watch });
  // Sem permissão numa pasta que não é esta: o cache do npm, que um sudo antigo deixou para o administrador.
  if (result.code !== 0 && deniedOutside(result.output, work)) {
    log("  o cache do npm não deixa escrever; uso um cache próprio, em .cache/npm");
    result = await npmCi(work, { watch, env: { npm_config_cache: join(root, ".cache", "npm") } });
  }
  if (result.stopped) throw noNetwork("o registro do npm");
  if (result.code !== 0) throw explainNpm(result.output);
  keepEngine(folderOf(root), join(work, "node_modules"));
  writeJson(join(work, "node_modules", ".caderno.json"), { packages: fingerprintOf(root) });
  replaceFolder(folderOf(root), join(work, "node_modules"), join(work, "antigo"));
}

/** Troca uma pasta por outra já pronta. */
export function replaceFolder(target, ready, old) {
  if (existsSync(target)) renameSync(target, old);
  renameSync(ready, target);
  removeFolder(old);
}

/** Sem rede, o npm insiste em cada pacote, um por um, durante minutos: uma segunda rodada sem nenhum acerto basta. */
export const isOffline = (output) =>
  !/fetch GET [23]\d\d/.test(output) &&
  (output.match(/attempt [2-9] failed with/g) ?? []).length >= 15;

/** O npm não pôde escrever num lugar que não é `folder`? */
export function deniedOutside(output, folder) {
  const path = /^npm (?:error|ERR!) path (.+)$/m.exec(output)?.[1] ?? "";
  return (
    /^npm (?:error|ERR!) code (EACCES|EPERM|EROFS|ENOENT)$/m.test(output) &&
    !path.startsWith(folder)
  );
}

function npmCi(cwd, { watch, env }) {
  const [command, ...first] = npmCommand();
  const options = [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=http",
  ];
  // Espera crescente entre tentativas, mas sem os minutos que o npm dá por padrão a quem está sem rede.
  const retries = [
    "--fetch-retries=3",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=8000",
    "--fetch-retry-factor=2",
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

/** As pastas dos pacotes de um package-lock.json que servem a este sistema. */
export function packagesFor({ packages }, { platform: os, arch } = process) {
  const fits = (list, value) => !list || list.includes(value);
  return Object.entries(packages)
    .filter(([name, { os: systems, cpu }]) => name && fits(systems, os) && fits(cpu, arch))
    .map(([name]) => name);
}

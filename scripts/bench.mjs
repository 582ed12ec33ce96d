import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { installPeers, peersPython, requirePeers } from "./bench/peers.mjs";
import { runBench } from "./bench/run.mjs";
import { Side } from "./bench/side.mjs";
import { table, verdict } from "./bench/table.mjs";
import { UserError } from "./errors.mjs";
import { root } from "./root.mjs";
import { removeFolder } from "./setup/engine-files.mjs";
import { createLog } from "./setup/log.mjs";
import { writeJson } from "./setup/stamp.mjs";

/**
 * `npm run bench`: as mesmas contas aqui e nos concorrentes, alternadas, e a razão dos tempos. Com nomes
 * (`npm run bench -- pca kernel`), só esses; `--install` instala os concorrentes. A razão fora da meta não é erro; uma conta
 * que não deu o mesmo resultado é.
 */
export async function main(args) {
  const names = chosen(
    args.filter((arg) => arg !== "--install"),
    benchNames(),
  );
  const log = createLog();
  const definitions = [];
  for (const name of names.length > 0 ? names : benchNames()) definitions.push(await load(name));
  const lists = [...new Set(definitions.map(({ requirements }) => requirements))];
  if (args.includes("--install")) {
    for (const list of lists) await installPeers({ root, log, list });
    if (names.length === 0) return 0;
  }
  for (const list of lists) requirePeers(root, list);
  mkdirSync(cache, { recursive: true });
  warnIfBusy(log);
  const results = [];
  for (const definition of definitions) results.push(await bench(definition, log));
  const file = join(cache, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeJson(file, { ...machine(), results });
  log(`Tempos de cada rodada: ${relative(root, file)}`);
  return results.some(({ rows }) => rows.some(({ equal }) => !equal)) ? 1 : 0;
}

const cache = join(root, ".cache", "bench");
const SUFFIX = ".bench.mjs";

const benchNames = () =>
  readdirSync(join(root, "bench"))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));

/** Os nomes pedidos, se existem todos. */
export function chosen(names, known) {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown)
    throw new UserError(`Não conheço o benchmark ${unknown}.`, `Existem: ${known.join(", ")}.`);
  return names;
}

/** O que o arquivo do benchmark diz, e de que lista de pacotes precisa. */
async function load(name) {
  const file = join(root, "bench", `${name}${SUFFIX}`);
  const { default: definition } = await import(pathToFileURL(file));
  return { name, requirements: "requirements", ...definition };
}

async function bench(definition, log) {
  const { name } = definition;
  const folder = mkdtempSync(join(cache, `${name}-`)); // os dados que os lados trocam
  const context = { root, folder, python: peersPython(root, definition.requirements) };
  const sides = [];
  const versions = {};
  try {
    for (const { name, program } of definition.sides) {
      log.progress(`  ${name}: preparo os dados`);
      const side = new Side(name, program(context));
      sides.push(side);
      versions[name] = (await side.ask({ case: "versions" })).versions; // pronto: o seguinte lê o que ele gravou
    }
    const rows = await runBench(definition, sides, { onStep: (text) => log.progress(`  ${text}`) });
    log(`\n── ${definition.title}\n${table(rows)}\n`);
    for (const row of rows)
      if (!row.equal) log(`✖ ${row.label}, ${row.peer}: resultados diferem em ${row.difference}`);
    return { name, versions, rows: rows.map((row) => ({ ...row, verdict: verdict(row) })) };
  } finally {
    log.clear();
    await Promise.all(sides.map((side) => side.close()));
    removeFolder(folder);
  }
}

/** Outros programas mudam as razões: quem usa duas linhas de execução perde mais. */
function warnIfBusy(log) {
  const [load] = loadavg(); // zero no Windows, que não o mede
  if (load < 0.5 * availableParallelism()) return;
  const number = load.toLocaleString("pt-BR", { maximumFractionDigits: 1 });
  log(`⚠ A máquina está ocupada (carga ${number}): as razões só valem com ela em repouso.`);
}

/** Onde se mediu. */
const machine = () => ({
  date: new Date().toISOString(),
  commit: commit(),
  cpu: cpus()[0]?.model ?? "",
  cores: availableParallelism(),
  memory: totalmem(),
  load: loadavg(),
  system: `${process.platform}-${process.arch}`,
  node: process.version,
});

function commit() {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], {
      cwd: root,
      encoding: "utf8",
    }).trim();
  } catch {
    return null; // uma cópia sem o git
  }
}

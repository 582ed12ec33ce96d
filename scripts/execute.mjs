import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { jupyterEnv, venvPython } from "./setup/jupyter.mjs";
import { createLog } from "./setup/log.mjs";
import { writeJson } from "./setup/stamp.mjs";
import { outputsKey } from "./site/key.mjs";

const UPDATE = "--update-placar";

/**
 * `npm run execute -- 01 03`: roda os capítulos com o kernel real, um de cada vez; sem argumento, todos. Com `--update-placar`, os
 * placares regravam seus registros em data/placar.json, em vez de os conferir.
 */
export async function main(args) {
  const updatePlacar = args.includes(UPDATE);
  const notebooks = listNotebooks(
    root,
    args.filter((arg) => arg !== UPDATE),
  );
  const log = createLog();
  let failed = 0;
  for (const name of notebooks)
    if (!(await execute(join(root, "notebooks", name), log, { updatePlacar })).ok) failed++;
  if (failed > 0) console.error(`${failed} de ${notebooks.length} capítulo(s) com erro`);
  return failed > 0 ? 1 : 0;
}

/** Onde fica o caderno executado, com as saídas; o de outra pasta tem um nome só seu. */
export function executedPath(source) {
  const folder = dirname(resolve(source));
  const own = folder !== join(root, "notebooks") && createHash("sha256").update(folder).digest("hex").slice(0, 8); // prettier-ignore
  return join(root, ".cache", "executed", own ? `${own}-${basename(source)}` : basename(source));
}

/** Ao lado dele, de que código, lib, dados e versões as saídas são, e o que a execução mediu. */
export const keyPath = (source) => `${executedPath(source)}.key`;

/** Executa um caderno e mostra o resultado em uma linha; { ok, cells, seconds, memory, tensors, cell, error }. */
export async function execute(source, log = createLog(), { updatePlacar = false } = {}) {
  const name = basename(source);
  const key = outputsKey(root, source);
  rmSync(keyPath(source), { force: true });
  const args = ["-W", "ignore", join(root, "scripts", "execute.py"), source, executedPath(source)];
  const child = spawn(venvPython(root), args, {
    env: { ...jupyterEnv(root), CADERNO_UPDATE_PLACAR: updatePlacar ? "1" : "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let result = { ok: false, error: "" };
  child.stderr.setEncoding("utf8").on("data", (text) => (result.error += text));
  createInterface(child.stdout).on("line", (line) => {
    if (line.startsWith("resultado ")) result = JSON.parse(line.slice("resultado ".length));
    else log.progress(`  ${name}  ${line}`);
  });
  await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (result.error) result.error = stripVTControlCharacters(result.error); // as cores são para o JupyterLab
  log(
    result.ok
      ? `✔ ${name}  ${summary(result)}`
      : `✖ ${name}, célula ${result.cell ?? "?"}\n${result.error}`,
  );
  // Quem regrava o placar muda os dados de que as saídas vieram: elas não valem para a próxima vez.
  if (result.ok && !updatePlacar) writeJson(keyPath(source), { key, ...result });
  return result;
}

/** O que uma execução mediu, em uma linha. */
export function summary({ cells, seconds, memory, tensors }) {
  const number = (value, digits = 0) =>
    value.toLocaleString("pt-BR", { maximumFractionDigits: digits });
  return `${cells} células  ${number(seconds, 1)} s  pico ${number(memory / 2 ** 20)} MB  ${number(tensors)} tensores`;
}

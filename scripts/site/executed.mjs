import { basename } from "node:path";
import { UserError } from "../errors.mjs";
import { execute, executedPath, keyPath } from "../execute.mjs";
import { codeCells, readNotebookFile } from "../notebooks.mjs";
import { root } from "../root.mjs";
import { readJson } from "../setup/stamp.mjs";
import { outputsKey } from "./key.mjs";

/**
 * O caderno com as saídas, como { name, source, notebook }: as da última execução, se nada de que dependem mudou desde então; se
 * não, executa-o.
 *
 * @throws UserError com capítulo, célula e erro, se uma célula falha
 */
export async function executedChapter(source) {
  const name = basename(source);
  const notebook = readNotebookFile(source);
  if (readJson(keyPath(source))?.key === outputsKey(root, source))
    console.log(`✔ ${name}  saídas da última execução`);
  else await run(source);
  return { name, source, notebook: withOutputs(notebook, readNotebookFile(executedPath(source))) };
}

async function run(source) {
  const { ok, cell, error } = await execute(source); // já mostra o erro inteiro
  if (ok) return;
  const [reason] = error.trim().split("\n");
  throw new UserError(
    `${basename(source)} não executou até o fim: célula ${cell ?? "?"}, ${reason}`,
    "O que já estava feito continua no lugar. Conserte a célula e rode de novo.",
  );
}

/** O caderno de agora, com as saídas do executado: as células de código são as mesmas. */
function withOutputs(notebook, executed) {
  const done = codeCells(executed);
  for (const [i, { cell }] of codeCells(notebook).entries()) {
    cell.outputs = done[i].cell.outputs;
    cell.execution_count = done[i].cell.execution_count;
  }
  return notebook;
}

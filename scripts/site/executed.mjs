import { basename } from "node:path";
import { UserError } from "../errors.mjs";
import { execute, executedPath, keyPath, summary } from "../execute.mjs";
import { codeCells, readNotebookFile, readTypeScriptNotebook } from "../notebooks.mjs";
import { root } from "../root.mjs";
import { createLog } from "../setup/log.mjs";
import { readJson } from "../setup/stamp.mjs";
import { outputsKey } from "./key.mjs";

/** Executa o caderno, se mudou algo de que as saídas guardadas dependem (ou se não as há); o resultado é como o de `execute`. */
export async function executeIfChanged(source, log = createLog()) {
  const kept = readJson(keyPath(source));
  if (kept?.key !== outputsKey(root, source)) return execute(source, log);
  log(`✔ ${basename(source)}  nada mudou desde que executou: ${summary(kept)}`);
  return kept;
}

/**
 * O caderno com as saídas, como { name, source, notebook }: as da última execução, se nada de que dependem mudou desde então; se
 * não, executa-o.
 *
 * @throws UserError com capítulo, célula e erro, se uma célula falha
 */
export async function executedChapter(source) {
  const name = basename(source);
  const notebook = readTypeScriptNotebook(source);
  const { ok, cell, error } = await executeIfChanged(source); // já mostra o erro inteiro
  if (!ok) {
    const [reason] = error.trim().split("\n");
    throw new UserError(
      `${name} não executou até o fim: célula ${cell ?? "?"}, ${reason}`,
      "O que já estava feito continua no lugar. Conserte a célula e rode de novo.",
    );
  }
  return { name, source, notebook: withOutputs(notebook, readNotebookFile(executedPath(source))) };
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

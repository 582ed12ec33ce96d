import { join } from "node:path";
import { UserError } from "../errors.mjs";
import { execute, executedPath, keyPath } from "../execute.mjs";
import { codeCells, readNotebook, readNotebookFile } from "../notebooks.mjs";
import { readJson } from "../setup/stamp.mjs";
import { outputsKey } from "./key.mjs";

/**
 * O caderno com as saídas: as da última execução, se nada de que dependem mudou desde então; se não, executa-o.
 * @throws UserError com capítulo, célula e erro, se uma célula falha
 */
export async function executedNotebook(root, name) {
  const notebook = readNotebook(root, name);
  const source = join(root, "notebooks", name);
  const key = outputsKey(root, notebook);
  const cached = readJson(keyPath(source))?.key === key;
  if (cached) console.log(`✔ ${name}  saídas da última execução`);
  else await run(source);
  return withOutputs(notebook, readNotebookFile(executedPath(source)));
}

async function run(source) {
  const { ok } = await execute(source); // já mostra capítulo, célula e erro
  if (!ok)
    throw new UserError(
      "Um capítulo não executou até o fim; nada foi trocado.",
      "O erro está acima.",
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

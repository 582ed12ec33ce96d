import { isDeepStrictEqual } from "node:util";
import { METADATA, codeCells, listNotebooks, readNotebook } from "./notebooks.mjs";

const MAX_LINES = 25;

/** O que um caderno publicado tem de cumprir, fora os tipos: sem saídas, com o kernel certo, células curtas e formatadas. */
export async function checkNotebooks(root, formatCell) {
  const problems = [];
  for (const name of listNotebooks(root)) {
    const notebook = readNotebook(root, name);
    const report = (text) => problems.push(`notebooks/${name}: ${text}`);
    if (!isDeepStrictEqual({ ...notebook.metadata, ...METADATA }, notebook.metadata))
      report("os metadados não são os do kernel TypeScript; rode npm run format");
    if (notebook.cells.some((cell) => !cell.id)) report("há célula sem id");
    for (const { number, source, cell } of codeCells(notebook)) {
      const lines = source.split("\n").length;
      if (cell.outputs.length > 0 || cell.execution_count !== null)
        report(`célula ${number} tem saída; limpe com npm run format`);
      if (lines > MAX_LINES)
        report(`célula ${number} tem ${lines} linhas; o limite é ${MAX_LINES}`);
      const formatted = await formatCell(source).catch((error) => {
        report(`célula ${number} não é TypeScript válido: ${error.message.split("\n")[0]}`);
      });
      if (formatted !== undefined && formatted !== source)
        report(`célula ${number} fora do formato; rode npm run format`);
    }
  }
  return problems;
}

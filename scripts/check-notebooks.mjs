import { isDeepStrictEqual } from "node:util";
import { settleClaims } from "./claim-cells.mjs";
import { CELL_WIDTH } from "./format-cells.mjs";
import ts from "typescript";
import { METADATA, codeCells, listNotebooks, readNotebook } from "./notebooks.mjs";

const MAX_LINES = 25;
const MAX_MEDIAN = 6;

/** O que um caderno publicado tem de cumprir, fora os tipos: sem saídas, com o kernel certo, células curtas e formatadas. */
export async function checkNotebooks(root, formatCell) {
  const problems = [];
  for (const name of listNotebooks(root)) {
    const notebook = readNotebook(root, name);
    const report = (text) => problems.push(`notebooks/${name}: ${text}`);
    if (!isDeepStrictEqual({ ...notebook.metadata, ...METADATA }, notebook.metadata))
      report("os metadados não são os do kernel TypeScript; rode npm run format");
    if (notebook.cells.some((cell) => !cell.id)) report("há célula sem id");
    const cells = codeCells(notebook);
    const median = medianLines(cells);
    if (median > MAX_MEDIAN)
      report(`a célula mediana tem ${median} linhas; o limite é ${MAX_MEDIAN}`);
    for (const { number, source, cell } of cells) {
      const lines = source.split("\n").length;
      if (cell.outputs.length > 0 || cell.execution_count !== null)
        report(`célula ${number} tem saída; limpe com npm run format`);
      if (lines > MAX_LINES)
        report(`célula ${number} tem ${lines} linhas; o limite é ${MAX_LINES}`);
      source.split("\n").forEach((line, i) => {
        if (line.length > CELL_WIDTH)
          report(
            `célula ${number}, linha ${i + 1}: ${line.length} colunas; o limite é ${CELL_WIDTH}`,
          );
      });
      for (const name of nodeUses(source))
        report(`célula ${number} usa ${name}, que só existe no Node: passe por um módulo da lib`);
      const formatted = await formatCell(source).catch((error) => {
        report(`célula ${number} não é TypeScript válido: ${error.message.split("\n")[0]}`);
      });
      if (formatted === undefined) continue;
      try {
        const settled = settleClaims({ source: formatted, metadata: cell.metadata });
        const { metadata } = cell;
        if (!isDeepStrictEqual(settled, { source, metadata }))
          report(`célula ${number} fora do formato; rode npm run format`);
      } catch (error) {
        report(`célula ${number}: ${error.message}`);
      }
    }
  }
  return problems;
}

function medianLines(cells) {
  const lines = cells.map(({ source }) => source.split("\n").length).sort((a, b) => a - b);
  return lines[Math.floor(lines.length / 2)] ?? 0;
}

const NODE_NAMES = new Set(["process", "require", "Buffer", "__dirname", "__filename", "global"]);

/** O que a célula usa que um navegador não tem; node:assert, que se troca por outro, pode. */
function nodeUses(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const found = new Set();
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const name = node.moduleSpecifier.text;
      if (/^node:(?!assert)/.test(name)) found.add(name);
    }
    const isProperty =
      ts.isPropertyAccessExpression(node.parent ?? node) && node.parent.name === node;
    if (ts.isIdentifier(node) && NODE_NAMES.has(node.text) && !isProperty) found.add(node.text);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

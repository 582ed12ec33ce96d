import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./errors.mjs";

/** O que o JupyterLab escreve em um caderno deste kernel. Com menos que isto, ele parece mudado assim que abre. */
export const METADATA = createRequire(import.meta.url)("../kernel/notebookMetadata.json");

/** Nomes dos cadernos em notebooks/, em ordem; `chapters` (["01", "3"]) escolhe alguns. */
export function listNotebooks(root, chapters = []) {
  const folder = join(root, "notebooks");
  const all = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .sort();
  if (chapters.length === 0) return all;
  return chapters.map((chapter) => {
    const found =
      /^\d{1,2}$/.test(chapter) &&
      all.find((name) => name.startsWith(`${chapter.padStart(2, "0")}-`));
    if (!found) {
      const known = all.map((name) => name.slice(0, 2)).join(", ");
      throw new UserError(`Não há capítulo ${chapter}.`, `Existem: ${known || "nenhum"}.`);
    }
    return found;
  });
}

/** O caderno como objeto, com o código de cada célula em uma só string. */
export const readNotebook = (root, name) => readNotebookFile(join(root, "notebooks", name));

/** O mesmo, de qualquer arquivo .ipynb. */
export function readNotebookFile(path) {
  const notebook = JSON.parse(readFileSync(path, "utf8"));
  for (const cell of notebook.cells) cell.source = [].concat(cell.source).join("");
  return notebook;
}

/** Células de código, numeradas como o leitor as vê depois de "Executar tudo": as vazias não contam. */
export function codeCells(notebook) {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code" && cell.source.trim() !== "")
    .map((cell, index) => ({ number: index + 1, source: cell.source, cell }));
}

/** O texto do arquivo .ipynb como o JupyterLab o grava: linhas separadas, um espaço de recuo. */
export function serializeNotebook(notebook) {
  const lines = (text) => (text === "" ? [] : text.split(/(?<=\n)/));
  const cells = notebook.cells.map((cell) => ({ ...cell, source: lines(cell.source) }));
  return JSON.stringify({ ...notebook, cells }, null, 1) + "\n";
}

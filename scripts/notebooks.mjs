import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
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

/** O número do capítulo, pelo nome do arquivo; `undefined` se é de um leitor. */
export const chapterNumber = (name) => /^\d\d-/.test(name) ? Number(name.slice(0, 2)) : undefined; // prettier-ignore

/** O caderno como objeto, com o código de cada célula em uma só string. */
export const readNotebook = (root, name) => readNotebookFile(join(root, "notebooks", name));

/** O mesmo, de qualquer arquivo .ipynb. */
export function readNotebookFile(path) {
  const notebook = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(notebook?.cells) || notebook.nbformat < 4)
    throw new TypeError("esperava um caderno do Jupyter no formato 4 (nbformat 4)");
  for (const cell of notebook.cells) cell.source = [].concat(cell.source).join("");
  return notebook;
}

/** O mesmo, se é um caderno deste kernel. @throws UserError se não existe, não se lê, ou é de outra linguagem */
export function readTypeScriptNotebook(path) {
  const name = basename(path);
  if (!existsSync(path)) throw new UserError(`Não achei o caderno ${path}.`);
  let notebook;
  try {
    notebook = readNotebookFile(path);
  } catch (error) {
    throw new UserError(`${name} não é um caderno que eu saiba ler: ${error.message}`);
  }
  const { kernelspec = {}, language_info = {} } = notebook.metadata ?? {};
  const language = kernelspec.language ?? language_info.name ?? "typescript";
  if (language.toLowerCase() !== "typescript")
    throw new UserError(
      `${name} é um caderno de ${language} (kernel ${kernelspec.display_name ?? kernelspec.name ?? "?"}), e aqui só se executam e exportam os de TypeScript.`,
      "Para ele, use: jupyter nbconvert --to html --execute.",
    );
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

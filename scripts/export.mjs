import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { listNotebooks, readTypeScriptNotebook } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { buildChapter } from "./site/build.mjs";
import { executedChapter } from "./site/executed.mjs";
import { inlinePage } from "./site/inline.mjs";

const SAVED = "--sem-executar";

/**
 * `npm run export -- 01 meu.ipynb`: cada capítulo, ou caderno do leitor, executado, em um arquivo HTML que basta a si mesmo; sem
 * argumento, todos os capítulos. Com `--sem-executar`, com as saídas que o caderno gravado já tem.
 */
export async function main(args) {
  const chosen = args.filter((arg) => arg !== SAVED);
  const folder = process.env.INIT_CWD ?? process.cwd(); // a pasta de quem chamou npm run
  const own = chosen.filter((arg) => arg.endsWith(".ipynb")).map((path) => resolve(folder, path));
  const chapters = chosen.filter((arg) => !arg.endsWith(".ipynb"));
  const names = own.length > 0 && chapters.length === 0 ? [] : listNotebooks(root, chapters);
  for (const source of [...names.map((name) => join(root, "notebooks", name)), ...own]) {
    const target = join(root, "exports", basename(source).replace(".ipynb", ".html"));
    await exportChapter(source, target, { saved: args.includes(SAVED), own: own.includes(source) });
    const megabytes = (statSync(target).size / 1e6).toLocaleString("pt-BR", {
      maximumFractionDigits: 1,
    });
    console.log(`✔ ${relative(root, target)}  ${megabytes} MB`);
  }
  return 0;
}

/**
 * Grava o capítulo em `target`; se algo falha, o arquivo que lá estava fica como era.
 *
 * @param saved com as saídas que o arquivo tem, sem executar
 * @param own é um caderno do leitor: o que o Sphinx reclama dele é um aviso, e a página sai
 */
export async function exportChapter(source, target, { saved = false, own = false } = {}) {
  const chapter = saved
    ? { name: basename(source), source, notebook: readTypeScriptNotebook(source) }
    : await executedChapter(source);
  const work = join(root, ".cache", "site");
  mkdirSync(work, { recursive: true });
  mkdirSync(join(target, ".."), { recursive: true });
  const folder = mkdtempSync(join(work, "capitulo-"));
  try {
    const page = await buildChapter({
      root,
      chapter,
      folder: join(folder, "html"),
      work: folder,
      onWarning: own ? (text) => console.warn(`⚠ ${chapter.name}: ${text}`) : undefined,
    });
    writeFileSync(`${target}.part`, inlinePage(join(folder, "html"), page));
    renameSync(`${target}.part`, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

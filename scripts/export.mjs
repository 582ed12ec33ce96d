import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { buildChapter } from "./site/build.mjs";
import { executedChapter } from "./site/executed.mjs";
import { inlinePage } from "./site/inline.mjs";

/** `npm run export -- 01`: cada capítulo, executado, em um arquivo HTML que basta a si mesmo; sem argumento, todos. */
export async function main(chapters) {
  const notebooks = listNotebooks(root, chapters);
  for (const name of notebooks) {
    const target = join(root, "exports", name.replace(".ipynb", ".html"));
    await exportChapter(join(root, "notebooks", name), target);
    const megabytes = (statSync(target).size / 1e6).toLocaleString("pt-BR", {
      maximumFractionDigits: 1,
    });
    console.log(`✔ ${relative(root, target)}  ${megabytes} MB`);
  }
  return 0;
}

/** Grava o capítulo em `target`; se algo falha, o arquivo que lá estava fica como era. */
export async function exportChapter(source, target) {
  const chapter = await executedChapter(source);
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
    });
    writeFileSync(`${target}.part`, inlinePage(join(folder, "html"), page));
    renameSync(`${target}.part`, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

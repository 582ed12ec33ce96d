import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { replaceFolder } from "./setup/npm.mjs";
import { buildSite } from "./site/build.mjs";
import { executedChapter } from "./site/executed.mjs";

/** `npm run site`: todos os capítulos, executados, em site/. */
export async function main() {
  const start = performance.now();
  const sources = listNotebooks(root).map((name) => join(root, "notebooks", name));
  await publish(sources, join(root, "site"));
  const seconds = ((performance.now() - start) / 1000).toFixed(1).replace(".", ",");
  console.log(`✔ site/index.html  ${sources.length} capítulos  ${seconds} s`);
  return 0;
}

/** Executa o que for preciso e põe o site pronto em `site`. O que lá estava só sai quando o novo está inteiro. */
export async function publish(
  sources,
  site,
  { url = process.env.SITE_URL, work = join(root, ".cache", "site") } = {},
) {
  const chapters = [];
  if (url && !url.endsWith("/")) url += "/";
  for (const source of sources) chapters.push(await executedChapter(source));
  mkdirSync(work, { recursive: true });
  const fresh = mkdtempSync(join(work, "novo-"));
  try {
    await buildSite({ root, chapters, folder: fresh, work, url });
    replaceFolder(site, fresh, `${fresh}-antigo`);
  } finally {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true });
  }
}

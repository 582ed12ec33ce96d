import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { setup } from "./setup/index.mjs";
import { replaceFolder } from "./setup/npm.mjs";
import { buildSite } from "./site/build.mjs";
import { executedNotebook } from "./site/executed.mjs";

/** `npm run site`: todos os capítulos, executados, em site/. O anterior só sai quando o novo está inteiro. */
export async function main() {
  await setup({ root, extras: ["site"] });
  const start = performance.now();
  const chapters = [];
  for (const name of listNotebooks(root))
    chapters.push({ name, notebook: await executedNotebook(root, name) });
  const site = join(root, "site");
  await makeSite(chapters, site);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `✔ ${relative(root, join(site, "index.html"))}  ${chapters.length} capítulos  ${decimal(seconds)} s`,
  );
  return 0;
}

/** Faz o site numa pasta à parte e o põe em `site` quando está inteiro. */
export async function makeSite(chapters, site, { url = process.env.SITE_URL } = {}) {
  const work = join(root, ".cache", "site");
  mkdirSync(work, { recursive: true });
  const fresh = mkdtempSync(join(work, "novo-"));
  try {
    await buildSite({ root, chapters, folder: fresh, work, url });
    replaceFolder(site, fresh, `${fresh}-antigo`);
  } finally {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true });
  }
}

const decimal = (value) => value.toLocaleString("pt-BR", { maximumFractionDigits: 1 });

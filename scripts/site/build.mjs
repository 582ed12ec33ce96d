import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors.mjs";
import { readGlossary } from "../glossary.mjs";
import { chapterNumber } from "../notebooks.mjs";
import { writeAssets } from "./assets.mjs";
import { toSource } from "./chapter.mjs";
import { scriptJson } from "./escape.mjs";
import { termPassages, withDefinitions } from "./glossary.mjs";
import { fillReferences, finishPage } from "./page.mjs";
import { dataPage, indexPage } from "./pages.mjs";
import { runSphinx } from "./sphinx.mjs";

/** Faz o site em `folder`, uma pasta vazia. `chapters` são { name, source, notebook }, executados; `url`, onde será publicado. */
export async function buildSite({ root, chapters, folder, work, url }) {
  const prepared = chapters.map(({ name, source, notebook }) => ({
    name,
    ...toSource(notebook, name, { folder: dirname(source) }),
  }));
  const files = {
    ...Object.fromEntries(prepared.map(({ name, notebook }) => [name, JSON.stringify(notebook)])),
    "index.md": indexPage(prepared),
    "dados.md": dataPage(root),
  };
  await runSphinx({ root, files, folder, work, url });
  const terms = finish(root, folder);
  const passages = scriptJson(termPassages(terms, prepared));
  writeFileSync(
    join(folder, "_static", "terms.js"),
    `window.searchPassages.push(...${passages});\n`,
  );
  mkdirSync(join(folder, "cadernos"));
  for (const { name, source } of chapters) copyFileSync(source, join(folder, "cadernos", name));
  writeSitemap(folder, url);
}

/** Faz em `folder` só a página de um capítulo, sem navegação; devolve o nome dela. */
export async function buildChapter({ root, chapter, folder, work, onWarning }) {
  const { name, source: path, notebook } = chapter;
  const { notebook: source } = toSource(notebook, name, { single: true, folder: dirname(path) });
  // O nome de um caderno do leitor pode ter qualquer letra.
  const rootDoc = chapterNumber(name) === undefined ? "caderno" : name.replace(".ipynb", "");
  const files = { [`${rootDoc}.ipynb`]: JSON.stringify(source) };
  await runSphinx({ root, files, folder, work, rootDoc, single: true, onWarning });
  finish(root, folder);
  return `${rootDoc}.html`;
}

/** O que falta às páginas do Sphinx; devolve o glossário. */
function finish(root, folder) {
  chmodSync(folder, 0o755);
  writeAssets(root, join(folder, "_static"));
  const terms = readGlossary(root);
  finishPages(folder, terms);
  removeUnused(folder);
  return terms;
}

const pagesOf = (folder) => readdirSync(folder).filter((name) => name.endsWith(".html"));

/** Definições, fórmulas, números e referências, em todas as páginas. */
function finishPages(folder, terms) {
  const numbersOf = new Map();
  const finished = pagesOf(folder).map((name) => {
    const chapter = chapterNumber(name) ?? name[0].toUpperCase();
    const { html, numbers } = named(name, () =>
      finishPage(
        withDefinitions(readFileSync(join(folder, name), "utf8"), terms, chapter),
        chapter,
      ),
    );
    numbersOf.set(name, numbers);
    return [name, html];
  });
  for (const [name, html] of finished)
    writeFileSync(
      join(folder, name),
      named(name, () => fillReferences(html, name, numbersOf)),
    );
}

/** Um erro em uma página diz de qual. */
function named(name, work) {
  try {
    return work();
  } catch (error) {
    throw new UserError(`${name.replace(".html", "")}: ${error.message}`);
  }
}

/** O sitemap pede endereços inteiros: os de onde o site é publicado, ou os de quem o serve nesta máquina. */
function writeSitemap(folder, url = "http://localhost:8000/") {
  const pages = pagesOf(folder).filter((name) => name !== "search.html");
  const entries = pages.map((name) => {
    const address = new URL(name === "index.html" ? "." : name, url);
    return `  <url><loc>${address}</loc></url>\n`;
  });
  writeFileSync(
    join(folder, "sitemap.xml"),
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join("")}</urlset>\n`,
  );
}

const UNUSED = [
  ".buildinfo",
  "objects.inv",
  "_sources",
  "_static/locales",
  "_static/vendor",
  "_static/searchtools.js",
  "_static/language_data.js",
  "_static/webpack-macros.html",
  "_static/sbt-webpack-macros.html",
];

/** O que o Sphinx e o tema copiam e nenhuma página carrega; as licenças ficam. */
function removeUnused(folder) {
  for (const name of UNUSED) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of readdirSync(join(folder, "_static"), { recursive: true }))
    if (name.endsWith(".map")) rmSync(join(folder, "_static", name));
}

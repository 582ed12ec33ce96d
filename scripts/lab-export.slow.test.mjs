import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromiumPath, launchChromium } from "./chromium.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { executedChapter } from "./site/executed.mjs";
import { specialCells, writeNotebook } from "./site/testing/fixtures.mjs";
import { startLab } from "./site/testing/lab.mjs";
import { allPlotsDrawn, assertAlone, visit } from "./site/testing/visit.mjs";

// O que o próprio JupyterLab grava em File → Save and Export → HTML, e o que ele faz de textos hostis.

const skip =
  !chromiumPath && !process.env.CI && "não achei um Chromium; instale ou defina CHROMIUM_PATH";
const work = join(root, ".cache", "lab-test");
// Fora de work, que o JupyterLab serve; e à mesma profundidade, pois as células importam ../../lib.
const sourcesFolder = join(root, ".cache", "lab-test-sources");
const chapter = listNotebooks(root).at(-1);
const special = "98-laboratorio.ipynb"; // não o do teste do site, que pode executar ao mesmo tempo
let lab, browser;

before(async () => {
  if (skip) return;
  mkdirSync(work, { recursive: true });
  mkdirSync(sourcesFolder, { recursive: true });
  const sources = [
    join(root, "notebooks", chapter),
    writeNotebook(sourcesFolder, special, specialCells),
  ];
  for (const source of sources) {
    const { name, notebook } = await executedChapter(source);
    writeFileSync(join(work, name), JSON.stringify(notebook));
  }
  lab = await startLab(work);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await lab?.stop();
});

/** O que o menu grava. */
async function exported(name) {
  const response = await fetch(lab.url(`/nbconvert/html/${name}`));
  assert.equal(response.status, 200);
  const file = join(work, name.replace(".ipynb", ".html"));
  writeFileSync(file, await response.text());
  return file;
}

test(
  "a exportação do JupyterLab desenha as figuras e as fórmulas sem rede",
  { skip, timeout: 300_000 },
  async () => {
    const page = await visit(browser, await exported(chapter));
    assert.ok((await allPlotsDrawn(page)) > 0);
    assert.ok((await page.locator(".katex-html").count()) > 0);
    assert.equal(await page.locator(".katex-error").count(), 0);
    assert.equal(await page.locator("html").getAttribute("lang"), "pt-BR");
    assertAlone(page);
    await page.context().close();
  },
);

const contains = (page, place) =>
  page
    .locator(place)
    .filter({ hasText: "<script>globalThis" })
    .first()
    .waitFor({ timeout: 20_000 });

test("nela, textos hostis aparecem como texto", { skip, timeout: 120_000 }, async () => {
  const page = await visit(browser, await exported(special));
  await allPlotsDrawn(page);
  for (const place of [".gtitle", ".xtitle", ".legendtext", "pre", "caption"])
    await contains(page, place);
  assert.equal(await page.evaluate(() => globalThis.invaded), undefined);
  assertAlone(page);
  await page.context().close();
});

test("aberto no JupyterLab, também", { skip, timeout: 120_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 2600 } });
  await page.goto(lab.url(`/lab/tree/${special}`));
  await page.locator(".jp-OutputArea .main-svg").first().waitFor({ timeout: 60_000 });
  for (const place of [".gtitle", ".xtitle", ".legendtext", ".jp-OutputArea-output pre", "caption"])
    await contains(page, place);
  assert.equal(await page.evaluate(() => globalThis.invaded), undefined);
  await page.close();
});

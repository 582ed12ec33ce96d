import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromiumPath, launchChromium } from "./chromium.mjs";
import { exportChapter } from "./export.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { publish } from "./site.mjs";
import { EVIL_TEXT, failingCells, specialCells, writeNotebook } from "./site/testing/fixtures.mjs";
import { allPlotsDrawn, assertAlone, seriousFaults, visit } from "./site/testing/visit.mjs";

// O site inteiro e um capítulo exportado, abertos em file://. Os capítulos já executados não são executados de novo.
// As fotos ficam em .cache/screenshots/site/.

const skip =
  !chromiumPath && !process.env.CI && "não achei um Chromium; instale ou defina CHROMIUM_PATH";
const work = join(root, ".cache", "site-test");
const site = join(work, "site");
const photos = join(root, ".cache", "screenshots", "site");
const chapters = listNotebooks(root);
const pages = [
  ...chapters.map(pageOf),
  "index.html",
  "dados.html",
  "search.html",
  "98-especial.html",
];
let browser, special, failing;

before(async () => {
  if (skip) return;
  mkdirSync(work, { recursive: true });
  mkdirSync(photos, { recursive: true });
  special = writeNotebook(work, "98-especial.ipynb", specialCells);
  failing = writeNotebook(work, "99-falha.ipynb", failingCells);
  const sources = [...chapters.map((name) => join(root, "notebooks", name)), special];
  await publish(sources, site, { work, url: "https://exemplo.org/caderno/" });
  browser = await launchChromium();
});
after(() => browser?.close());

function pageOf(name) {
  return name.replace(".ipynb", ".html");
}
const read = (name) => readFileSync(join(site, name), "utf8");
const kilobytes = (bytes) => `${Math.round(bytes / 1000).toLocaleString("pt-BR")} kB`;

test("as páginas são as dos capítulos, a primeira, a dos dados e a busca", { skip }, () => {
  const found = readdirSync(site).filter((name) => name.endsWith(".html"));
  assert.deepEqual(found.sort(), [...pages].sort());
});

for (const name of pages)
  test(
    `${name}: sozinha, sem erro, acessível e desenhada`,
    { skip, timeout: 300_000 },
    async () => {
      const page = await visit(browser, join(site, name));
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll(".bd-article .highlight pre")]
          .filter((block) => !block.closest(".cell_output"))
          .filter((block) => block.scrollWidth > block.clientWidth)
          .map((block) => block.textContent.slice(0, 80)),
      );
      assert.deepEqual(wide, [], "código cortado a 1280 pixels");
      const plots = await allPlotsDrawn(page);
      assert.deepEqual(await page.evaluate(blankBands), []);
      assert.equal(plots, read(name).split('class="figura-desenho"').length - 1);
      assert.deepEqual(await seriousFaults(page, { code: false }), []);
      assertAlone(page);
      assert.equal(await page.locator("html").getAttribute("lang"), "pt-BR");
      const first = await page.evaluate(() => performance.getEntriesByName("figura")[0]?.startTime);
      const bytes = page.requests
        .filter((url) => url.startsWith("file:"))
        .reduce((sum, url) => sum + statSync(new URL(url.replace(/[?#].*/, ""))).size, 0);
      assert.ok(bytes < 6e6, `${name}: ${kilobytes(bytes)}; o limite é 6.000 kB`);
      const time = first ? `, primeira figura em ${Math.round(first)} ms` : "";
      console.log(`  ${name}: ${kilobytes(bytes)}, ${plots} figuras${time}`);
      await page.screenshot({ path: join(photos, name.replace(".html", ".png")) });
      await page.context().close();
    },
  );

/** As faixas vazias de mais de 40 pixels acima da primeira coisa desenhada em uma figura e abaixo da legenda dela. */
function blankBands() {
  const box = (node) => node.getBoundingClientRect();
  return [...document.querySelectorAll(".figura")]
    .filter((figure) => figure.offsetParent)
    .flatMap((figure) => {
      const legend = figure.querySelector(".legend");
      const next = figure.closest(".cell")?.nextElementSibling;
      const caption = figure.querySelector("figcaption");
      return [
        legend && ["acima", Math.round(box(legend).top - box(figure).top)],
        next && ["abaixo", Math.round(box(next).top - box(caption).bottom)],
      ].filter((band) => band?.[1] > 40);
    });
}

test(
  "no escuro, as figuras se leem e nada fica sem contraste",
  { skip, timeout: 300_000 },
  async () => {
    const page = await visit(browser, join(site, pageOf(chapters.at(-1))), { dark: true });
    await allPlotsDrawn(page);
    const [background, ink] = await page.evaluate(() => {
      const label = document.querySelector(".figura-desenho .xtick text");
      const plot = label.closest(".figura-desenho");
      return [plot.querySelector(".main-svg").style.background, getComputedStyle(label).fill];
    });
    assert.match(background, /rgb\(18, 18, 18\)/);
    assert.match(ink, /rgb\((20\d|21\d|22\d|23\d)/);
    assert.deepEqual(await seriousFaults(page, { code: false }), []);
    assertAlone(page);
    await page.screenshot({ path: join(photos, "escuro.png") });
    await page.context().close();
  },
);

test("no escuro, o código se lê", { skip, timeout: 60_000 }, async () => {
  const page = await visit(browser, join(site, "98-especial.html"), { dark: true });
  assert.deepEqual(await seriousFaults(page), []);
  await page.context().close();
});

test("num telefone, nada passa da largura da tela", { skip, timeout: 300_000 }, async () => {
  for (const name of [...chapters.map(pageOf), "98-especial.html", "index.html"]) {
    const page = await visit(browser, join(site, name), { width: 400 });
    await allPlotsDrawn(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 400, name);
    await page.screenshot({ path: join(photos, `telefone-${name.replace(".html", ".png")}`) });
    await page.context().close();
  }
});

test("no papel, as figuras estão todas e são claras", { skip, timeout: 300_000 }, async () => {
  const page = await visit(browser, join(site, pageOf(chapters.at(-1))), { dark: true });
  await allPlotsDrawn(page);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const papers = await page.evaluate(() =>
    [...document.querySelectorAll(".figura-desenho")].map(
      (plot) => plot.querySelector(".main-svg")?.style.background,
    ),
  );
  assert.ok(papers.length > 0 && papers.every((paper) => /white|255, 255, 255/.test(paper)));
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.context().close();
});

test("um controle movido muda o desenho", { skip, timeout: 60_000 }, async () => {
  const name = chapters.map(pageOf).find((page) => read(page).includes("caderno-explorador"));
  const page = await visit(browser, join(site, name));
  const explorer = page.locator(".caderno-explorador").first();
  const before = await explorer.locator(".desenho").innerHTML();
  await explorer.locator("input").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await explorer.locator(".desenho").innerHTML(), before);
  assertAlone(page);
  await page.context().close();
});

test(
  "a busca acha sem acentos e por sinônimos, o glossário antes, e leva à seção",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "index.html"));
    await page.keyboard.press("Control+k");
    await page.keyboard.type("espaco amostral");
    await page.keyboard.press("Enter");
    const first = page.locator("#busca-resultados a").first();
    await first.waitFor();
    assert.match(await first.textContent(), /^espaço amostral \(sample space\)/);
    await page.screenshot({ path: join(photos, "busca.png") });
    await page
      .getByRole("link", { name: /^\d.*Espaço amostral/ })
      .first()
      .click();
    await page.waitForURL(/modelagem.*#/);
    const target = new URL(page.url()).hash.slice(1);
    assert.ok(await page.locator(`[id="${target}"]`).isVisible());
    assertAlone(page);
    const other = await visit(browser, join(site, "search.html"), { hash: "?q=descarte" });
    const term = other.locator("#busca-resultados a").first();
    assert.match(await term.textContent(), /^dropout/);
    await term.click();
    await other.waitForURL(/profundo.html#glossario/);
    await page.context().close();
    await other.context().close();
  },
);

test(
  "um termo do glossário mostra a definição com o foco e com o ponteiro, e Esc a fecha",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "98-especial.html"));
    const word = page.locator(".termo", { hasText: /^verossimilhança$/ });
    const note = page.locator(".termo-nota:popover-open");
    for (const how of ["focus", "hover"]) {
      await word[how]();
      await note.waitFor();
      assert.match(await note.innerText(), /^verossimilhança \(likelihood\): .* Capítulo 1\.$/s);
      assert.deepEqual(await seriousFaults(page, { code: false }), []);
      await page.keyboard.press("Escape");
      await note.waitFor({ state: "detached" });
    }
    assertAlone(page);
    await page.context().close();
  },
);

test("nenhum link interno leva a nada", { skip }, () => {
  const ids = new Map(
    pages.map((name) => [
      name,
      new Set([...read(name).matchAll(/ id="([^"]+)"/g)].map((m) => m[1])),
    ]),
  );
  for (const name of pages)
    for (const [, href] of read(name).matchAll(/<a [^>]*href="([^"]+)"/g)) {
      if (/^(https?:|mailto:)/.test(href)) continue;
      const [file, hash] = href.split("#");
      assert.ok(existsSync(join(site, file || name)), `${name}: ${href}`);
      if (hash && file.endsWith(".html") !== false && ids.has(file || name))
        assert.ok(ids.get(file || name).has(decodeURIComponent(hash)), `${name}: ${href}`);
    }
});

test("títulos, descrições, mapa do site e cadernos para baixar", { skip }, () => {
  for (const name of [...chapters.map(pageOf), "index.html"]) {
    const html = read(name);
    assert.match(html, /<title>[^<]+<\/title>/);
    assert.match(html, /<meta content="[^"]{20,}" lang="pt-BR" name="description"/);
    assert.match(html, /<meta content="[^"]+" property="og:title"/);
    assert.match(html, /<link rel="canonical" href="https:\/\/exemplo\.org\/caderno\//);
  }
  const map = read("sitemap.xml");
  for (const name of chapters) {
    assert.ok(map.includes(`<loc>https://exemplo.org/caderno/${pageOf(name)}</loc>`));
    assert.ok(read(pageOf(name)).includes(`href="cadernos/${name}"`));
    assert.equal(JSON.parse(read(join("cadernos", name))).nbformat, 4);
  }
});

test(
  "figuras e equações numeradas, referências, caixas e respostas recolhidas",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "98-especial.html"));
    const references = await page.locator("a.numerada").allTextContents();
    assert.deepEqual(references, ["Figura 98.1", "Equação 98.1"]);
    assert.match(await page.locator("#fig-pontos figcaption").textContent(), /^Figura 98\.1 /);
    assert.equal(await page.locator("#eq-nota .eqno").textContent(), "(98.1)");
    assert.equal(await page.locator(".katex-html").count(), 3);
    assert.ok(await page.locator(".alert .katex-html").isVisible());
    const answer = page.locator("details.hide", { hasText: "Mostrar a solução" });
    assert.equal(await answer.getByText("42").isVisible(), false);
    await answer.locator("summary").click();
    assert.ok(await answer.getByText("42").first().isVisible());
    await page.context().close();
  },
);

test(
  "o que só confere é uma linha, que se abre pelo teclado; a conferência de um exercício diz o que é",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "98-especial.html"));
    const claim = page.locator(".tag_conferido details");
    assert.equal((await claim.locator("summary").innerText()).trim(), "conferido: o segredo é 42");
    assert.ok((await claim.boundingBox()).height < 40);
    await claim.locator("summary").focus();
    await page.keyboard.press("Enter");
    const code = await claim.locator("pre").innerText();
    assert.match(code, /^claims\(\{/);
    assert.ok(await page.getByText("Como a resposta é conferida").isVisible());
    await page.context().close();
  },
);

test(
  "a seção diz se é essencial ou aprofunda, e o índice da página também",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "98-especial.html"));
    assert.equal(await page.locator("section .trilha.aprofunda").innerText(), "aprofunda");
    const link = page.locator(".bd-toc-nav a", { hasText: "O detalhe" });
    assert.match(await link.evaluate((a) => getComputedStyle(a, "::after").content), /aprofunda/);
    await page.context().close();
  },
);

test(
  "uma figura se abre em tamanho grande e se fecha com Esc, e o foco volta",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "98-especial.html"));
    await page.locator("#fig-pontos .ampliar").focus();
    await page.keyboard.press("Enter");
    const large = page.locator("dialog.figura-grande .main-svg").first();
    await large.waitFor();
    assert.ok((await large.boundingBox()).width > 1100);
    await page.screenshot({ path: join(photos, "ampliada.png") });
    await page.keyboard.press("Escape");
    await large.waitFor({ state: "detached" });
    assert.ok(await page.locator("#fig-pontos .ampliar").evaluate((b) => b === document.activeElement)); // prettier-ignore
    assertAlone(page);
    await page.context().close();
  },
);

test(
  "o código se copia, e anterior e próximo se alcançam pelo teclado",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, pageOf(chapters[1])));
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copy = page.locator(".cell_input .copiar").first();
    await copy.focus();
    await page.keyboard.press("Enter");
    await copy.filter({ hasText: "Copiado" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const code = await page.locator(".cell_input pre").first().textContent();
    assert.equal(copied, code.trimEnd());
    for (const [link, name] of [
      [".left-prev", chapters[0]],
      [".right-next", chapters[2]],
    ]) {
      assert.equal(await page.locator(link).getAttribute("href"), pageOf(name));
      assert.equal(await page.locator(link).evaluate((node) => node.tabIndex), 0);
    }
    await page.locator(".right-next").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(pageOf(chapters[2])));
    await page.context().close();
  },
);

test(
  "a primeira página mostra de cada capítulo a capa, a promessa, o tempo e o que vem antes",
  { skip, timeout: 60_000 },
  async () => {
    const page = await visit(browser, join(site, "index.html"));
    await allPlotsDrawn(page);
    for (const name of chapters.slice(1)) {
      const card = page.locator(".capitulo", { has: page.locator(`a[href="${pageOf(name)}"]`) });
      assert.equal((await card.locator(".main-svg").count()) > 0, true, `${name}: sem capa`);
      assert.match(await card.innerText(), /a máquina leva .*núcleos/, name);
      assert.match(await card.innerText(), /Antes: /, name);
    }
    await page.context().close();
  },
);

/** Os textos hostis aparecem como texto, e nenhum rodou. */
async function assertHarmless(page, places) {
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(() => globalThis.invaded), undefined);
  for (const place of places) {
    const text = await page
      .locator(place)
      .first()
      .evaluate((node) => node.textContent);
    assert.ok(text.includes(EVIL_TEXT), `${place}: ${text}`);
  }
}

test("textos hostis aparecem como texto, no site", { skip, timeout: 60_000 }, async () => {
  const page = await visit(browser, join(site, "98-especial.html"));
  await allPlotsDrawn(page);
  await assertHarmless(page, [
    "figcaption",
    ".xtitle",
    ".ytitle",
    ".legendtext",
    ".output.stream",
    ".output.text_plain",
    "caption",
    ".caderno-explorador .titulo",
  ]);
  assertAlone(page);
  await page.context().close();
});

test(
  "um capítulo em um arquivo só: sozinho, sem erro, desenhado, com fórmulas",
  { skip, timeout: 300_000 },
  async () => {
    const name = chapters.at(-1);
    const file = join(work, pageOf(name));
    await exportChapter(join(root, "notebooks", name), file);
    const page = await visit(browser, file);
    assert.ok((await allPlotsDrawn(page)) > 0);
    assert.ok((await page.locator(".katex-html").count()) > 0);
    assert.equal(page.requests.filter((url) => !url.startsWith("data:")).length, 1);
    assert.equal(readFileSync(file, "utf8").split("plotly.js v").length - 1, 1);
    assert.deepEqual(await seriousFaults(page, { code: false }), []);
    assertAlone(page);
    console.log(`  ${pageOf(name)}, em um arquivo: ${kilobytes(statSync(file).size)}`);
    await page.screenshot({ path: join(photos, "um-arquivo.png") });
    await page.context().close();

    const other = join(work, "98-especial.html");
    await exportChapter(special, other);
    const hostile = await visit(browser, other);
    await allPlotsDrawn(hostile);
    await assertHarmless(hostile, [
      "figcaption",
      ".xtitle",
      ".legendtext",
      ".output.stream",
      "caption",
    ]);
    assertAlone(hostile);
    await hostile.context().close();
  },
);

test(
  "uma célula que falha: diz capítulo, célula e erro, e o site de antes continua",
  { skip, timeout: 60_000 },
  async () => {
    const before = readdirSync(site, { recursive: true }).length;
    const index = read("index.html");
    await assert.rejects(publish([failing], site, { work }), {
      name: "UserError",
      message: /^99-falha\.ipynb não executou até o fim: célula 2, RangeError: fora do mapa/,
    });
    assert.equal(readdirSync(site, { recursive: true }).length, before);
    assert.equal(read("index.html"), index);
    const file = join(work, "99-falha.html");
    await assert.rejects(exportChapter(failing, file), /célula 2, RangeError: fora do mapa/);
    assert.equal(existsSync(file), false);
  },
);

test(
  "uma página que o Sphinx não aceita deixa o site de antes, e nada pela metade",
  { skip, timeout: 60_000 },
  async () => {
    const index = read("index.html");
    const broken = writeNotebook(work, "97-quebrado.ipynb", [
      {
        cell_type: "markdown",
        metadata: {},
        source: "# 97 · Quebrado\n\n[longe](96-nenhum.ipynb)",
      },
    ]);
    await assert.rejects(publish([broken], site, { work: join(work, "quebrado") }), /97-quebrado/);
    assert.equal(read("index.html"), index);
    const left = readdirSync(join(work, "quebrado")).filter((name) => name.startsWith("novo-"));
    assert.deepEqual(left, []);
    rmSync(join(work, "quebrado"), { recursive: true });
  },
);

import assert from "node:assert/strict";
import { test } from "node:test";
import { termPassages, withDefinitions } from "./glossary.mjs";

const terms = [
  { pt: "densidade", en: "density", definition: "quanto pesa, $p(x \\mid y)$", chapter: 1 },
  { pt: "densidade tratável", en: "tractable density", definition: "com fórmula", chapter: 1 },
  { pt: "mapa", en: "map", definition: "de todo dia", chapter: 1, hover: false },
  { pt: "dropout", en: "dropout", synonyms: ["descarte"], definition: "zerar", chapter: 2 },
];
const page = (body) => `<nav><p>densidade</p></nav><article>${body}</article><p>densidade</p>`;
const define = (body, chapter = 2) => withDefinitions(page(body), terms, chapter);
const words = (body, chapter) =>
  [...define(body, chapter).matchAll(/<span class="termo"[^>]*>([^<]*)</g)].map(([, word]) => word);

test("um termo mostra a definição, com a fórmula por fazer", () => {
  const mark = '<span class="termo" tabindex="0" aria-describedby="termo-0">Densidades</span>';
  const note =
    '<div class="termo-nota" id="termo-0" role="tooltip" popover><strong>densidade</strong> (<em lang="en">density</em>): ' +
    'quanto pesa, <span class="math">p(x \\mid y)</span>. Capítulo 1.</div>';
  assert.equal(define("<p>Densidades.</p>"), page(`<p>${mark}.</p>${note}`));
});

test("o nome mais longo vale, e um sinônimo também", () =>
  assert.deepEqual(words("<p>densidade tratável e descarte</p>"), [
    "densidade tratável",
    "descarte",
  ]));

test("cada termo, uma vez por seção ##", () => {
  const body =
    "<section><p>densidade</p><section><p>densidade, densidade</p>" +
    "<section><p>densidade</p></section></section><section><p>densidades</p></section></section>";
  assert.deepEqual(words(body), ["densidade", "densidade", "densidades"]);
});

test("onde o texto o apresenta, em negrito, e dali até o fim da seção, não", () =>
  assert.deepEqual(words("<p>a <strong>densidade</strong>: densidade</p>"), []));

for (const [name, body, chapter] of [
  ["em código", "<p><code>densidade</code></p><pre><p>densidade</p></pre>"],
  ["em títulos", "<h2>densidade</h2>"],
  ["em links", '<p><a href="#">a densidade</a></p>'],
  ["em fórmulas", '<p><span class="math">densidade</span></p>'],
  ["em tabelas", "<table><tr><td><p>densidade</p></td></tr></table>"],
  ["em células", '<div class="cell tag_x docutils container"><p>densidade</p></div>'],
  ["no glossário", '<section id="glossario"><p>densidade</p></section>'],
  ["em comentários", "<p><!-- densidade --></p>"],
  ["em atributos", '<p title="densidade"></p>'],
  ["a palavra do dia a dia", "<p>mapa</p>"],
  ["o termo de um capítulo seguinte", "<p>dropout</p>", 1],
  ["fora dos capítulos", "<p>densidade</p>", "I"],
])
  test(`sem definição: ${name}`, () => assert.equal(define(body, chapter), page(body)));

test("o que vem depois de uma parte sem definição volta a ter", () =>
  assert.deepEqual(words('<p><a href="#">x</a><br>densidade</p>'), ["densidade"]));

test("a busca acha um termo pelo inglês e pelos sinônimos, nos capítulos que há", () => {
  const chapters = [{ name: "02-redes.ipynb", title: "2 · Redes" }];
  assert.deepEqual(termPassages(terms, chapters), [
    {
      id: "termo-3",
      page: "2 · Redes",
      url: "02-redes.html#glossario",
      title: "dropout (dropout)",
      text: "zerar. Também: descarte.",
    },
  ]);
  const [first] = termPassages(terms, [{ name: "01-a.ipynb", title: "1" }]);
  assert.equal(first.text, "quanto pesa, p(x | y).");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { table, type TableCell } from "./table";

const bundle = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

const rows = [
  { modelo: "retângulo", "NLL (nats)": 11.0789, parâmetros: 4, "na terra": false },
  { modelo: "mistura <30>", "NLL (nats)": 10.2, parâmetros: 12345, "na terra": null },
];

test("em texto: colunas alinhadas e números brasileiros", () => {
  const text = bundle(table(rows, { caption: "Placar", digits: { "NLL (nats)": 2 } }))[
    "text/plain"
  ];
  assert.equal(
    text,
    [
      "Placar",
      "modelo        NLL (nats)  parâmetros  na terra",
      "────────────  ──────────  ──────────  ────────",
      "retângulo          11,08           4  não",
      "mistura <30>       10,20      12.345  –",
    ].join("\n"),
  );
});

test("em HTML: legenda, escopos, números à direita, e nenhum texto é obedecido", () => {
  const html = bundle(table(rows, { caption: "Placar & <b>mais</b>" }))["text/html"];
  assert.match(html, /<caption[^>]*>Placar &#38; &#60;b&#62;mais/);
  assert.equal(html.match(/<th scope="col"/g)?.length, 4);
  assert.equal(html.match(/<th scope="row"/g)?.length, 2);
  assert.match(html, /<td style="[^"]*text-align:right[^"]*">11,079<\/td>/);
  assert.match(html, /mistura &#60;30&#62;/);
  assert.ok(!html.includes("<30>") && !html.includes("<b>"));
});

test("um só número de casas serve a todas as colunas", () => {
  const text = bundle(table([{ a: "x", b: 1, c: 2.34 }], { caption: "t", digits: 1 }))[
    "text/plain"
  ];
  assert.match(text, /x +1,0 +2,3/);
});

test("recusa tabelas tortas, e diz onde está a falha", () => {
  const make = (bad: unknown[], options: object = { caption: "t" }) =>
    table(bad as Record<string, TableCell>[], options as { caption: string });
  assert.throws(() => make([]), { name: "TypeError", message: /ao menos uma linha/ });
  assert.throws(() => make([{}]), { name: "TypeError", message: /não tem colunas/ });
  assert.throws(() => make([{ a: 1 }], {}), { name: "TypeError", message: /caption/ });
  assert.throws(() => make([{ a: 1, b: 2 }, { a: 1 }]), /falta a coluna "b" na linha 2/);
  assert.throws(() => make([{ a: 1 }, { a: 1, b: 2 }]), /linha 2 tem a coluna "b"/);
  assert.throws(() => make([{ a: [1] }]), /"a" na linha 1 .* recebi object/);
  assert.throws(() => make([{ a: 1 }], { caption: "t", digits: { b: 1 } }), /coluna "b"/);
  assert.throws(() => make([{ a: 1 }], { caption: "t", digits: -1 }), RangeError);
});

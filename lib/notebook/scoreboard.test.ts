import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreboard, type ScoreRow } from "./scoreboard";

const bundle = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

const columns = {
  nll: { title: "NLL (nats)", better: "lower" },
  hits: { title: "acertos (%)", better: "higher", digits: 0 },
} as const;
const rows: ScoreRow<"nll" | "hits">[] = [
  { name: "retângulo", kind: "baseline", scores: { nll: 11.024, hits: 30 } },
  { name: "publicado", kind: "reference", source: "Fulana, 2020, tabela 1", scores: { nll: 10.3 } },
  { name: "histograma", kind: "ours", scores: { nll: Infinity, hits: 80.4 } },
  { name: "mistura", kind: "ours", scores: { nll: { value: 10.21, uncertainty: 0.013 }, hits: 69 } }, // prettier-ignore
  { name: "a verdade", kind: "floor", scores: { nll: 9.83, hits: 100 } },
];
const options = { caption: "Placar <1>", uncertainty: "desvio-padrão em 20 sementes" };

test("o piso à parte, os outros do melhor ao pior, o melhor dos nossos marcado em cada medida", () => {
  const board = scoreboard(columns, rows, options);
  assert.deepEqual(
    board.rows.map(({ name }) => name),
    ["a verdade", "mistura", "publicado", "retângulo", "histograma"],
  );
  assert.deepEqual(board.best, { nll: "mistura", hits: "histograma" });
  assert.equal(
    bundle(board)["text/plain"],
    [
      "Placar <1>",
      "modelo                      NLL (nats)\u00a0↓  acertos (%)\u00a0↑",
      "────────────────────────  ──────────────  ─────────────",
      "a verdade (piso)                    9,83            100",
      "────────────────────────  ──────────────  ─────────────",
      "mistura (nosso)           ★ 10,21 ± 0,01             69",
      "publicado (referência)             10,30              –",
      "retângulo (base trivial)           11,02             30",
      "histograma (nosso)                     ∞           ★ 80",
      "↓ menor é melhor · ↑ maior é melhor · ★ o melhor dos nossos · ± desvio-padrão em 20 sementes",
      "publicado: Fulana, 2020, tabela 1",
    ].join("\n"),
  );
});

test("quando mais é melhor, a ordem se inverte; o que não se mediu fica no fim", () => {
  const { hits, nll } = columns;
  const board = scoreboard({ hits: hits, nll: nll }, rows, options);
  assert.deepEqual(
    board.rows.map(({ name }) => name),
    ["a verdade", "histograma", "mistura", "retângulo", "publicado"],
  );
});

test("em HTML: traço depois do piso, negrito no melhor, e nenhum texto é obedecido", () => {
  const html = bundle(scoreboard(columns, rows, options))["text/html"];
  assert.equal(html.match(/border-top/g)?.length, 3);
  assert.match(html, /<tr><th scope="row" style="[^"]*border-top[^"]*">mistura<br><small[^>]*>nosso</);
  assert.deepEqual(html.match(/<strong>[^<]*/g), ["<strong>★ 10,21", "<strong>★ 80"]);
  assert.match(html, /white-space:nowrap"><strong>★ 10,21<\/strong><br><small[^>]*>± 0,01</);
  assert.match(html, /Placar &#60;1&#62;/);
  assert.ok(!html.includes("<1>"));
}); // prettier-ignore

test("empates são marcados juntos; sem nossos não há melhor, sem piso não há traço", () => {
  const tie = [1, 2].map((i) => ({ name: `m${i}`, kind: "ours" as const, scores: { nll: 3 } }));
  const board = scoreboard({ nll: columns.nll }, tie, { caption: "t" });
  assert.equal(bundle(board)["text/plain"].match(/★ 3,00/g)?.length, 2);
  assert.equal(board.best.nll, "m1");
  assert.ok(!bundle(board)["text/html"].includes("border-top"));
  const none = scoreboard(columns, rows.slice(0, 2), { caption: "t" });
  assert.deepEqual(none.best, { nll: undefined, hits: undefined });
  assert.ok(!bundle(none)["text/plain"].includes("★"));
});

test("o piso vem primeiro mesmo sem medida; um igual que não é nosso não é marcado; undefined é não medido", () => {
  const board = scoreboard(
    columns,
    [
      { name: "base", kind: "baseline", scores: { nll: 3, hits: undefined } },
      { name: "nosso", kind: "ours", scores: { nll: 3 } },
      { name: "piso", kind: "floor", scores: { hits: 100 } },
      { name: "livro", kind: "reference", source: "<i>x</i>", scores: {} },
    ],
    { caption: "t" },
  );
  assert.deepEqual(board.rows.map(({ name }) => name), ["piso", "base", "nosso", "livro"]); // prettier-ignore
  assert.equal(bundle(board)["text/plain"].match(/★ 3,00/g)?.length, 1);
  assert.match(bundle(board)["text/html"], /livro: &#60;i&#62;x/);
});

const bounded = (bounds: ScoreRow<"nll" | "hits">["bounds"]) =>
  scoreboard(columns, [{ ...rows[3], bounds }], options);

test("limites: respeitados, passam; senão, um erro que diz qual", () => {
  bounded({ nll: { below: 10.3, above: 10 }, hits: { above: 68 } });
  for (const [bounds, message] of [
    [{ nll: { below: 10.2 } }, "placar: mistura: NLL (nats) deve ficar abaixo de 10,2, mas deu 10,21"],
    [{ nll: { below: 10.21 } }, "placar: mistura: NLL (nats) deve ficar abaixo de 10,21, mas deu 10,21"],
    [{ nll: { above: 10.21 } }, "placar: mistura: NLL (nats) deve ficar acima de 10,21, mas deu 10,21"],
    [{ nll: { above: 10, below: 10.1 } }, "placar: mistura: NLL (nats) deve ficar acima de 10 e abaixo de 10,1, mas deu 10,21"],
    [{ nll: { above: 10.3, below: 11 } }, "placar: mistura: NLL (nats) deve ficar acima de 10,3 e abaixo de 11, mas deu 10,21"],
    [{ hits: { below: NaN } }, "placar: mistura: acertos (%) deve ficar abaixo de NaN, mas deu 69"],
  ] as const) assert.throws(() => bounded(bounds), { name: "AssertionError", message: message });
  const unmeasured = { ...rows[1], bounds: { hits: { above: 1 } } };
  assert.throws(() => scoreboard(columns, [unmeasured], options), {
    name: "AssertionError",
    message: "placar: publicado: acertos (%) deve ficar acima de 1, mas não foi medida",
  });
}); // prettier-ignore

for (const [name, args, kind, message] of [
  ["sem medidas", [{}, rows, options], TypeError, /ao menos uma medida/],
  [
    "medida sem título",
    [{ nll: { title: " ", better: "lower" } }, rows, options],
    TypeError,
    /título da medida "nll"/,
  ],
  [
    "direção desconhecida",
    [{ nll: { title: "a", better: "↓" } }, rows, options],
    TypeError,
    /"nll" deve ser "lower" ou "higher", recebi ↓/,
  ],
  ["sem linhas", [columns, [], options], TypeError, /ao menos uma linha/],
  ["sem legenda", [columns, rows, { caption: "" }], TypeError, /caption/],
  ["linha sem nome", [columns, [{ ...rows[0], name: "" }], options], TypeError, /nome da linha 1/],
  [
    "nome repetido",
    [columns, [rows[0], rows[0]], options],
    TypeError,
    /duas linhas de nome "retângulo"/,
  ],
  [
    "tipo desconhecido",
    [columns, [{ ...rows[0], kind: "nosso" }], options],
    TypeError,
    /kind de "retângulo" .*recebi nosso/,
  ],
  [
    "referência sem fonte",
    [columns, [{ ...rows[1], source: " " }], options],
    TypeError,
    /precisa de fonte/,
  ],
  [
    "fonte de quem não é referência",
    [columns, [{ ...rows[0], source: "x" }], options],
    TypeError,
    /só uma referência/,
  ],
  [
    "medida que não existe",
    [columns, [{ ...rows[0], scores: { nnl: 1 } }], options],
    TypeError,
    /"retângulo" fala da medida "nnl"/,
  ],
  [
    "limite do que não existe",
    [columns, [{ ...rows[0], bounds: { nnl: { below: 1 } } }], options],
    TypeError,
    /medida "nnl"/,
  ],
  [
    "limite que nada diz",
    [columns, [{ ...rows[0], bounds: { nll: {} } }], options],
    TypeError,
    /não dizem nada/,
  ],
  [
    "NaN",
    [columns, [{ ...rows[0], scores: { nll: NaN } }], options],
    RangeError,
    /"nll" de "retângulo" deve ser um número, recebi NaN/,
  ],
  [
    "null",
    [columns, [{ ...rows[0], scores: { nll: null } }], options],
    RangeError,
    /recebi undefined/,
  ],
  ["texto", [columns, [{ ...rows[0], scores: { nll: "1" } }], options], RangeError, /recebi 1/],
  [
    "incerteza negativa",
    [columns, [{ ...rows[0], scores: { nll: { value: 1, uncertainty: -1 } } }], options],
    RangeError,
    /incerteza .* ≥ 0, recebi -1/,
  ],
  [
    "incerteza sem explicação",
    [columns, rows, { caption: "t" }],
    TypeError,
    /diga em options\.uncertainty/,
  ],
] as [string, unknown[], new () => Error, RegExp][])
  // prettier-ignore
  test(`placar recusa: ${name}`, () => {
    assert.throws(
      () => (scoreboard as (...args: unknown[]) => unknown)(...args),
      (error: Error) => error instanceof kind && message.test(error.message),
    );
  });

test("o TypeScript recusa medidas que não estão nas colunas", () => {
  const wrong = [{ name: "a", kind: "ours" as const, scores: { nnl: 1 } }];
  // @ts-expect-error
  assert.throws(() => scoreboard(columns, wrong, options), TypeError);
  // @ts-expect-error
  assert.throws(() => scoreboard(columns, [{ name: "a", kind: "ours", scores: { x: 1 } }], options), TypeError); // prettier-ignore
});

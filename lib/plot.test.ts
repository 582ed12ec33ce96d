import assert from "node:assert/strict";
import { test } from "node:test";
import { area, bars, colors, curve, figure, grid, heatmap, histogram, horizontalLine, imageGrid, line, lines, rectangle, scatter, text, verticalLine, type Mark } from "./plot"; // prettier-ignore

const bundleOf = (value: object) =>
  (value as Record<symbol, () => Record<string, unknown>>)[Symbol.for("Jupyter.display")]();
const axes = { x: "x (cm)", y: "densidade (1/cm)" };
const draw = (...marks: Mark[]) => figure({ title: "t", alt: "a", ...axes, marks });
const square = [[0, 0], [2, 0], [2, 1], [0, 0]]; // prettier-ignore

/** Toda marca, como um caderno a faria. */
const everyMark: Record<string, Mark> = {
  histogram: histogram(Float64Array.of(1, 2, 2, 3), { bins: 4, name: "h" }),
  curve: curve((x) => x * x, { from: 0, to: 2, name: "c", dash: "dash" }),
  line: line(square, { width: 1 }),
  lines: lines([square, [new Float64Array(2)]]),
  scatter: scatter(square, { labels: ["a", "b", "c", "d"] }),
  categories: scatter(square, { categories: ["a", "b", "a", "c"] }),
  values: scatter(square, { values: Float32Array.of(1, 2, 3, 4), title: "v (m)" }),
  area: area([square]),
  rectangle: rectangle([0, 0], [1, 2], { name: "r" }),
  verticalLine: verticalLine(1, { name: "v" }),
  horizontalLine: horizontalLine(1, { color: "red" }),
  text: text([1, 2], "aqui", { anchor: "above" }),
  heatmap: heatmap((p) => p[0], { low: [0, 0], high: [1, 1], title: "v (m)" }),
};

test("uma figura é JSON puro, com sua descrição em texto", () => {
  const shown = figure({ title: "t", alt: "descrição", ...axes, marks: Object.values(everyMark) });
  const bundle = bundleOf(shown);
  const json = bundle["application/vnd.plotly.v1+json"];
  assert.equal(typeof json, "object");
  assert.deepEqual(JSON.parse(JSON.stringify(json)), json); // nada de Float64Array, undefined, NaN ou função
  assert.equal(bundle["text/plain"], "descrição");
  assert.deepEqual(shown.layout.meta, { alt: "descrição" });
  assert.equal(shown.layout.separators, ",.");
  assert.ok(!("responsive" in shown.config), "o JupyterLab achata figuras responsivas");
});

test("histogram: as barras têm a densidade dos dados e área 1", () => {
  const [trace] = draw(histogram([0, 1, 1, 2, 3, 4], { bins: 4, from: 0, to: 4 })).data;
  assert.deepEqual(trace.x, [0.5, 1.5, 2.5, 3.5]);
  assert.deepEqual(
    trace.y,
    [1 / 6, 2 / 6, 1 / 6, 2 / 6].map((v) => Number(v.toFixed(5))),
  ); // o 4 cai na última barra
  assert.equal(trace.width, 1);
  const [half] = draw(histogram([0, 0.4, 0.6, 1.9], { bins: 4, from: 0, to: 2 })).data;
  assert.deepEqual([half.x, half.y, half.width], [[0.25, 0.75, 1.25, 1.75], [1, 0.5, 0, 0.5], 0.5]); // prettier-ignore
  const [outside] = draw(histogram([0, 1, 9, 9], { bins: 2, from: 0, to: 2 })).data;
  assert.deepEqual(outside.y, [0.25, 0.25]); // metade dos dados está fora
});

test("curve vai de ponta a ponta; lines deixa uma lacuna entre uma linha e outra", () => {
  const [c] = draw(curve((x) => 2 * x, { from: -1, to: 1, points: 5 })).data;
  assert.deepEqual(c.x, [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(c.y, [-2, -1, 0, 1, 2]);
  const [l] = draw(lines([[[0, 1], [2, 3]], [[4, 5]]])).data; // prettier-ignore
  assert.deepEqual([l.x, l.y], [[0, 2, null, 4], [1, 3, null, 5]]); // prettier-ignore
});

test("as coordenadas guardam passos de 1/10.000 da extensão", () => {
  const [trace] = draw(scatter([[0, 1e9], [179.987654321, 1e9 + 1], [360, 1e9 + 3]])).data; // prettier-ignore
  assert.deepEqual(trace.x, [0, 179.99, 360]);
  assert.deepEqual(trace.y, [1e9, 1e9 + 1, 1e9 + 3]);
  const [same] = draw(scatter([[0.1, 2], [0.1, 2]])).data; // prettier-ignore
  assert.deepEqual(same.x, [0.1, 0.1]);
});

test("heatmap de classes: todos os inteiros nos eixos e as contagens nas células", () => {
  const at = (low: number, grid: number[][]) =>
    draw(heatmap(grid, { low: [low, low], high: [low + 2, low + 2], title: "erros" }));
  const counts = at(-0.5, [[0, 2], [3, 0]]); // prettier-ignore
  const [x, y] = ["xaxis", "yaxis"].map((key) => counts.layout[key] as Record<string, unknown>);
  assert.deepEqual([x.dtick, y.dtick, counts.data[0].texttemplate], [1, 1, "%{z}"]);
  assert.ok(!("texttemplate" in at(-0.5, [[0, 0.5], [3, 0]]).data[0])); // prettier-ignore
  const shifted = at(0, [[0, 2], [3, 0]]); // prettier-ignore
  assert.ok(!("dtick" in (shifted.layout.xaxis as object)) && !("texttemplate" in shifted.data[0]));
});

test("heatmap: a grade, e a função no meio de cada célula; −∞ fica vazio", () => {
  const box = { low: [0, 10], high: [4, 12], title: "v (m)" };
  const [f] = draw(heatmap((p) => p[0] + 100 * p[1], { ...box, resolution: 4 })).data;
  assert.deepEqual(f.z, [[1050.5, 1051.5, 1052.5, 1053.5], [1150.5, 1151.5, 1152.5, 1153.5]]); // prettier-ignore
  assert.deepEqual([f.x0, f.dx, f.y0, f.dy], [0.5, 1, 10.5, 1]);
  const shown = draw(heatmap([[1, 2, 3, 4], [5, 6, 7, -Infinity]], { ...box, range: [0, 9] })); // prettier-ignore
  assert.deepEqual((shown.data[0].z as unknown[])[1], [5, 6, 7, null]);
  assert.deepEqual([shown.data[0].x0, shown.data[0].dx], [0.5, 1]);
  const scale = shown.layout.coloraxis as Record<string, unknown>;
  assert.deepEqual([scale.colorscale, scale.cmin, scale.cmax], ["Viridis", 0, 9]);
  assert.deepEqual((shown.layout.xaxis as { range: number[] }).range, [0, 4]);
});

test("imageGrid põe as imagens em um PNG, linha por linha, 0 preto e 1 branco", () => {
  const images = [[0, 1, 0.5, 2], [1, 1, 1, 1], [0, 0, 0, 0]]; // prettier-ignore
  const shown = figure({
    title: "t",
    alt: "a",
    marks: [imageGrid(images, { width: 2, columns: 2 })],
  });
  const source = String(shown.data[0].source);
  assert.match(source, /^data:image\/png;base64,/);
  const png = Buffer.from(source.split(",")[1], "base64");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [5, 5]); // 2 + vão + 2 pixels em cada direção
  const lines = require("node:zlib").inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  assert.deepEqual([...lines.subarray(0, 6)], [0, 0, 255, 255, 255, 255]); // filtro, preto, branco, vão, branco, branco
  assert.deepEqual([...lines.subarray(6, 9)], [0, 128, 255]); // o 2 é cortado no branco
  assert.deepEqual([...lines.subarray(18, 24)], [0, 0, 0, 255, 255, 255]); // a terceira imagem, e nada ao lado
});

test("um nome tem uma cor e uma entrada na legenda em todos os painéis, e ninguém mais usa a cor", () => {
  const points = [[0, 0], [1, 1]]; // prettier-ignore
  const shown = grid({
    title: "t",
    alt: "a",
    ...axes,
    columns: 2,
    panels: [
      { marks: [line(points, { name: "treino" }), line(points, { name: "teste" })] },
      { title: "B", marks: [line(points), line(points, { name: "teste" }), line(points)] },
      { marks: [scatter(points, { categories: ["sim", "não"] })] },
      { marks: [scatter(points, { categories: ["não", "sim"], color: colors.blue })] },
    ],
  });
  const look = shown.data.map((t) => [
    t.name,
    (t.line as { color?: string } | undefined)?.color,
    t.showlegend,
  ]);
  assert.deepEqual(look.slice(0, 5), [
    ["treino", colors.blue, true],
    ["teste", colors.vermillion, true],
    [undefined, colors.green, false],
    ["teste", colors.vermillion, false],
    [undefined, colors.purple, false],
  ]);
  const dots = shown.data
    .slice(5)
    .map((t) => [t.name, (t.marker as { color: string }).color, t.showlegend]);
  assert.deepEqual(dots, [
    ["sim", colors.green, true],
    ["não", colors.purple, true],
    ["não", colors.purple, false],
    ["sim", colors.green, false],
  ]);
  assert.deepEqual(shown.data.map((t) => t.xaxis), ["x", "x", "x2", "x2", "x2", "x3", "x3", "x4", "x4"]); // prettier-ignore
  assert.equal((shown.layout.xaxis2 as { matches: string }).matches, "x");
  assert.ok(!("title" in (shown.layout.xaxis2 as object)), "só a borda escreve o nome");
});

test("os eixos acabam com o mapa de calor, a menos que algo saia dele", () => {
  const map = heatmap([[1, 2], [3, 4]], { low: [0, 0], high: [2, 2], title: "v (m)" }); // prettier-ignore
  const range = (...marks: Mark[]) => (draw(...marks).layout.xaxis as { range?: number[] }).range;
  assert.deepEqual(range(map, line([[0, 1], [2, 2]])), [0, 2]); // prettier-ignore
  assert.equal(range(map, scatter([[3, 1]])), undefined);
});

test("os painéis partilham o eixo que a grade nomeia e guardam o que eles nomeiam", () => {
  const marks = [line(square)];
  const shown = grid({
    title: "t",
    alt: "a",
    x: "época",
    columns: 2,
    panels: [
      { marks, y: "perda (nats)" },
      { marks, y: "acerto (%)" },
    ],
  });
  const axisOf = (name: string) =>
    shown.layout[name] as { matches?: string; title?: { text: string } };
  assert.equal(axisOf("xaxis2").matches, "x");
  assert.equal(axisOf("yaxis2").matches, undefined);
  assert.equal(axisOf("yaxis2").title?.text, "acerto (%)");
  assert.equal(axisOf("xaxis2").title?.text, "época");
});

test("desenhos sem eixos têm folga em volta e a mesma escala", () => {
  const shown = grid({
    title: "t",
    alt: "a",
    axes: false,
    equal: true,
    columns: 2,
    panels: [{ marks: [line(square)] }, { marks: [line([[0, 0], [1, 10]])] }], // prettier-ignore
  });
  for (const name of ["xaxis", "xaxis2"]) {
    const { visible, range } = shown.layout[name] as { visible: boolean; range: number[] };
    assert.equal(visible, false);
    assert.deepEqual(range, [-0.3, 2.3]);
  }
  const follower = shown.layout.yaxis2 as { scaleanchor?: string; matches?: string };
  assert.deepEqual([follower.scaleanchor, follower.matches], [undefined, "y"]); // o plotly recusa os dois juntos
  const apart = grid({ title: "t", alt: "a", equal: true, columns: 2, panels: [1, 2].map(() => ({ ...axes, marks: [line(square)] })) }); // prettier-ignore
  assert.equal((apart.layout.yaxis2 as { scaleanchor: string }).scaleanchor, "x2");
});

test("dez algarismos: na ordem deles, uma cor cada um; os dois últimos, também outra forma", () => {
  const categories = Array.from({ length: 10 }, (_, i) => `${(7 * i) % 10}`);
  const traces = draw(scatter(categories.map((_, i) => [i, i]), { categories })).data; // prettier-ignore
  const markers = traces.map((t) => t.marker as { color: string; symbol?: string });
  assert.deepEqual(traces.map((t) => t.name), categories.map((_, i) => `${i}`)); // prettier-ignore
  assert.equal(new Set(markers.map(({ color }) => color)).size, 10);
  assert.deepEqual(markers.map(({ symbol }) => symbol), [...Array(8).fill(undefined), "diamond", "diamond"]); // prettier-ignore
});

test("até dezesseis categorias: cor e forma juntas não se repetem", () => {
  const categories = Array.from({ length: 16 }, (_, i) => `classe ${i}`);
  const traces = draw(scatter(categories.map((_, i) => [i, i]), { categories })).data; // prettier-ignore
  assert.equal(new Set(traces.map((t) => JSON.stringify(t.marker))).size, 16);
  const many = [...categories, "mais uma"];
  assert.throws(
    () => scatter(many.map((_, i) => [i, i]), { categories: many }), // prettier-ignore
    { name: "RangeError", message: /16 categorias, recebi 17/ },
  );
});

test("os textos aparecem como são", () => {
  const shown = figure({
    title: "a <b>b</b> & c",
    alt: "a",
    x: "<i>x</i> (cm)",
    y: "y (cm)",
    marks: [line(square, { name: "<u>" }), text([0, 0], "<s>")],
  });
  const all = JSON.stringify([shown.layout.title, shown.layout.xaxis, shown.data[0].name, shown.layout.annotations]); // prettier-ignore
  assert.ok(!/<(b|i|u|s)>/.test(all), all);
  assert.match(all, /a &lt;b>b&lt;\/b> &amp; c/);
});

test("títulos compridos se quebram em linhas, e há lugar para elas", () => {
  const short = figure({ title: "curto", alt: "a", ...axes, marks: [line(square)] });
  const long = figure({ title: "palavra ".repeat(12), alt: "a", ...axes, marks: [line(square)] });
  const titleOf = (shown: typeof long) =>
    shown.layout.title as { text: string; pad: { t: number } };
  assert.equal(titleOf(long).pad.t - titleOf(short).pad.t, 21); // ou o plotly cortaria a primeira linha
  const lines = titleOf(long).text.split("<br>");
  assert.equal(lines.length, 3);
  assert.ok(lines.every((words) => words.length <= 42));
  assert.equal(Number(long.layout.height) - Number(short.layout.height), 42);
});

test("a legenda tem lugar para quantas linhas ocupa em um telefone", () => {
  const named = (n: number) =>
    draw(...Array.from({ length: n }, (_, i) => line(square, { name: `classe ${i}` }))).layout;
  const room = (n: number) => (named(n).margin as { t: number }).t - (named(3).margin as { t: number }).t; // prettier-ignore
  assert.deepEqual([2, 3, 4, 6, 7, 12].map(room), [0, 0, 30, 30, 60, 90]);
  assert.equal(named(1).showlegend, true);
  assert.equal(draw(line(square)).layout.showlegend, false);
});

test("linhas de borda a borda, tracejado e lado do texto", () => {
  const { layout, data } = draw(
    verticalLine(1, { dash: "dot" }),
    horizontalLine(2, { width: 4 }),
    curve((x) => x, { from: 0, to: 1, dash: "dash" }),
    ...(["left", "right", "above", "below"] as const).map((anchor) =>
      text([1, 2], "t", { anchor }),
    ),
  );
  const [vertical, horizontal] = layout.shapes as Record<string, unknown>[];
  assert.deepEqual(["x0", "x1", "y0", "y1", "xref", "yref"].map((key) => vertical[key]), [1, 1, 0, 1, "x", "y domain"]); // prettier-ignore
  assert.deepEqual(["x0", "x1", "y0", "y1", "xref", "yref"].map((key) => horizontal[key]), [0, 1, 2, 2, "x domain", "y"]); // prettier-ignore
  assert.deepEqual([vertical.line, horizontal.line, data[0].line], [
    { color: colors.blue, width: 2.5, dash: "dot" },
    { color: colors.vermillion, width: 4 },
    { color: colors.green, width: 2.5, dash: "dash" },
  ]); // prettier-ignore
  const anchors = (layout.annotations as Record<string, unknown>[]).map(({ xanchor, yanchor }) => [xanchor, yanchor]); // prettier-ignore
  assert.deepEqual(anchors, [["right", "middle"], ["left", "middle"], ["center", "bottom"], ["center", "top"]]); // prettier-ignore
});

test("o que falta a uma figura é pedido em português", () => {
  const marks = [line(square)];
  const make = (options: object) => () =>
    figure({ title: "t", alt: "a", ...axes, marks, ...options });
  assert.throws(make({ title: " " }), { name: "TypeError", message: /falta o título/ });
  assert.throws(make({ alt: "" }), { name: "TypeError", message: /alt/ });
  assert.throws(make({ y: undefined }), {
    name: "TypeError",
    message: /nome do eixo y, com unidade/,
  });
  assert.throws(make({ xRange: [0, NaN] }), { name: "RangeError", message: /xRange.*0,NaN/ });
  assert.throws(make({ marks: [] }), { name: "TypeError", message: /ao menos uma marca/ });
  assert.doesNotThrow(make({ x: undefined, y: undefined, axes: false }));
  const panels = [
    { marks, ...axes },
    { marks, x: "x (cm)" },
  ];
  assert.throws(() => grid({ title: "t", alt: "a", columns: 2, panels }), /eixo y do painel 2/);
  assert.throws(() => grid({ title: "t", alt: "a", columns: 0, panels }), RangeError);
  assert.throws(() => grid({ title: "t", alt: "a", columns: 2, panels: [] }), /ao menos um painel/);
  const [a, b] = ["m", "s"].map((title) => scatter(square, { values: [1, 2, 3, 4], title }));
  assert.throws(() => draw(a, b), /mesma escala.*"m" e "s"/);
});

test("recusa números que o plotly deixaria de fora em silêncio", () => {
  const range = (message: RegExp) => ({ name: "RangeError", message });
  const type = (message: RegExp) => ({ name: "TypeError", message });
  assert.throws(() => histogram([1, NaN]), range(/NaN na posição 1/));
  assert.throws(() => histogram([]), type(/ao menos um número/));
  assert.throws(() => histogram([1, 1]), range(/de 1 a 1/));
  assert.throws(() => histogram([1, 2], { bins: 0 }), range(/bins.*0/));
  assert.throws(() => histogram(["1"] as never), type(/string na posição 0/));
  assert.throws(() => curve(Math.log, { from: 0, to: 1 }), range(/f\(0\).*-Infinity/));
  assert.throws(() => curve(Math.log, { from: 2, to: 1 }), range(/de 2 a 1/));
  assert.throws(() => curve(Math.log, { from: 1, to: 2, points: 1 }), range(/points/));
  assert.throws(() => line([[0, 1], [2, NaN]]), range(/\[2, NaN\] na posição 1/)); // prettier-ignore
  assert.throws(() => line([[0, 1, 2]]), type(/3 números/));
  assert.throws(() => line([]), type(/ao menos um ponto/));
  assert.throws(() => lines([]), type(/ao menos uma linha/));
  assert.throws(() => area([]), type(/ao menos um contorno/));
  assert.throws(() => scatter(square, { categories: ["a"] }), type(/4 pontos e 1 categories/));
  assert.throws(() => scatter(square, { values: [1, 2, 3, 4] }), type(/title/));
  assert.throws(() => scatter(square, { labels: [] }), type(/0 labels/));
  assert.throws(() => bars(["a"], [1, 2]), type(/1 rótulos e 2 valores/));
  assert.throws(() => rectangle([1, 1], [0, 2]), range(/\[1,1\] e \[0,2\]/));
  assert.throws(() => verticalLine(NaN), range(/NaN/));
  assert.throws(() => horizontalLine(Infinity), range(/Infinity/));
  const box = { low: [0, 0], high: [1, 1], title: "v" };
  assert.throws(() => heatmap([[1, NaN]], box), range(/NaN/));
  assert.throws(() => heatmap([[1, 2], [3]], box), type(/2 colunas/)); // prettier-ignore
  assert.throws(() => heatmap([], box), type(/vazia/));
  assert.throws(() => heatmap([[1]], { ...box, title: "" }), type(/title/));
  assert.throws(() => heatmap([[1]], { ...box, range: [2, 1] }), range(/range.*de 2 a 1/));
  assert.throws(() => heatmap(() => 1, { ...box, resolution: 0 }), range(/resolution.*0/));
  assert.throws(() => imageGrid([[1]], { width: 1, columns: 0 }), range(/columns.*0/));
  assert.throws(() => heatmap([[1]], { ...box, high: [0, 1] }), range(/heatmap \(x\)/));
  assert.throws(
    () => imageGrid([[1, 2, 3]], { width: 2 }),
    range(/3 pixels não formam linhas de 2/),
  );
  assert.throws(() => imageGrid([[1, 2], [1]], { width: 1 }), type(/2 pixels/)); // prettier-ignore
  assert.throws(() => imageGrid([[1, NaN]], { width: 1 }), range(/NaN/));
  assert.throws(() => imageGrid([], { width: 1 }), type(/ao menos uma imagem/));
});

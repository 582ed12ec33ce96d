import assert from "node:assert/strict";
import { test } from "node:test";
import { mixture, multivariateNormal, samples, type PointDistribution } from "../distributions";
import { seeded } from "../random";
import { assertClose, lcg } from "../testing";
import { GaussianMixture } from "./gaussianMixture";
import { HistogramDensity } from "./histogramDensity";
import { KernelDensity } from "./kernelDensity";

// Dois grupos de 40 pontos; os valores de referência são de scikit-learn 1.9.1 sobre os mesmos dados.
const low = lcg(40, 3).map((x, i) => [x, 2 * lcg(40, 5)[i]]);
const right = lcg(40, 4).map((x, i) => [x + 3, lcg(40, 6)[i] - 2]);
const Y = [...low, ...right];

/** A integral de exp(logDensity) na caixa, pelo ponto médio. */
function integral(
  model: PointDistribution,
  [x0, y0]: number[],
  [x1, y1]: number[],
  cells = 300,
): number {
  let sum = 0;
  for (let i = 0; i < cells; i++)
    for (let j = 0; j < cells; j++) {
      const point = [x0 + ((i + 0.5) * (x1 - x0)) / cells, y0 + ((j + 0.5) * (y1 - y0)) / cells];
      sum += Math.exp(model.logDensity(point));
    }
  return (sum * (x1 - x0) * (y1 - y0)) / cells ** 2;
}

test("KernelDensity: igual a scikit-learn", () => {
  const at = [[0.5, 0.5], [3.2, -1.5], [10, 10]]; // prettier-ignore
  const narrow = KernelDensity.fit(Y, { bandwidth: 0.2 });
  assertClose(
    at.map((x) => narrow.logDensity(x)),
    [-1.368953179748753, -0.7511648162725959, -1861.277408271938],
    1e-12,
  );
  const wide = KernelDensity.fit(Y, { bandwidth: 1 });
  assertClose(
    at.map((x) => wide.logDensity(x)),
    [-2.8630477761607747, -2.62670660538812, -80.0022874262778],
    1e-12,
  );
  assertClose([narrow.score(Y), wide.score(Y)], [-1.1683389981149124, -2.7639598378531867], 1e-12);
});

test("KernelDensity: a densidade integra 1, e a variância dos sorteios é a dos dados mais bandwidth²", () => {
  const model = KernelDensity.fit(Y, { bandwidth: 0.3 });
  assertClose([integral(model, [-3, -5], [7, 5])], [1], 1e-6);
  const n = 100_000;
  const x = samples(model, n, seeded("kde")).map(([first]) => first);
  const mean = Y.reduce((sum, [first]) => sum + first, 0) / Y.length;
  const variance = Y.reduce((sum, [first]) => sum + (first - mean) ** 2, 0) / Y.length + 0.3 ** 2;
  const measured = x.reduce((sum, xi) => sum + (xi - mean) ** 2, 0) / n;
  assert.ok(
    Math.abs(measured - variance) < 4.5 * variance * Math.sqrt(2 / n),
    `variância ${measured}, esperava ${variance}`,
  );
});

test("GaussianMixture: chega ao ótimo de scikit-learn, e a verossimilhança não diminui", () => {
  const model = GaussianMixture.fit(Y, { nComponents: 2, tol: 1e-12, maxIter: 1000 }, seeded("em"));
  const [a, b] = model.means[0][0] < model.means[1][0] ? [0, 1] : [1, 0];
  assertClose(model.weights, [0.5, 0.5], 1e-6);
  assertClose(model.means[a], [0.42968245944939554, 1.1315011403523385], 1e-6);
  assertClose(model.means[b], [3.4102165148127823, -1.4537153744604439], 1e-6);
  assertClose(
    model.covariances[a].flatMap((row) => [...row]),
    [0.06360414397230005, 0.03687151736962669, 0.03687151736962669, 0.3141837479635536],
    1e-6,
  );
  assertClose([model.score(Y)], [-1.251523743712817], 1e-7);
  assert.ok(model.converged);
});

test("GaussianMixture: recupera a mistura de que vieram os dados, com a log-verossimilhança sempre a subir", () => {
  const truth = mixture(
    [multivariateNormal([0, 0], [[1, 0.5], [0.5, 1]]), multivariateNormal([4, 0], [[0.3, 0], [0, 2]])], // prettier-ignore
    [0.3, 0.7],
  );
  const X = samples(truth, 20_000, seeded("mistura/dados"));
  const model = GaussianMixture.fit(
    X,
    { nComponents: 2, tol: 1e-9, maxIter: 500 },
    seeded("mistura/em"),
  );
  for (let i = 1; i < model.history.length; i++)
    assert.ok(model.history[i] >= model.history[i - 1] - 1e-9);
  assert.ok(model.history.length > 3);
  const k = model.weights[0] < model.weights[1] ? 0 : 1;
  // Erro-padrão do peso √(0,21/n) = 0,0032; das médias, perto de 1/√(0,3 n) = 0,013.
  assertClose([model.weights[k], ...model.means[k]], [0.3, 0, 0], 0.06);
  assert.ok(
    Math.abs(model.score(X) - X.reduce((sum, x) => sum + truth.logDensity(x), 0) / X.length) <
      0.002,
  );
  assertClose([integral(model, [-7, -8], [9, 8])], [1], 1e-4);
});

test("GaussianMixture: uma só normal é a média e a covariância (divididas por n) mais regCovar", () => {
  const model = GaussianMixture.fit(Y, { nComponents: 1, regCovar: 0.5 }, seeded("uma"));
  const mean = Y.reduce((sum, [x]) => sum + x, 0) / Y.length;
  const variance = Y.reduce((sum, [x]) => sum + (x - mean) ** 2, 0) / Y.length;
  assertClose([model.means[0][0], model.covariances[0][0][0]], [mean, variance + 0.5], 1e-12);
});

test("GaussianMixture: os pontos de partida se espalham, e grupos pequenos e distantes são achados", () => {
  const [c, e] = [[[1, 0], [0, 1]], [0.9, 0.02, 0.02, 0.02, 0.02, 0.02]]; // prettier-ignore
  const centres = [[0, 0], [20, 0], [40, 0], [0, 30], [20, 30], [40, 30]]; // prettier-ignore
  const truth = mixture(centres.map((m) => multivariateNormal(m, c)), e); // prettier-ignore
  const X = samples(truth, 1000, seeded("espalhados"));
  const exact = X.reduce((sum, x) => sum + truth.logDensity(x), 0) / X.length;
  const found = Array.from({ length: 10 }, (_, i) => {
    const model = GaussianMixture.fit(X, { nComponents: 6 }, seeded(`espalhados/${i}`));
    return model.score(X) > exact - 0.01;
  });
  // Partindo de pontos quaisquer, em nenhuma das dez vezes.
  assert.ok(found.filter(Boolean).length >= 7, `${found}`);
});

test("GaussianMixture: pontos repetidos não a derrubam", () => {
  const repeated = Array.from({ length: 20 }, (_, i) => [i % 2, 1]);
  const model = GaussianMixture.fit(repeated, { nComponents: 3 }, seeded("repetidos"));
  assert.ok(Number.isFinite(model.score(repeated)));
});

test("HistogramDensity: contagens, área e integral", () => {
  const points = [[0.1, 0.1], [0.2, 0.3], [0.9, 0.1], [1, 1]]; // prettier-ignore
  const model = HistogramDensity.fit(points, { low: [0, 0], high: [1, 1], bins: 2 });
  assertClose(model.probabilities, [0.5, 0.25, 0, 0.25], 1e-15);
  assertClose(
    [model.logDensity([0.4, 0.4]), model.logDensity([0.1, 0.9]), model.logDensity([2, 0])],
    [Math.log(2), -Infinity, -Infinity],
    1e-15,
  );
  assertClose([integral(model, [0, 0], [1, 1])], [1], 1e-12);
  const smooth = HistogramDensity.fit(points, {
    low: [0, 0],
    high: [1, 1],
    bins: 2,
    pseudocount: 1,
  });
  assertClose(smooth.probabilities, [3 / 8, 2 / 8, 1 / 8, 2 / 8], 1e-15);
  const draws = samples(model, 40_000, seeded("histograma"));
  const share = draws.filter(([x, y]) => x < 0.5 && y < 0.5).length / draws.length;
  assert.ok(Math.abs(share - 0.5) < 4.5 * Math.sqrt(0.25 / draws.length));
  assert.ok(draws.every(([x, y]) => !(x < 0.5 && y >= 0.5)));
});

test("HistogramDensity: igual a numpy.histogram2d (numpy 2.4.6, density=True)", () => {
  const model = HistogramDensity.fit(Y, { low: [0, -2], high: [5, 2], bins: 5 });
  const centres = [0.5, 1.5, 2.5, 3.5, 4.5].flatMap((x) => [-1.6, -0.8, 0, 0.8, 1.6].map((y) => [x, y])); // prettier-ignore
  assertClose(centres.map((x) => Math.exp(model.logDensity(x))), [0, 0, 0.078125, 0.234375, 0.3125, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.46875, 0.15625, 0, 0, 0, 0, 0, 0, 0, 0], 1e-12); // prettier-ignore
});

const source = seeded("erros");
for (const [name, run, kind, message] of [
  [
    "mais normais que pontos",
    () => GaussianMixture.fit([[1], [2]], { nComponents: 3 }, source),
    RangeError,
    /entre 1 e 2, recebi 3/,
  ],
  [
    "nenhuma normal",
    () => GaussianMixture.fit(Y, { nComponents: 0 }, source),
    RangeError,
    /recebi 0/,
  ],
  [
    "mistura de NaN",
    () => GaussianMixture.fit([[NaN]], { nComponents: 1 }, source),
    RangeError,
    /linha 0: .*NaN/,
  ],
  [
    "mistura de nada",
    () => GaussianMixture.fit([], { nComponents: 1 }, source),
    TypeError,
    /ao menos uma linha/,
  ],
  [
    "regCovar",
    () => GaussianMixture.fit(Y, { nComponents: 1, regCovar: -1 }, source),
    RangeError,
    /regCovar deve ser ≥ 0, recebi -1/,
  ],
  [
    "maxIter",
    () => GaussianMixture.fit(Y, { nComponents: 1, maxIter: 0 }, source),
    RangeError,
    /maxIter .*recebi 0/,
  ],
  [
    "KDE de NaN",
    () => KernelDensity.fit([[1, NaN]], { bandwidth: 1 }),
    RangeError,
    /NaN na posição 1/,
  ],
  [
    "histograma em três dimensões",
    () => HistogramDensity.fit([[1, 2, 3]], { low: [0, 0], high: [1, 1], bins: 2 }),
    TypeError,
    /esperava 2 número\(s\), recebi 3/,
  ],
  [
    "histograma do avesso",
    () => HistogramDensity.fit([[0, 0]], { low: [1, 0], high: [0, 1], bins: 2 }),
    RangeError,
    /low < high/,
  ],
  [
    "pseudocontagem",
    () => HistogramDensity.fit([[0, 0]], { low: [0, 0], high: [1, 1], bins: 2, pseudocount: -1 }),
    RangeError,
    /≥ 0, recebi -1/,
  ],
  [
    "score de nada",
    () => KernelDensity.fit(Y, { bandwidth: 1 }).score([]),
    TypeError,
    /score: esperava ao menos uma linha/,
  ],
  [
    "tol",
    () => GaussianMixture.fit(Y, { nComponents: 1, tol: -1 }, source),
    RangeError,
    /tol deve ser > 0, recebi -1/,
  ],
  [
    "KDE sem largura",
    () => KernelDensity.fit(Y, { bandwidth: 0 }),
    RangeError,
    /bandwidth deve ser > 0, recebi 0/,
  ],
  ["KDE vazio", () => KernelDensity.fit([], { bandwidth: 1 }), TypeError, /ao menos uma linha/],
  [
    "KDE com ponto de outra forma",
    () => KernelDensity.fit(Y, { bandwidth: 1 }).logDensity([1]),
    TypeError,
    /esperava 2/,
  ],
  [
    "histograma com ponto fora",
    () => HistogramDensity.fit([[2, 0]], { low: [0, 0], high: [1, 1], bins: 2 }),
    RangeError,
    /fora da caixa/,
  ],
  [
    "histograma com meia célula",
    () => HistogramDensity.fit([[0, 0]], { low: [0, 0], high: [1, 1], bins: 1.5 }),
    RangeError,
    /bins deve ser um inteiro ≥ 1, recebi 1\.5/,
  ],
] as [string, () => unknown, new () => Error, RegExp][])
  test(`erro claro: ${name}`, () => {
    assert.throws(run, (error: Error) => error instanceof kind && message.test(error.message));
  });

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as distributions from "./distributions";
import { frechetDistance } from "./evaluation/frechet";
import { nearestSquared, precisionRecall } from "./evaluation/neighbours";
import * as linalg from "./linalg";
import { dot } from "./linalg/vectors";
import { GaussianClassifier } from "./models/gaussianClassifier";
import { GaussianMixture } from "./models/gaussianMixture";
import { HistogramDensity } from "./models/histogramDensity";
import { KernelDensity } from "./models/kernelDensity";
import { LogisticRegression } from "./models/logisticRegression";
import { PCA } from "./pca";
import { seeded } from "./random";
import type { Rows } from "./validate";

// Toda função numérica diante de toda escala e forma: um resultado finito, ou um erro que diz o que se esperava. E as leis que valem
// para quaisquer números.

const times = (factor: number): number[][] =>
  [[1, 2], [2, 1], [3, 5], [4, 4], [5, 9], [6, 7]].map((row) => row.map((v) => v * factor)); // prettier-ignore
const scales = [1e-300, 1e-200, 1e-150, 1e-100, 1e-60, 1, 1e60, 1e100, 1e150, 1e200, 1e300];
const data: Record<string, unknown> = {
  ...Object.fromEntries(scales.map((scale) => [String(scale), times(scale)])),
  denormais: times(5e-324),
  "escalas misturadas": [[1e200, 1], [2e200, 2], [3e200, 3], [1e200, 4]],
  "longe da origem": times(1e-3).map((row) => row.map((v) => v + 1e9)),
  constante: [[1, 1], [1, 1], [1, 1]],
  "uma coluna constante": [[1, 7], [2, 7], [4, 7], [3, 7]],
  duplicadas: [[1, 2], [1, 2], [3, 4], [3, 4]],
  "uma linha": [[1, 2]],
  "uma coluna": [[1], [2], [5], [3]],
  inteiros: [Int32Array.of(1, 2), Int32Array.of(3, 5), Int32Array.of(4, 4)],
  float32: times(1).map((row) => Float32Array.from(row)),
  desiguais: [[1, 2], [3]],
  vazia: [],
  "linhas vazias": [[], []],
  NaN: [[1, NaN], [2, 3], [4, 5]],
  infinito: [[1, Infinity], [2, 3], [4, 5]],
  "menos infinito": [[1, 2], [-Infinity, 3], [4, 5]],
  buraco: [[1, 2], undefined, [3, 4]],
  "lista de números": [1, 2, 3],
  texto: "abc",
  número: 5,
  nada: undefined,
  nulo: null,
}; // prettier-ignore

const origin = [0, 0];
const identity = [[1, 0], [0, 1]]; // prettier-ignore
const labels = (X: Rows) => Array.from({ length: X?.length ?? 3 }, (_, i) => i % 2);
const at = (X: Rows) => X?.[0] ?? origin;
const plane = PCA.fit(times(1), { nComponents: 2 });
const calls: Record<string, (X: Rows) => unknown> = {
  columnMeans: (X) => linalg.columnMeans(X),
  covariance: (X) => linalg.covariance(X),
  cholesky: (X) => linalg.cholesky("cholesky", X),
  PCA: (X) => Object.values(PCA.fit(X, { nComponents: 1 })),
  "PCA com mais colunas que linhas": (X) => Object.values(PCA.fit(wide(X), { nComponents: 1 })),
  "PCA, ida e volta": (X) => { const pca = PCA.fit(X, { nComponents: 1 }); return pca.inverseTransform(pca.transform(X)); },
  "PCA.transform": (X) => plane.transform(X),
  "PCA.inverseTransform": (X) => plane.inverseTransform(X),
  "normal multivariada": (X) => distributions.multivariateNormal(at(X), linalg.covariance(X)).logDensity(at(X)),
  box: (X) => distributions.box(X?.[0] as never, X?.[2] as never).logDensity(X[0]),
  GaussianMixture: (X) => GaussianMixture.fit(X, { nComponents: 2 }, seeded("extremos")).logDensity(at(X)),
  HistogramDensity: (X) => HistogramDensity.fit(X, { low: [0, 0], high: [10, 10], bins: 2 }).logDensity(at(X)),
  KernelDensity: (X) => KernelDensity.fit(X, { bandwidth: 1 }).logDensity(at(X)),
  LogisticRegression: (X) => LogisticRegression.fit(X, labels(X)).predictProba(X),
  "GaussianClassifier completo": (X) => GaussianClassifier.fit(X, labels(X), { covariance: "full" }).logDensity(at(X)),
  "GaussianClassifier diagonal": (X) => GaussianClassifier.fit(X, labels(X), { covariance: "diagonal" }).logDensity(at(X)),
  frechetDistance: (X) => frechetDistance(X, X),
  nearestSquared: (X) => nearestSquared(X, X),
  precisionRecall: (X) => Object.values(precisionRecall(X, X, { k: 1 })),
  "média da log-densidade": (X) => { for (const x of X) distributions.multivariateNormal(origin, identity).logDensity(x); return 0; },
}; // prettier-ignore

const wide = (X: Rows): Rows =>
  Array.isArray(X) ? X.slice(0, 2).map((row) => (Array.isArray(row) ? [...row, ...row] : row)) : X;
const numbers = (value: unknown): number[] =>
  typeof value === "number" ? [value] : Array.from(value as ArrayLike<unknown>).flatMap(numbers);

for (const [name, call] of Object.entries(calls))
  test(`${name}: um resultado finito, ou um erro claro, com qualquer entrada`, () => {
    for (const [kind, X] of Object.entries(data)) {
      let value: unknown;
      try {
        value = call(X as Rows);
      } catch (error) {
        const { message } = error as Error;
        // Ler o que não existe é da própria chamada, quando X nem é uma lista.
        const own = !Array.isArray(X) && /X is not iterable|reading '[02]'/.test(message);
        assert.ok(own || /^[\p{L}.]+:? .*(recebi|deve|são|demais|fora|não tem inversa|não varia)/u.test(message), `${kind}: ${message}`); // prettier-ignore
        continue;
      }
      assert.ok(numbers(value).every(Number.isFinite), `${kind}: ${numbers(value)}`);
    }
  });

const entry = fc.double({ min: -100, max: 100, noNaN: true }).map((v) => Math.round(v * 1e3) / 1e3);
const matrix = fc
  .tuple(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 1, max: 15 }))
  .chain(([n, d]) =>
    fc.array(fc.array(entry, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }),
  ) // prettier-ignore
  .filter((X) => X.some((row) => row.some((v, j) => Math.abs(v - X[0][j]) > 1)));
const runs = { numRuns: 60, seed: 20 };

test("PCA: componentes ortonormais, variâncias que são as das coordenadas, e a volta desfaz a ida", () => {
  fc.assert(
    fc.property(matrix, (X) => {
      const k = Math.min(X.length, X[0].length);
      const pca = PCA.fit(X, { nComponents: k });
      pca.components.forEach((a, i) =>
        pca.components.forEach((b, j) => assert.ok(Math.abs(dot(a, b) - Number(i === j)) < 1e-8)),
      );
      const Z = pca.transform(X);
      const total = pca.explainedVariance.reduce((a, b) => a + b);
      pca.explainedVariance.forEach((variance, j) => {
        const along = Z.reduce((sum, z) => sum + z[j] ** 2, 0) / (X.length - 1);
        assert.ok(Math.abs(along - variance) <= 1e-8 * total);
      });
      pca
        .inverseTransform(Z)
        .forEach((x, i) => x.forEach((v, j) => assert.ok(Math.abs(v - X[i][j]) < 1e-6)));
    }),
    runs,
  );
});

test("PCA: a escala dos dados muda as variâncias, e não as direções", () => {
  fc.assert(
    fc.property(matrix, fc.integer({ min: -120, max: 120 }), (X, exponent) => {
      const scale = 10 ** exponent;
      const plain = PCA.fit(X, { nComponents: 1 });
      const scaled = PCA.fit(X.map((row) => row.map((v) => v * scale)), { nComponents: 1 }); // prettier-ignore
      const [variance] = scaled.explainedVariance;
      const along = X.map((row) => dot(row.map((v, j) => v - plain.mean[j]), scaled.components[0])); // prettier-ignore
      const spread = dot(along, along) / (X.length - 1);
      assert.ok(Math.abs(spread / plain.explainedVariance[0] - 1) < 1e-6, `${spread}`);
      assert.ok(Math.abs(variance / scale ** 2 / plain.explainedVariance[0] - 1) < 1e-6);
      assert.ok(Math.abs(scaled.explainedVarianceRatio[0] - plain.explainedVarianceRatio[0]) < 1e-6); // prettier-ignore
    }),
    runs,
  );
});

test("distância de Fréchet: zero de um conjunto a si mesmo, e cresce com o quadrado da escala", () => {
  const other = times(1).map(([a, b]) => [2 * a, b + 3]);
  const plain = frechetDistance(times(1), other);
  for (const scale of [1e-60, 1e-20, 1e-3, 1e3, 1e20, 1e60]) {
    const by = (X: number[][]) => X.map((row) => row.map((v) => v * scale));
    assert.ok(Math.abs(frechetDistance(times(scale), times(scale))) < 1e-6 * scale ** 2);
    const ratio = frechetDistance(times(scale), by(other)) / scale ** 2 / plain;
    assert.ok(Math.abs(ratio - 1) < 1e-9, `${scale}: ${ratio}`);
  }
});

test("a integral de cada densidade é 1", () => {
  const parameters = fc.record({
    mean: fc.double({ min: -3, max: 3, noNaN: true }),
    std: fc.double({ min: 0.3, max: 3, noNaN: true }),
  });
  const integral = (density: { logDensity(x: never): number }, point: (x: number) => unknown) => {
    const [low, high, n] = [-30, 30, 6000];
    const h = (high - low) / n;
    let sum = 0;
    for (let i = 0; i < n; i++)
      sum += Math.exp(density.logDensity(point(low + (i + 0.5) * h) as never));
    return sum * h;
  };
  fc.assert(
    fc.property(parameters, parameters, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (a, b, weight) => {
      const [p, q] = [a, b].map(({ mean, std }) => distributions.normal(mean, std));
      assert.ok(Math.abs(integral(p, (x) => x) - 1) < 1e-9);
      assert.ok(Math.abs(integral(distributions.mixture([p, q], [weight, 1 - weight]), (x) => x) - 1) < 1e-9);
      const one = distributions.multivariateNormal([a.mean], [[a.std ** 2]]);
      assert.ok(Math.abs(integral(one, (x) => [x]) - 1) < 1e-9);
      const kernels = KernelDensity.fit([[a.mean], [b.mean]], { bandwidth: a.std });
      assert.ok(Math.abs(integral(kernels, (x) => [x]) - 1) < 1e-9);
    }),
    { numRuns: 20, seed: 20 },
  ); // prettier-ignore
});

test("Cholesky: L Lᵀ devolve a matriz, e a solução resolve o sistema, em qualquer escala", () => {
  fc.assert(
    fc.property(matrix, fc.integer({ min: -60, max: 60 }), (X, exponent) => {
      const scale = 10 ** exponent;
      const d = X[0].length;
      const S = linalg.gram(X[0].map((_, j) => X.map((row) => row[j]))).map((row, i) => row.map((v, j) => scale * (v + (i === j ? 10 : 0)))); // prettier-ignore
      const L = linalg.cholesky("teste", S);
      const back = linalg.gram(L);
      const size = Math.max(...S.map((row, i) => row[i]));
      S.forEach((row, i) => row.forEach((v, j) => assert.ok(Math.abs(back[i][j] - v) < 1e-10 * size))); // prettier-ignore
      const right = Float64Array.from({ length: d }, (_, i) => scale * (i + 1));
      const x = linalg.solveCholesky(L, right);
      S.forEach((row, i) => assert.ok(Math.abs(dot(row, x) - right[i]) < 1e-6 * scale * d));
    }),
    runs,
  );
});

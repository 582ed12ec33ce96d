import assert from "node:assert/strict";
import { test } from "node:test";
import {
  box,
  categorical,
  empirical,
  mixture,
  multivariateNormal,
  normal,
  samples,
  uniform,
  type Distribution,
} from "./distributions";
import { seeded } from "./random";
import { assertClose } from "./testing";

const n = 200_000;

/** Média e variância dos sorteios a no máximo 4,5 erros-padrão das exatas (o da variância usa a curtose). */
function checkMoments(
  name: string,
  distribution: Distribution<number>,
  mean: number,
  variance: number,
  kurtosis: number,
): void {
  const x = samples(distribution, n, seeded(`momentos/${name}`));
  const m = x.reduce((a, b) => a + b) / n;
  const v = x.reduce((sum, xi) => sum + (xi - mean) ** 2, 0) / n;
  assert.ok(
    Math.abs(m - mean) < 4.5 * Math.sqrt(variance / n),
    `${name}: média ${m}, esperava ${mean}`,
  );
  const error = variance * Math.sqrt((kurtosis - 1) / n);
  assert.ok(Math.abs(v - variance) < 4.5 * error, `${name}: variância ${v}, esperava ${variance}`);
}

test("normal: momentos, e a fração além de 1, 2, 3 e 4 desvios", () => {
  checkMoments("normal", normal(1.5, 2), 1.5, 4, 3);
  const z = samples(normal(), 1_000_000, seeded("caudas"));
  const exact = [
    0.31731050786291415, 0.04550026389635842, 0.0026997960632601866, 6.334248366623993e-5,
  ]; // scipy 1.17.1, 2·norm.sf
  exact.forEach((p, i) => {
    const share = z.filter((x) => Math.abs(x) > i + 1).length / z.length;
    assert.ok(
      Math.abs(share - p) < 4.5 * Math.sqrt(p / z.length),
      `além de ${i + 1}: ${share}, esperava ${p}`,
    );
  });
});

test("normal: a densidade é a de scipy 1.17.1", () => {
  const { logDensity } = normal(1.5, 2);
  assertClose(
    [0, 1.5, 40].map(logDensity),
    [-1.893335713764618, -1.612085713764618, -186.89333571376463],
    1e-14,
  );
});

test("normal: fonte que devolve zero ou quase um não dá infinito", () => {
  for (const extreme of [0, 1 - 2 ** -32]) {
    for (let at = 0; at < 6; at++) {
      const rest = seeded("extremos");
      let calls = 0;
      const x = normal().sample(() => (calls++ === at ? extreme : calls === 1 ? 0 : rest()));
      assert.ok(Number.isFinite(x), `${extreme} na chamada ${at}: ${x}`);
    }
  }
});

test("normal: a cauda do zigurate, de um lado e de outro, tem a média e a variância da normal truncada", () => {
  // scipy 1.17.1, para t = 3.442619855899: m = norm.pdf(t)/norm.sf(t), e a variância 1 + t m − m²
  const [mean, variance] = [3.697317056219561, 0.05830369708342076];
  for (const [side, first] of [
    [-1, 0],
    [1, 0.9999999 / 128],
  ]) {
    // prettier-ignore
    const rest = seeded(`cauda/${side}`);
    const x = Float64Array.from({ length: n }, () => {
      let calls = 0;
      return side * normal().sample(() => (calls++ === 0 ? first : rest()));
    });
    const m = x.reduce((a, b) => a + b) / n;
    const v = x.reduce((sum, xi) => sum + (xi - mean) ** 2, 0) / n;
    assert.ok(Math.abs(m - mean) < 4.5 * Math.sqrt(variance / n), `média ${m}`);
    assert.ok(Math.abs(v - variance) < 0.04 * variance, `variância ${v}`);
  }
});

test("nada fica guardado: sortear antes de outra fonte não muda o sorteio", () => {
  const distribution = normal();
  const first = distribution.sample(seeded("a"));
  distribution.sample(seeded("b"));
  assert.equal(distribution.sample(seeded("a")), first);
});

test("uniform: momentos e densidade", () => {
  checkMoments("uniforme", uniform(-1, 3), 1, 16 / 12, 1.8);
  const { logDensity } = uniform(-1, 3);
  assert.deepEqual([-1.1, -1, 0, 3, 3.1].map(logDensity), [
    -Infinity,
    -Math.log(4),
    -Math.log(4),
    -Math.log(4),
    -Infinity,
  ]);
});

test("categorical: frequências e probabilidades; o que tem probabilidade zero não sai", () => {
  const p = [0, 0.1, 0.2, 0, 0.7, 0];
  const counts = new Float64Array(p.length);
  for (const k of samples(categorical(p), n, seeded("categorias"))) counts[k]++;
  p.forEach((pk, k) =>
    assert.ok(Math.abs(counts[k] / n - pk) <= 4.5 * Math.sqrt((pk * (1 - pk)) / n)),
  );
  assert.equal(categorical(p).sample(() => 0), 1); // prettier-ignore
  assert.equal(categorical(p).sample(() => 1 - 2 ** -53), 4); // prettier-ignore
  const { logDensity } = categorical(p);
  assertClose(
    [1, 4].map((k) => Math.exp(logDensity(k))),
    [0.1, 0.7],
    1e-15,
  );
  assert.deepEqual([0, -1, 6, 1.5].map(logDensity), [-Infinity, -Infinity, -Infinity, -Infinity]);
});

test("mixture: momentos pela lei da variância total, densidade pela soma", () => {
  const parts = mixture([normal(-2, 1), normal(3, 0.5)], [0.25, 0.75]);
  const mean = 0.25 * -2 + 0.75 * 3;
  const variance = 0.25 * (1 + 4) + 0.75 * (0.25 + 9) - mean ** 2;
  checkMoments("mistura", parts, mean, variance, 3);
  const by =
    0.25 * Math.exp(normal(-2, 1).logDensity(1)) + 0.75 * Math.exp(normal(3, 0.5).logDensity(1));
  assertClose([parts.logDensity(1)], [Math.log(by)], 1e-14);
  assert.equal(mixture([uniform(0, 1), uniform(5, 6)], [0.5, 0.5]).logDensity(3), -Infinity);
});

test("empirical: só sai o que há, e a densidade é a fração", () => {
  const words = empirical(["a", "b", "a", "c"]);
  assert.deepEqual(new Set(samples(words, 100, seeded("palavras"))), new Set(["a", "b", "c"]));
  assertClose([words.logDensity("a"), words.logDensity("z")], [Math.log(0.5), -Infinity], 1e-15);
  assert.equal(empirical([[1, 2], [3, 4]]).logDensity([3, 4]), Math.log(0.5)); // prettier-ignore
  checkMoments("empírica", empirical([0, 0, 0, 4]), 1, 3, 84 / 4 / 9);
});

test("box: densidade e limites", () => {
  const area = box([-1, 0], [1, 3]);
  assertClose(
    [area.logDensity([0, 1]), area.logDensity([0, 3.1])],
    [-Math.log(6), -Infinity],
    1e-15,
  );
  const points = samples(area, 1000, seeded("caixa"));
  assert.ok(points.every(([x, y]) => x >= -1 && x < 1 && y >= 0 && y < 3));
  assert.ok(points[0] instanceof Float64Array);
  const coordinate = (j: number): Distribution<number> => ({
    sample: (source) => area.sample(source)[j],
    logDensity: () => 0,
  });
  checkMoments("caixa/x", coordinate(0), 0, 4 / 12, 1.8);
  checkMoments("caixa/y", coordinate(1), 1.5, 9 / 12, 1.8);
});

test("multivariateNormal: a densidade é a de scipy 1.17.1; média e covariância dos sorteios", () => {
  const covariance = [[2, 0.6], [0.6, 1]]; // prettier-ignore
  const gaussian = multivariateNormal([1, 2], covariance);
  const at = [[0, 0], [1, 2], [5, -3]]; // prettier-ignore
  assertClose(
    at.map(gaussian.logDensity),
    [-4.09742030927862, -2.085225187327399, -29.524249577571318],
    1e-14,
  );
  const points = samples(gaussian, n, seeded("gaussiana"));
  const average = (f: (x: Float64Array) => number) => points.reduce((sum, x) => sum + f(x), 0) / n;
  const measured = [
    average((x) => x[0]),
    average((x) => x[1]),
    average((x) => (x[0] - 1) ** 2),
    average((x) => (x[0] - 1) * (x[1] - 2)),
    average((x) => (x[1] - 2) ** 2),
  ];
  // Erro-padrão do produto: √((Σ₀₀Σ₁₁ + Σ₀₁²)/n); o maior, o de Σ₀₀, é 2√(2/n) = 0,0063.
  assertClose(measured, [1, 2, 2, 0.6, 1], 4.5 * 0.0064);
});

test("samples: formas, n = 0 e n inválido", () => {
  assert.ok(samples(normal(), 3, seeded("s")) instanceof Float64Array);
  assert.equal(samples(normal(), 0, seeded("s")).length, 0);
  assert.throws(() => samples(normal(), -1, seeded("s")), {
    name: "RangeError",
    message: /samples: n deve ser um inteiro ≥ 0, recebi -1/,
  });
});

const covariance1 = [[1, 2], [2, 1]]; // prettier-ignore
for (const [name, build, kind, message] of [
  ["normal std", () => normal(0, -1), RangeError, /normal: std deve ser > 0, recebi -1/],
  ["normal NaN", () => normal(NaN, 1), RangeError, /mean deve ser finita, recebi NaN/],
  ["normal x NaN", () => normal().logDensity(NaN), RangeError, /esperava um número, recebi NaN/],
  [
    "uniform invertida",
    () => uniform(1, 0),
    RangeError,
    /esperava low < high, finitos, recebi 1 e 0/,
  ],
  ["categorical soma", () => categorical([0.5, 0.4]), RangeError, /devem somar 1, somam 0\.9/],
  [
    "categorical negativa",
    () => categorical([1.5, -0.5]),
    RangeError,
    /devem ser ≥ 0, recebi -0\.5/,
  ],
  ["categorical vazia", () => categorical([]), TypeError, /recebi nenhuma/],
  [
    "mixture pesos",
    () => mixture([normal()], [0.5, 0.5]),
    TypeError,
    /um peso por componente \(1\), recebi 2/,
  ],
  ["mixture soma", () => mixture([normal(), normal()], [1, 1]), RangeError, /somam 2/],
  ["categorical NaN", () => categorical([0.5, NaN]), RangeError, /devem ser ≥ 0, recebi NaN/],
  ["mixture vazia", () => mixture([], []), TypeError, /ao menos uma probabilidade/],
  ["box NaN", () => box([0, NaN], [1, 1]), RangeError, /lado 1: esperava low < high, finitos/],
  ["box com ponto de outra forma", () => box([0], [1]).logDensity([1, 2]), TypeError, /esperava 1/],
  [
    "média com NaN",
    () => multivariateNormal([NaN], [[1]]),
    RangeError,
    /mean: esperava números finitos, recebi NaN na posição 0/,
  ],
  ["média vazia", () => multivariateNormal([], []), TypeError, /recebi nenhuma/],
  ["covariância com NaN", () => multivariateNormal([0], [[NaN]]), RangeError, /recebi NaN/],
  ["samples com NaN", () => samples(normal(), NaN, seeded("s")), RangeError, /recebi NaN/],
  ["empirical vazia", () => empirical([]), TypeError, /ao menos um item/],
  ["box", () => box([0, 0], [1, 0]), RangeError, /lado 1/],
  ["box tamanhos", () => box([0, 0], [1]), TypeError, /mesmo tamanho, recebi 2 e 1/],
  [
    "covariância não positiva",
    () => multivariateNormal([0, 0], covariance1),
    RangeError,
    /positiva definida/,
  ],
  ["covariância assimétrica", () => multivariateNormal([0, 0], [[1, 0.5], [0, 1]]), RangeError, /simétrica/], // prettier-ignore
  [
    "covariância com outra forma",
    () => multivariateNormal([0, 0], [[1]]),
    TypeError,
    /2 × 2, recebi 1/,
  ],
  [
    "ponto com outra forma",
    () => multivariateNormal([0], [[1]]).logDensity([1, 2]),
    TypeError,
    /esperava 1 número\(s\), recebi 2/,
  ],
] as [string, () => unknown, new () => Error, RegExp][])
  test(`erro claro: ${name}`, () => {
    assert.throws(build, (error: Error) => error instanceof kind && message.test(error.message));
  });

import assert from "node:assert/strict";
import { test } from "node:test";
import { PCA } from "./pca";
import { assertClose, lcg, reshape } from "./testing";

// Valores de scikit-learn 1.9.1, numpy 2.4.6.
const X = reshape(lcg(60), 5).map(([a, b, c, d, e]) => [a, b + 2 * a, c, d - c, e]);

test("igual a scikit-learn, sinais inclusive", () => {
  const pca = PCA.fit(X, { nComponents: 3 });
  assertClose(
    pca.explainedVariance,
    [0.53630113551126, 0.24775469266433808, 0.08483932975616251],
    1e-13,
  );
  assertClose(
    pca.explainedVarianceRatio,
    [0.6022505855179746, 0.27822131791624877, 0.0952721011338016],
    1e-13,
  );
  assertClose(
    pca.components[0],
    [
      0.37664350413053965, 0.9036323365622019, 0.03337461465027176, 0.1711146459038356,
      0.10580257165851757,
    ],
    1e-12,
  );
  assertClose(
    pca.components[1],
    [
      -0.09908955810457566, -0.12706173282180874, -0.5145867743263692, 0.7321675258316549,
      0.4161342828137275,
    ],
    1e-12,
  );
  assertClose(
    pca.transform(X)[0],
    [-0.3970447694907775, 0.5351745468370633, 0.201103046392472],
    1e-12,
  );
});

test("mais colunas que linhas: igual a scikit-learn", () => {
  const pca = PCA.fit(reshape(lcg(24, 7), 6), { nComponents: 3 });
  assertClose(
    pca.explainedVariance,
    [0.3459909917302762, 0.16830231491838732, 0.03362494748869676],
    1e-13,
  );
  assertClose(
    pca.components[2],
    [
      0.14487607501452823, 0.3679560016981624, 0.48331203293181196, 0.7388503072635532,
      -0.21829177599600225, 0.1283655191827992,
    ],
    1e-12,
  );
});

test("com todos os componentes a volta é exata; com menos, o erro é a variância deixada de fora", () => {
  const full = PCA.fit(X, { nComponents: 5 });
  full.inverseTransform(full.transform(X)).forEach((row, i) => assertClose(row, X[i], 1e-13));
  const two = PCA.fit(X, { nComponents: 2 });
  const error = two
    .inverseTransform(two.transform(X))
    .reduce((sum, row, i) => sum + row.reduce((s, x, j) => s + (x - X[i][j]) ** 2, 0), 0);
  const left = full.explainedVariance.slice(2).reduce((a, b) => a + b);
  assertClose([error / (X.length - 1)], [left], 1e-12);
});

test("muitas colunas e poucos componentes: variâncias iguais às de todos os componentes", () => {
  const wide = reshape(lcg(400 * 320), 320).map((row) => row.map((x, j) => x * Math.exp(-j / 60)));
  const few = PCA.fit(wide, { nComponents: 6 });
  const many = PCA.fit(wide, { nComponents: 100 });
  assertClose(few.explainedVariance, many.explainedVariance.slice(0, 6), 1e-10);
});

test("mais componentes que variância: direções ortogonais mesmo assim", () => {
  const line = [[0, 0, 0], [1, 1, 1], [2, 2, 2]]; // prettier-ignore
  const pca = PCA.fit(line, { nComponents: 3 });
  assertClose(pca.explainedVariance, [3, 0, 0], 1e-12);
  const noisy = lcg(40).map((t) => [t / 3, t / 7, t * Math.PI, t * Math.E, -t]);
  const { explainedVariance } = PCA.fit(noisy, { nComponents: 5 });
  assert.ok(explainedVariance.every((v) => v >= 0), `${explainedVariance}`); // prettier-ignore
  const pair = PCA.fit([[0, 0, 0], [3, 3, 3]], { nComponents: 2 }); // prettier-ignore
  assertClose([pair.components[1].reduce((sum, x) => sum + x, 0)], [0], 1e-12);
});

for (const [name, run, kind, message] of [
  [
    "vazia",
    () => PCA.fit([], { nComponents: 1 }),
    TypeError,
    /PCA\.fit: esperava ao menos uma linha/,
  ],
  ["NaN", () => PCA.fit([[1, 2], [3, NaN]], { nComponents: 1 }), RangeError, /linha 1: esperava números finitos, recebi NaN na posição 1/], // prettier-ignore
  ["linhas desiguais", () => PCA.fit([[1, 2], [3]], { nComponents: 1 }), TypeError, /linha 1: esperava 2 número\(s\), recebi 1/], // prettier-ignore
  [
    "componentes demais",
    () => PCA.fit(X, { nComponents: 6 }),
    RangeError,
    /nComponents deve ser um inteiro entre 1 e 5, recebi 6/,
  ],
  ["zero componentes", () => PCA.fit(X, { nComponents: 0 }), RangeError, /recebi 0/],
  ["linhas iguais", () => PCA.fit([[1, 2], [1, 2]], { nComponents: 1 }), RangeError, /não há variância/], // prettier-ignore
  [
    "transform com outra forma",
    () => PCA.fit(X, { nComponents: 1 }).transform([[1, 2]]),
    TypeError,
    /esperava 5 número\(s\), recebi 2/,
  ],
  ["transform com NaN", () => PCA.fit(X, { nComponents: 1 }).transform([[1, 2, NaN, 4, 5]]), RangeError, /NaN na posição 2/], // prettier-ignore
  ["uma linha só", () => PCA.fit([[1, 2]], { nComponents: 1 }), RangeError, /ao menos 2 linhas, recebi 1/], // prettier-ignore
  [
    "inverseTransform com outra forma",
    () => PCA.fit(X, { nComponents: 1 }).inverseTransform([[1, 2]]),
    TypeError,
    /esperava 1/,
  ],
] as [string, () => unknown, new () => Error, RegExp][])
  test(`erro claro: ${name}`, () => {
    assert.throws(run, (error: Error) => error instanceof kind && message.test(error.message));
  });

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cholesky,
  solveCholesky,
  columnMeans,
  covariance,
  logSumExp,
  symmetricEigen,
} from "./linalg";
import { assertClose, lcg, reshape } from "./testing";
import { dot } from "./linalg/vectors";

const X = reshape(lcg(60), 5).map(([a, b, c, d, e]) => [a, b + 2 * a, c, d - c, e]);

test("columnMeans e covariance: valores de numpy 2.4.6", () => {
  assertClose(
    columnMeans(X),
    [
      0.6232678419134269, 1.6829246708657593, 0.5308786230937889, -0.0356011774080495,
      0.5688785656820983,
    ],
    1e-14,
  );
  const three = covariance(X.map((row) => row.slice(0, 3)));
  assertClose(three[0], [0.09138645881683236, 0.18099049378143234, 0.01463735043689458], 1e-14);
  assertClose(three[2], [0.01463735043689458, 0.03272896809382507, 0.07549802219871052], 1e-14);
  assert.throws(() => covariance([[1, 2]]), { name: "RangeError", message: /ao menos 2 linhas/ });
});

const decay = (d: number, length: number) =>
  Array.from({ length: d }, (_, i) =>
    Float64Array.from({ length: d }, (__, j) => Math.exp(-Math.abs(i - j) / length)),
  );

function checkPairs(
  S: Float64Array[],
  { values, vectors }: { values: Float64Array; vectors: Float64Array[] },
): void {
  vectors.forEach((v, k) => {
    assertClose(
      S.map((row) => dot(row, v)),
      v.map((x) => values[k] * x),
      1e-8,
    );
    vectors.forEach((w, l) => assertClose([dot(v, w)], [Number(k === l)], 1e-10));
  });
}

test("symmetricEigen: poucos autovalores de uma matriz 400 × 400, iguais aos de numpy 2.4.6", () => {
  const S = decay(400, 50);
  const pairs = symmetricEigen(S, 5); // Lanczos em blocos
  assertClose(
    pairs.values,
    [90.91671097191357, 70.77779442093777, 50.82075020313867, 35.82539038924891, 25.63203366858303],
    1e-11,
  );
  checkPairs(S, pairs);
});

test("symmetricEigen: autovalores próximos uns dos outros, em que Lanczos precisa de mais voltas", () => {
  const S = decay(400, 3);
  const pairs = symmetricEigen(S, 10);
  // numpy 2.4.6
  const expected = [
    6.052222451470314, 6.042551602979073, 6.026501982245038, 6.004175145464015, 5.975711037486048,
    5.941285835802651, 5.901109285655888, 5.855421599847251, 5.80449000621483, 5.748605031683266,
  ];
  assertClose(pairs.values, expected, 1e-12);
  checkPairs(S, pairs);
});

test("symmetricEigen: acha autovalores repetidos até oito vezes, e a identidade", () => {
  const eight = Array.from({ length: 400 }, (_, i) =>
    Float64Array.from({ length: 400 }, (__, j) => (i !== j ? 0 : i < 8 ? 5 : 4 / (i - 6) ** 2)),
  );
  assertClose(symmetricEigen(eight, 9).values, [5, 5, 5, 5, 5, 5, 5, 5, 1], 1e-10);
  const repeated = Array.from({ length: 320 }, (_, i) =>
    Float64Array.from({ length: 320 }, (__, j) => (i !== j ? 0 : i < 3 ? 5 : 1 / i)),
  );
  assertClose(symmetricEigen(repeated, 4).values, [5, 5, 5, 1 / 3], 1e-10);
  const identity = Array.from({ length: 320 }, (_, i) =>
    Float64Array.from({ length: 320 }, (__, j) => Number(i === j)),
  );
  assertClose(symmetricEigen(identity, 3).values, [1, 1, 1], 1e-12);
});

test("symmetricEigen: todos os pares de uma matriz pequena", () => {
  const S = decay(12, 3);
  const pairs = symmetricEigen(S);
  checkPairs(S, pairs);
  assertClose([pairs.values.reduce((a, b) => a + b)], [12], 1e-12); // o traço
  assert.throws(() => symmetricEigen(S, 13), {
    name: "RangeError",
    message: /entre 1 e 12, recebi 13/,
  });
});

test("cholesky: L Lᵀ refaz a matriz", () => {
  const S = decay(6, 2);
  const L = cholesky("teste", S);
  S.forEach((row, i) =>
    assertClose(
      L.map((other) => dot(L[i], other)),
      row,
      1e-14,
    ),
  );
  const message = /teste: a matriz deve ser positiva definida/;
  assert.throws(() => cholesky("teste", [[1, 2], [2, 1]]), { name: "RangeError", message }); // prettier-ignore
});

test("entradas ruins, com o que se esperava e o que veio", () => {
  const S = [[1, 2], [3, 4]]; // prettier-ignore
  assert.throws(() => columnMeans([]), { name: "TypeError", message: /columnMeans: .*nenhuma/ });
  assert.throws(() => columnMeans([[]]), { name: "TypeError", message: /recebi uma vazia/ });
  assert.throws(() => columnMeans(3 as never), { name: "TypeError", message: /recebi number/ });
  assert.throws(() => covariance([[1], [NaN]]), { name: "RangeError", message: /linha 1: .*NaN/ });
  assert.throws(() => cholesky("S", S), { name: "RangeError", message: /\[1\]\[0\] é 3, \[0\]\[1\] é 2/ }); // prettier-ignore
  assert.throws(() => cholesky("S", [[1, 2]]), { name: "TypeError", message: /esperava 1/ });
});

test("logSumExp não estoura", () => {
  assertClose(
    [logSumExp([1000, 1000]), logSumExp([-1000, -1000])],
    [1000 + Math.LN2, -1000 + Math.LN2],
    1e-15,
  );
  assert.equal(logSumExp([-Infinity, -Infinity]), -Infinity);
});

test("solveCholesky: a solução de um sistema conhecido", () => {
  const S = [[4, 2, -2], [2, 10, 2], [-2, 2, 5]]; // prettier-ignore
  const x = solveCholesky(cholesky("teste", S), [2, 28, 17]);
  assertClose(x, [1, 2, 3], 1e-12);
});

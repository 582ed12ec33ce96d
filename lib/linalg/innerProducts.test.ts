import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, innerProducts as products, rowsOf } from "./innerProducts";
import { assertClose, lcg, reshape } from "../testing";

const innerProducts = (A: ArrayLike<number>[], B?: ArrayLike<number>[]) =>
  products(rowsOf(A), B && rowsOf(B));
const naive = (A: ArrayLike<number>[], B: ArrayLike<number>[]) =>
  A.map((a) => B.map((b) => Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0)));

test("igual à conta feita par a par, em todas as formas perto das bordas dos blocos", () => {
  for (const [m, k, n] of [
    [1, 1, 1],
    [3, 5, 2],
    [4, 2, 255],
    [5, 3, 256],
    [9, 8, 257],
    [2, 7, 600],
  ]) {
    // prettier-ignore
    const A = reshape(lcg(m * n, 3), n);
    const B = reshape(lcg(k * n, 4), n).map((row) => Float32Array.from(row));
    innerProducts(A, B).forEach((row, i) => assertClose(row, naive(A, B)[i], 1e-12));
    const own = innerProducts(A);
    own.forEach((row, i) => assertClose(row, naive(A, A)[i], 1e-12));
  }
});

test("linhas e colunas menos um centro, em número que não é múltiplo de quatro", () => {
  const [A, B] = [reshape(lcg(7 * 5, 5), 5), reshape(lcg(5 * 6, 6), 6)];
  const [c, e] = [lcg(5, 7), lcg(6, 8)].map((centre) => Float64Array.from(centre));
  const rows = A.map((row) => row.map((x, k) => x - c[k]));
  const columns = Array.from(e, (centre, j) => B.map((row) => row[j] - centre));
  products(rowsOf(A, c), columnsOf(B, e)).forEach((row, i) =>
    assertClose(row, naive(rows, columns)[i], 1e-14),
  );
});

test("mais vetores do que cabem de uma vez na memória do WebAssembly", () => {
  const A = reshape(lcg(2100 * 3), 3);
  innerProducts(A, A.slice(0, 5)).forEach((row, i) => {
    assertClose(row, naive([A[i]], A.slice(0, 5))[0], 1e-12);
  });
  const own = innerProducts(A);
  for (const i of [0, 1023, 1024, 2099]) assertClose(own[i], naive([A[i]], A)[0], 1e-12);
});

test("o que ficou na memória de uma conta não entra na seguinte", () => {
  innerProducts([new Float64Array(300).fill(NaN), new Float64Array(300).fill(NaN)]);
  assert.deepEqual(innerProducts([[2, 3]]), [Float64Array.of(13)]);
});

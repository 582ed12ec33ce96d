import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { columnsOf, innerProducts, rowsOf } from "./linalg/innerProducts";
import { allEigen, topEigen, type Eigen } from "./linalg/topEigen";
import { checkRows, checkScale, type Rows } from "./validate";

/** Média de cada coluna de X. @throws como `checkRows` */
export function columnMeans(X: Rows): Float64Array {
  const { n, d } = checkRows("columnMeans", X);
  const mean = new Float64Array(d);
  for (const row of X) for (let j = 0; j < d; j++) mean[j] += row[j];
  if (mean.every(Number.isFinite)) return mean.map((sum) => sum / n);
  // A soma não cabe em float64, mas a média cabe.
  mean.fill(0);
  for (const row of X) for (let j = 0; j < d; j++) mean[j] += row[j] / n;
  return mean;
}

/**
 * Covariância amostral das colunas de X, d × d: soma de (xᵢ − média)(xᵢ − média)ᵀ dividida por n − 1.
 *
 * @throws RangeError se X tem só uma linha; o mais como `checkRows` e `checkScale`
 */
export function covariance(X: Rows): Float64Array[] {
  const { n } = checkRows("covariance", X);
  if (n < 2) throw new RangeError("covariance: esperava ao menos 2 linhas, recebi 1");
  checkScale("covariance", X);
  return covarianceAround(X, columnMeans(X));
}

/** A covariância quando já se tem a média, sem conferir X outra vez. */
export function covarianceAround(X: Rows, mean: Float64Array): Float64Array[] {
  const S = innerProducts(columnsOf(X, mean));
  for (const row of S) for (let j = 0; j < row.length; j++) row[j] /= X.length - 1;
  return S;
}

/** O produto de matrizes A B, de linhas conferidas por quem chama. */
export function multiply(A: Rows, B: Rows): Float64Array[] {
  return innerProducts(rowsOf(A), columnsOf(B));
}

/** A Aᵀ: o produto interno de cada linha de A com cada linha de A. As linhas são conferidas por quem chama. */
export function gram(A: Rows): Float64Array[] {
  return innerProducts(rowsOf(A));
}

/**
 * Os k maiores autovalores de uma matriz simétrica d × d e seus autovetores, do maior ao menor.
 *
 * @returns `values` e `vectors`, um autovetor de norma 1 por linha; o sinal é arbitrário
 * @throws RangeError se k não está entre 1 e d
 */
export function symmetricEigen(S: readonly Float64Array[], k = S.length): Eigen {
  const d = S.length;
  if (!(Number.isInteger(k) && k >= 1 && k <= d)) {
    throw new RangeError(`symmetricEigen: k deve ser um inteiro entre 1 e ${d}, recebi ${k}`);
  }
  // Quem acha autovalores eleva números ao quadrado: fora desta faixa, antes se divide por uma potência de dois, que não arredonda.
  const largest = S.reduce((top, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), top), 0);
  const scale = largest > 1e100 || (largest > 0 && largest < 1e-100) ? 2 ** Math.floor(Math.log2(largest)) : 1; // prettier-ignore
  const scaled = scale === 1 ? S : S.map((row) => row.map((value) => value / scale));
  // Poucos autovetores de uma matriz grande: não é preciso achar todos.
  const { values, vectors } = d > 300 && k < d / 4 ? topEigen(scaled, k) : allEigen(scaled, k);
  return { values: values.map((value) => value * scale), vectors };
}

/**
 * O fator de Cholesky L, triangular inferior, com S = L Lᵀ.
 *
 * @throws TypeError se S não é quadrada, RangeError se não é simétrica ou positiva definida
 */
export function cholesky(name: string, S: Rows): Float64Array[] {
  const { n } = checkRows(name, S, S?.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(S[i][j] - S[j][i]) > 1e-8 * Math.sqrt(Math.abs(S[i][i] * S[j][j]))) {
        throw new RangeError(
          `${name}: a matriz deve ser simétrica; [${i}][${j}] é ${S[i][j]}, [${j}][${i}] é ${S[j][i]}`,
        );
      }
    }
  }
  const symmetric = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (__, j) => S[Math.max(i, j)][Math.min(i, j)]),
  );
  const decomposition = new CholeskyDecomposition(new Matrix(symmetric));
  if (!decomposition.isPositiveDefinite())
    throw new RangeError(`${name}: a matriz deve ser positiva definida`);
  return decomposition.lowerTriangularMatrix.to2DArray().map((row) => Float64Array.from(row));
}

/** A solução x de L Lᵀ x = b, com L de `cholesky`. */
export function solveCholesky(L: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) x[i] -= L[i][j] * x[j];
    x[i] /= L[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i] -= L[j][i] * x[j];
    x[i] /= L[i][i];
  }
  return x;
}

/** log(Σ exp(tᵢ)) sem estouro; −∞ se todos os termos são −∞. */
export function logSumExp(terms: ArrayLike<number>): number {
  if (typeof terms?.length !== "number")
    throw new TypeError(`logSumExp: esperava uma lista de números, recebi ${terms}`);
  let top = -Infinity;
  for (let i = 0; i < terms.length; i++) if (terms[i] > top) top = terms[i];
  if (top === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += Math.exp(terms[i] - top);
  return top + Math.log(sum);
}

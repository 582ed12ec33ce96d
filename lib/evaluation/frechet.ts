import { columnMeans, covariance, multiply, symmetricEigen } from "../linalg";
import type { Source } from "../random";
import { checkInteger, checkRows, checkScale, type Rows } from "../validate";

/**
 * A distância de Fréchet entre as normais de mesma média e covariância que dois conjuntos de atributos: ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ −
 * 2(Σ₁Σ₂)^½). M. Heusel et al., “GANs Trained by a Two Time-Scale Update Rule…”, 2017, equação 6 (a FID, lá com os atributos de
 * uma Inception). Com poucas imagens é tendenciosa para cima: só se comparam valores de conjuntos do mesmo tamanho.
 *
 * @param A n × d, e B, m × d: n e m ≥ 2
 * @throws TypeError se não são linhas de d números; RangeError se têm NaN ou infinito, ou números grandes ou pequenos demais (`checkScale`)
 */
export function frechetDistance(A: Rows, B: Rows): number {
  return distanceTo("frechetDistance", B)(A);
}

/** A distância de Fréchet de um conjunto a B, cuja raiz se tira uma vez. */
function distanceTo(name: string, B: Rows): (A: Rows) => number {
  const { d } = checkRows(name, B);
  checkScale(name, B, 4);
  const [meanB, sigmaB] = [columnMeans(B), covariance(B)];
  const root = squareRoot(sigmaB);
  return (A) => {
    checkRows(name, A, d);
    checkScale(name, A, 4);
    const [meanA, sigmaA] = [columnMeans(A), covariance(A)];
    const distance = meanA.reduce((sum, value, j) => sum + (value - meanB[j]) ** 2, 0);
    // tr (Σ₁Σ₂)^½ é a soma das raízes dos autovalores de Σ₂^½ Σ₁ Σ₂^½, que é simétrica.
    const product = multiply(multiply(root, sigmaA), root);
    const symmetric = product.map((row, i) => row.map((value, j) => (value + product[j][i]) / 2));
    const { values } = symmetricEigen(symmetric);
    const overlap = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
    return distance + trace(sigmaA) + trace(sigmaB) - 2 * overlap;
  };
}

const trace = (S: readonly Float64Array[]) => S.reduce((sum, row, i) => sum + row[i], 0);

/** A raiz simétrica de uma covariância: V·√Λ·Vᵀ. */
function squareRoot(S: readonly Float64Array[]): Float64Array[] {
  const { values, vectors } = symmetricEigen(S);
  return S.map((_, i) =>
    Float64Array.from(S, (_, j) =>
      vectors.reduce((sum, v, k) => sum + Math.sqrt(Math.max(0, values[k])) * v[i] * v[j], 0),
    ),
  );
}

/**
 * O intervalo de bootstrap percentil de 95 % da distância: sorteia de novo, com reposição, as linhas de A (B. Efron, 1979).
 *
 * @param repeats quantas vezes; 100
 */
export function frechetInterval(
  A: Rows,
  B: Rows,
  source: Source,
  { repeats = 100 }: { repeats?: number } = {},
): [low: number, high: number] {
  checkInteger("frechetInterval: repeats", repeats, 20);
  const distance = distanceTo("frechetInterval", B);
  const distances = Array.from({ length: repeats }, () =>
    distance(A.map(() => A[Math.floor(source() * A.length)])),
  ).sort((a, b) => a - b);
  const at = (q: number) => distances[Math.round(q * (repeats - 1))];
  return [at(0.025), at(0.975)];
}

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { innerProducts, rowsOf } from "./innerProducts";
import { seeded } from "../random";
import { addScaled, dot } from "./vectors";
import { standardNormal } from "../ziggurat";

/** Autovalores do maior ao menor, e seus autovetores: um por linha, de norma 1. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array[];
}

const block = 8; // autovalores repetidos até 8 vezes são todos achados
const tolerance = 1e-11;

/**
 * Os k maiores autovalores de uma matriz simétrica grande por Lanczos em blocos: a base de Krylov [Q, SQ, S²Q, …] é
 * ortonormalizada por inteiro e S, projetada nela (Rayleigh–Ritz). A base cresce até que cada resíduo ‖Sv − λv‖ fique abaixo
 * de 1e-11 do maior autovalor. G. H. Golub e R. Underwood, “The block Lanczos method…”, 1977.
 */
export function topEigen(S: readonly Float64Array[], k: number): Eigen {
  const d = S.length;
  const source = seeded("topEigen"); // só o ponto de partida: o resultado não depende dele
  const random = () => Float64Array.from({ length: d }, () => standardNormal(source));
  const basis: Float64Array[] = [];
  const images: Float64Array[] = []; // S vezes cada vetor da base
  const grow = () => {
    const start = basis.length - block;
    for (let b = 0; b < block && basis.length < d; b++) {
      const next = orthonormal(
        start < 0 ? random() : Float64Array.from(images[start + b]),
        basis,
        random,
      );
      basis.push(next);
    }
    images.push(...innerProducts(rowsOf(basis.slice(images.length)), rowsOf(S))); // S é simétrica: suas linhas são suas colunas
  };

  for (let size = Math.min(d, 2 * k + 5 * block); ; size = Math.min(d, Math.ceil(1.4 * size))) {
    while (basis.length < size) grow();
    const { values, vectors, residual } = rayleighRitz(basis, images, k);
    if (residual <= tolerance * Math.abs(values[0]) || basis.length === d)
      return { values, vectors };
  }
}

/** O vetor sem sua parte na base, com norma 1; se nada sobra dele, outro, sorteado. */
function orthonormal(
  start: Float64Array,
  basis: readonly Float64Array[],
  random: () => Float64Array,
): Float64Array {
  for (let v = start; ; v = random()) {
    const before = Math.sqrt(dot(v, v));
    for (let pass = 0; pass < 2; pass++) for (const q of basis) addScaled(v, -dot(v, q), q); // duas vezes bastam (Parlett)
    const after = Math.sqrt(dot(v, v));
    if (after > 1e-10 * before) return v.map((x) => x / after);
  }
}

/** Os k maiores pares de S na base, e o maior resíduo entre eles. */
function rayleighRitz(basis: readonly Float64Array[], images: readonly Float64Array[], k: number) {
  const { values, vectors: weights } = allEigen(innerProducts(rowsOf(basis), rowsOf(images)), k);
  const combine = (list: readonly Float64Array[], rank: number) => {
    const result = new Float64Array(list[0].length);
    list.forEach((v, j) => addScaled(result, weights[rank][j], v));
    return result;
  };
  const vectors = weights.map((_, rank) => combine(basis, rank));
  const residuals = vectors.map((vector, rank) => {
    const difference = combine(images, rank);
    addScaled(difference, -values[rank], vector);
    return Math.sqrt(dot(difference, difference));
  });
  return { values, vectors, residual: Math.max(...residuals) };
}

/** Os k maiores autovalores de uma matriz simétrica pequena, por tridiagonalização e QL (ml-matrix): acha todos. */
export function allEigen(S: readonly Float64Array[], k: number): Eigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new Matrix(S as Float64Array[]),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues
    .map((_, i) => i)
    .sort((i, j) => realEigenvalues[j] - realEigenvalues[i])
    .slice(0, k);
  return {
    values: Float64Array.from(order, (i) => realEigenvalues[i]),
    vectors: order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { columnsOf, innerProducts, rowsOf } from "./innerProducts";
import { seeded } from "../random";
import { addScaled, dot } from "./vectors";
import { standardNormal } from "../random/ziggurat";

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
    const next = Array.from({ length: Math.min(block, d - basis.length) }, (_, b) =>
      start < 0 ? random() : Float64Array.from(images[start + b]),
    );
    basis.push(...orthonormal(next, basis, random));
    images.push(...innerProducts(rowsOf(basis.slice(images.length)), rowsOf(S))); // S é simétrica: suas linhas são suas colunas
  };

  for (let size = Math.min(d, 3 * k + 5 * block); ; size = Math.min(d, Math.ceil(1.15 * size))) {
    while (basis.length < size) grow();
    const { values, vectors, residual } = rayleighRitz(basis, images, k);
    if (residual <= tolerance * Math.abs(values[0]) || basis.length === d)
      return { values, vectors };
  }
}

/**
 * O bloco sem sua parte na base, com vetores ortogonais entre si e de norma 1; um vetor que some por inteiro é trocado por
 * outro, sorteado. Tudo duas vezes, que bastam (Parlett).
 */
function orthonormal(
  start: readonly Float64Array[],
  basis: readonly Float64Array[],
  random: () => Float64Array,
): Float64Array[] {
  let vectors = start;
  for (let pass = 0; pass < 2; pass++) {
    const done: Float64Array[] = [];
    withoutBasis(vectors, basis).forEach((outside, b) => {
      let [v, before] = [outside, norm(vectors[b])];
      for (;;) {
        for (const q of done) addScaled(v, -dot(v, q), q);
        const after = norm(v);
        if (after > 1e-10 * before) return done.push(v.map((x) => x / after));
        const other = random();
        [v, before] = [withoutBasis([other], basis)[0], norm(other)];
      }
    });
    vectors = done;
  }
  return [...vectors];
}

/** Cada vetor menos sua projeção na base. */
function withoutBasis(
  vectors: readonly Float64Array[],
  basis: readonly Float64Array[],
): Float64Array[] {
  const result = vectors.map((v) => Float64Array.from(v));
  if (basis.length === 0) return result;
  const weights = innerProducts(rowsOf(vectors), rowsOf(basis));
  const inside = innerProducts(rowsOf(weights), columnsOf(basis));
  result.forEach((v, i) => addScaled(v, -1, inside[i]));
  return result;
}

const norm = (v: Float64Array) => Math.sqrt(dot(v, v));

/** Os k maiores pares de S na base, e o maior resíduo entre eles. */
function rayleighRitz(basis: readonly Float64Array[], images: readonly Float64Array[], k: number) {
  const { values, vectors: weights } = allEigen(innerProducts(rowsOf(basis), rowsOf(images)), k);
  const vectors = innerProducts(rowsOf(weights), columnsOf(basis));
  const differences = innerProducts(rowsOf(weights), columnsOf(images));
  differences.forEach((difference, rank) => addScaled(difference, -values[rank], vectors[rank]));
  return { values, vectors, residual: Math.max(...differences.map(norm)) };
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

import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { innerProducts } from "./innerProducts";
import { seeded } from "../random";
import { addScaled, dot } from "./vectors";
import { standardNormal } from "../ziggurat";

const block = 8; // autovalores repetidos até 8 vezes são todos achados
const tolerance = 1e-11;

/**
 * Os k maiores autovalores de uma matriz simétrica grande por Lanczos em blocos: a base de Krylov [Q, SQ, S²Q, …] é
 * ortonormalizada por inteiro e S, projetada nela (Rayleigh–Ritz). A base cresce até que cada resíduo ‖Sv − λv‖ fique abaixo
 * de 1e-11 do maior autovalor. G. H. Golub e R. Underwood, “The block Lanczos method…”, 1977.
 *
 * @returns `values` e `vectors` (um por linha), do maior ao menor
 */
export function topEigen(
  S: readonly Float64Array[],
  k: number,
): { values: Float64Array; vectors: Float64Array[] } {
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
    images.push(...innerProducts(basis.slice(images.length), S)); // S é simétrica: suas linhas são suas colunas
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
  const projected = innerProducts(basis, images);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new Matrix(projected),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues
    .map((_, i) => i)
    .sort((i, j) => realEigenvalues[j] - realEigenvalues[i])
    .slice(0, k);
  const combine = (vectors: readonly Float64Array[], i: number) => {
    const result = new Float64Array(vectors[0].length);
    vectors.forEach((v, j) => addScaled(result, eigenvectorMatrix.get(j, i), v));
    return result;
  };
  const values = Float64Array.from(order, (i) => realEigenvalues[i]);
  const vectors = order.map((i) => combine(basis, i));
  const residuals = order.map((i, rank) => {
    const difference = combine(images, i);
    addScaled(difference, -values[rank], vectors[rank]);
    return Math.sqrt(dot(difference, difference));
  });
  return { values, vectors, residual: Math.max(...residuals) };
}

import { columnsOf, innerProducts, rowsOf } from "./linalg/innerProducts";
import { columnMeans, covarianceAround, symmetricEigen } from "./linalg";
import { addScaled, dot } from "./linalg/vectors";
import { checkInteger, checkRows, checkScale, type Rows } from "./validate";

/**
 * Análise de componentes principais (PCA), com os termos e os valores de scikit-learn: as direções ortogonais em que os dados
 * mais variam. I. T. Jolliffe, “Principal Component Analysis”, 2ª ed., 2002.
 *
 * Só se constrói por `PCA.fit`; quem tem uma PCA tem uma PCA ajustada.
 */
export class PCA {
  private constructor(
    /** Média de cada atributo (d números). */
    readonly mean: Float64Array,
    /** Direções principais, uma por linha: nComponents vetores de d números, ortogonais e de norma 1. */
    readonly components: Float64Array[],
    /** Variância dos dados em cada direção (divide por n − 1), da maior à menor. */
    readonly explainedVariance: Float64Array,
    /** Parte da variância total em cada direção. */
    readonly explainedVarianceRatio: Float64Array,
  ) {}

  /**
   * Ajusta aos dados X (n × d). O sinal de cada direção é o que deixa positiva a entrada de maior valor absoluto.
   *
   * @param options.nComponents quantas direções guardar, de 1 a min(n, d)
   * @throws TypeError se X está vazia ou tem linhas de tamanhos diferentes; RangeError se tem NaN ou infinito, menos de duas
   * linhas, números grandes ou pequenos demais (`checkScale`), variância zero, ou se nComponents está fora da faixa
   */
  static fit(X: Rows, { nComponents }: { nComponents: number }): PCA {
    const { n, d } = checkRows("PCA.fit", X);
    if (n < 2) throw new RangeError("PCA.fit: esperava ao menos 2 linhas, recebi 1");
    checkInteger("PCA.fit: nComponents", nComponents, 1, Math.min(n, d));
    checkScale("PCA.fit", X);
    const mean = columnMeans(X);
    const { values, components, total } =
      d <= n ? fromCovariance(X, mean, nComponents) : fromGram(X, mean, nComponents);
    if (!(total > 0))
      throw new RangeError("PCA.fit: todas as linhas são iguais; não há variância a explicar");
    const variance = values.map((value) => Math.max(0, value));
    return new PCA(
      mean,
      components.map(fixSign),
      variance,
      variance.map((value) => value / total),
    );
  }

  /** As coordenadas (n × nComponents) dos pontos X (n × d) nas direções principais. @throws como `fit` */
  transform(X: Rows): Float64Array[] {
    checkRows("PCA.transform", X, this.mean.length);
    return innerProducts(rowsOf(X, this.mean), rowsOf(this.components));
  }

  /** O caminho de volta: os pontos (n × d) que têm as coordenadas Z (n × nComponents). @throws como `fit` */
  inverseTransform(Z: Rows): Float64Array[] {
    checkRows("PCA.inverseTransform", Z, this.components.length);
    const points = innerProducts(rowsOf(Z), columnsOf(this.components));
    for (const point of points) addScaled(point, 1, this.mean);
    return points;
  }
}

interface Spectrum {
  values: Float64Array;
  components: Float64Array[];
  total: number;
}

/** Mais amostras que atributos: autovetores da covariância, d × d. */
function fromCovariance(X: Rows, mean: Float64Array, k: number): Spectrum {
  const S = covarianceAround(X, mean);
  const { values, vectors } = symmetricEigen(S, k);
  return { values, components: vectors, total: trace(S) };
}

/** Mais atributos que amostras: os autovetores u da matriz n × n de produtos dão as mesmas direções, Xᵀu. */
function fromGram(X: Rows, mean: Float64Array, k: number): Spectrum {
  const rows = centredRows(X, mean);
  const S = innerProducts(rowsOf(rows)).map((row) => row.map((sum) => sum / (X.length - 1)));
  const { values, vectors } = symmetricEigen(S, k);
  const components: Float64Array[] = [];
  const smallest = 1e-12 * Math.sqrt(trace(S) * (X.length - 1)); // abaixo disto, só arredondamento
  for (const u of vectors) {
    const direction = new Float64Array(mean.length);
    rows.forEach((row, i) => addScaled(direction, u[i], row));
    components.push(unit(direction, components, smallest));
  }
  return { values, components, total: trace(S) };
}

/** A direção com norma 1 e ortogonal às anteriores; onde não há variância, um eixo qualquer ortogonal a elas. */
function unit(
  direction: Float64Array,
  previous: readonly Float64Array[],
  smallest: number,
): Float64Array {
  const scale = Math.max(1e-300, Math.sqrt(dot(direction, direction)));
  let v = direction.map((x) => x / scale);
  for (let axis = -1; axis < v.length; axis++) {
    if (axis >= 0) v = v.map((_, j) => Number(j === axis));
    for (let pass = 0; pass < 2; pass++) for (const c of previous) addScaled(v, -dot(v, c), c);
    const norm = Math.sqrt(dot(v, v));
    if (norm > 1e-6 && (axis >= 0 || scale > smallest)) return v.map((x) => x / norm);
  }
  throw new Error("PCA.fit: não há direção ortogonal às anteriores");
}

/** Autovetor não tem sinal próprio: positiva a entrada de maior valor absoluto, como o svd_flip de scikit-learn. */
function fixSign(v: Float64Array): Float64Array {
  const largest = v.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return largest < 0 ? v.map((x) => -x) : v;
}

function centredRows(X: Rows, mean: Float64Array): Float64Array[] {
  return X.map((row) => mean.map((m, j) => row[j] - m));
}

function trace(S: readonly Float64Array[]): number {
  return S.reduce((sum, row, i) => sum + row[i], 0);
}

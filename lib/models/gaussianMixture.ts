import { mixture, multivariateNormal, type PointDistribution } from "../distributions";
import { cholesky, gram, multiply } from "../linalg";
import type { Source } from "../random";
import { meanLogDensity } from "../evaluation/score";
import { checkInteger, checkPositive, checkRows, checkScale, type Rows } from "../validate";

/** Como ajustar a mistura; os padrões são os de scikit-learn: tol 1e-3, maxIter 100, regCovar 1e-6. */
export interface GaussianMixtureOptions {
  /** Quantas normais. */
  nComponents: number;
  /** Para quando a log-verossimilhança média muda menos que isto entre duas voltas, em nats. */
  tol?: number;
  /** Máximo de voltas. */
  maxIter?: number;
  /** O que se soma à diagonal de cada covariância, para que nenhuma normal encolha até um ponto. */
  regCovar?: number;
}

/**
 * Mistura de K normais ajustada por EM, com covariâncias livres, nos termos e com os padrões de scikit-learn.
 * A. P. Dempster, N. M. Laird e D. B. Rubin, “Maximum Likelihood from Incomplete Data via the EM Algorithm”, 1977.
 */
export class GaussianMixture implements PointDistribution {
  private constructor(
    /** Peso de cada normal: K números que somam 1. */
    readonly weights: Float64Array,
    /** Média de cada normal: K × d. */
    readonly means: Float64Array[],
    /** Covariância de cada normal: K matrizes d × d. */
    readonly covariances: Float64Array[][],
    /** Log-verossimilhança média dos dados, em nats, a cada volta. Não diminui, a menos do efeito de regCovar. */
    readonly history: Float64Array,
    /** Parou porque a mudança ficou abaixo de tol (e não porque as voltas acabaram)? */
    readonly converged: boolean,
  ) {
    const normals = means.map((mean, k) => multivariateNormal(mean, covariances[k]));
    this.mixture = mixture(normals, weights);
  }
  private readonly mixture: PointDistribution;

  /**
   * Ajusta aos pontos X (n × d). As médias partem de pontos espalhados (k-means++; Arthur e Vassilvitskii, 2007), e é para
   * escolhê-los que serve a fonte.
   *
   * @throws RangeError se nComponents não está entre 1 e n ou outra opção está fora da faixa; o mais como `checkRows`
   */
  static fit(X: Rows, options: GaussianMixtureOptions, source: Source): GaussianMixture {
    const { nComponents, tol = 1e-3, maxIter = 100, regCovar = 1e-6 } = options;
    const { n, d } = checkRows("GaussianMixture.fit", X);
    checkScale("GaussianMixture.fit", X);
    checkInteger("GaussianMixture.fit: nComponents", nComponents, 1, n);
    checkInteger("GaussianMixture.fit: maxIter", maxIter, 1);
    checkPositive("GaussianMixture.fit: tol", tol);
    if (!(regCovar >= 0))
      throw new RangeError(`GaussianMixture.fit: regCovar deve ser ≥ 0, recebi ${regCovar}`);

    const columns = Array.from({ length: d }, (_, j) => Float64Array.from(X, (x) => x[j]));
    const scratch = columns.map((column) => new Float64Array(column.length));
    const start = nearestCentre(X, spread(X, nComponents, source));
    let state = maximization(columns, start, regCovar, scratch);
    const history: number[] = [];
    let converged = false;
    while (history.length < maxIter && !converged) {
      const { responsibilities, score } = expectation(columns, state, scratch);
      state = maximization(columns, responsibilities, regCovar, scratch);
      converged = Math.abs(score - (history.at(-1) ?? -Infinity)) < tol;
      history.push(score);
    }
    return new GaussianMixture(
      state.weights,
      state.means,
      state.covariances,
      Float64Array.from(history),
      converged,
    );
  }

  /** Um ponto: sorteia uma das normais e, dela, um ponto. */
  sample(source: Source): Float64Array {
    return this.mixture.sample(source);
  }

  /** Log-densidade no ponto, em nats. */
  logDensity(x: ArrayLike<number>): number {
    return this.mixture.logDensity(x);
  }

  /** Média da log-densidade nas linhas de X, em nats. */
  score(X: Rows): number {
    return meanLogDensity(this, X);
  }
}

interface State {
  weights: Float64Array;
  means: Float64Array[];
  covariances: Float64Array[][];
}

/** Passo E: a probabilidade de cada normal em cada ponto (K listas de n números), e a log-verossimilhança média. */
function expectation(
  columns: readonly Float64Array[],
  { weights, means, covariances }: State,
  scratch: Float64Array[],
): { responsibilities: Float64Array[]; score: number } {
  const n = columns[0].length;
  const logTerms = means.map((mean, k) =>
    logDensities(columns, mean, covariances[k], Math.log(weights[k]), scratch),
  );
  let total = 0;
  for (let i = 0; i < n; i++) {
    let top = -Infinity;
    for (const terms of logTerms) top = Math.max(top, terms[i]);
    let sum = 0;
    for (const terms of logTerms) sum += terms[i] = Math.exp(terms[i] - top);
    for (const terms of logTerms) terms[i] /= sum;
    total += top + Math.log(sum);
  }
  return { responsibilities: logTerms, score: total / n };
}

/** offset + log-densidade de uma normal em todos os pontos, dados por colunas. */
function logDensities(
  columns: readonly Float64Array[],
  mean: Float64Array,
  covariance: Float64Array[],
  offset: number,
  scratch: Float64Array[],
): Float64Array {
  const L = cholesky("GaussianMixture.fit: covariância de um componente", covariance);
  let logNorm = offset - 0.5 * mean.length * Math.log(2 * Math.PI);
  for (let j = 0; j < L.length; j++) logNorm -= Math.log(L[j][j]);
  const result = new Float64Array(columns[0].length).fill(logNorm);
  // z = L⁻¹ (x − mean); a distância de Mahalanobis é ‖z‖.
  centre(columns, mean, scratch);
  for (const z of multiply(inverseLower(L), scratch))
    for (let i = 0; i < z.length; i++) result[i] -= 0.5 * z[i] * z[i];
  return result;
}

/** As colunas menos a média, escritas em `out`: um vetor novo a cada vez custaria mais do que a conta. */
function centre(columns: readonly Float64Array[], mean: Float64Array, out: Float64Array[]): void {
  columns.forEach((column, j) => {
    const [target, m] = [out[j], mean[j]];
    for (let i = 0; i < target.length; i++) target[i] = column[i] - m;
  });
}

/** A inversa de uma matriz triangular inferior. */
function inverseLower(L: readonly Float64Array[]): Float64Array[] {
  const inverse: Float64Array[] = [];
  for (const [i, row] of L.entries()) {
    const next = new Float64Array(L.length);
    inverse.forEach((previous, k) => {
      for (let j = 0; j <= k; j++) next[j] -= row[k] * previous[j];
    });
    next[i] = 1;
    inverse.push(next.map((value) => value / row[i]));
  }
  return inverse;
}

/** Passo M: peso, média e covariância de cada normal, com os pontos pesados pela responsabilidade dela. */
function maximization(
  columns: readonly Float64Array[],
  responsibilities: readonly Float64Array[],
  regCovar: number,
  scratch: Float64Array[],
): State {
  const totals = responsibilities.map((r) => sum(r) + 10 * Number.EPSILON); // como scikit-learn
  const all = totals.reduce((a, b) => a + b, 0);
  const means = responsibilities.map((r, k) =>
    Float64Array.from(columns, (column) => weightedSum(column, r) / totals[k]),
  );
  const covariances = responsibilities.map((r, k) =>
    weightedCovariance(columns, r, means[k], totals[k], regCovar, scratch),
  );
  return { weights: Float64Array.from(totals, (total) => total / all), means, covariances };
}

function weightedSum(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] * values[i];
  return sum;
}

function weightedCovariance(
  columns: readonly Float64Array[],
  r: Float64Array,
  mean: Float64Array,
  total: number,
  regCovar: number,
  scratch: Float64Array[],
): Float64Array[] {
  centre(columns, mean, scratch);
  const root = new Float64Array(r.length);
  for (let i = 0; i < root.length; i++) root[i] = Math.sqrt(r[i]);
  for (const column of scratch) for (let i = 0; i < root.length; i++) column[i] *= root[i];
  const S = gram(scratch).map((row) => row.map((value) => value / total));
  for (let a = 0; a < S.length; a++) S[a][a] += regCovar;
  return S;
}

/**
 * k-means++: cada novo centro é um ponto, sorteado com chance proporcional ao quadrado da distância ao centro mais perto.
 * Como em scikit-learn, são 2 + ln k sorteios, e fica o que mais reduz a soma dessas distâncias.
 */
function spread(X: Rows, k: number, source: Source): ArrayLike<number>[] {
  const centres = [X[Math.floor(source() * X.length)]];
  let squared = Float64Array.from(X, (x) => squaredDistance(x, centres[0]));
  while (centres.length < k) {
    const total = sum(squared);
    const trials = Array.from({ length: 2 + Math.floor(Math.log(k)) }, () => {
      let u = source() * total;
      const pick = squared.findIndex((s) => (u -= s) < 0);
      const centre = X[pick < 0 ? Math.floor(source() * X.length) : pick]; // < 0: todos os pontos já são centros
      const left = new Float64Array(X.length);
      for (let i = 0; i < left.length; i++)
        left[i] = Math.min(squared[i], squaredDistance(X[i], centre));
      return { centre, left };
    });
    const best = trials.reduce((a, b) => (sum(b.left) < sum(a.left) ? b : a));
    centres.push(best.centre);
    squared = best.left;
  }
  return centres;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** Responsabilidade inteira ao centro mais perto, depois de algumas voltas de k-means (Lloyd, 1982). */
function nearestCentre(X: Rows, start: readonly ArrayLike<number>[]): Float64Array[] {
  let centres = start;
  const owner = new Int32Array(X.length).fill(-1);
  for (let turn = 0, moved = true; turn < 20 && moved; turn++) {
    const sums = centres.map((centre) => new Float64Array(centre.length));
    const counts = new Float64Array(centres.length);
    moved = false;
    for (let i = 0; i < X.length; i++) {
      const k = closest(X[i], centres);
      if (k !== owner[i]) moved = true;
      owner[i] = k;
      counts[k]++;
      for (let j = 0; j < sums[k].length; j++) sums[k][j] += X[i][j];
    }
    centres = centres.map((centre, k) =>
      counts[k] > 0 ? sums[k].map((value) => value / counts[k]) : centre,
    );
  }
  return centres.map((_, k) => Float64Array.from(owner, (o) => Number(o === k)));
}

function closest(x: ArrayLike<number>, centres: readonly ArrayLike<number>[]): number {
  let [best, distance] = [0, Infinity];
  for (let k = 0; k < centres.length; k++) {
    const next = squaredDistance(x, centres[k]);
    if (next < distance) [best, distance] = [k, next];
  }
  return best;
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) {
    const difference = a[j] - b[j];
    sum += difference * difference;
  }
  return sum;
}

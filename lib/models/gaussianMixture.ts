import { mixture, multivariateNormal, type PointDistribution } from "../distributions";
import { cholesky, logSumExp } from "../linalg";
import type { Source } from "../random";
import { meanLogDensity } from "../score";
import { checkInteger, checkPositive, checkRows, type Rows } from "../validate";

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
    const { n } = checkRows("GaussianMixture.fit", X);
    checkInteger("GaussianMixture.fit: nComponents", nComponents, 1, n);
    checkInteger("GaussianMixture.fit: maxIter", maxIter, 1);
    checkPositive("GaussianMixture.fit: tol", tol);
    if (!(regCovar >= 0))
      throw new RangeError(`GaussianMixture.fit: regCovar deve ser ≥ 0, recebi ${regCovar}`);

    let state = maximization(X, nearestCentre(X, spread(X, nComponents, source)), regCovar);
    const history: number[] = [];
    let converged = false;
    while (history.length < maxIter && !converged) {
      const { responsibilities, score } = expectation(X, state);
      state = maximization(X, responsibilities, regCovar);
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
  X: Rows,
  { weights, means, covariances }: State,
): { responsibilities: Float64Array[]; score: number } {
  const logTerms = means.map((mean, k) =>
    logDensities(X, mean, covariances[k], Math.log(weights[k])),
  );
  const terms = new Float64Array(means.length);
  let total = 0;
  for (let i = 0; i < X.length; i++) {
    for (let k = 0; k < terms.length; k++) terms[k] = logTerms[k][i];
    const logSum = logSumExp(terms);
    for (let k = 0; k < terms.length; k++) logTerms[k][i] = Math.exp(terms[k] - logSum);
    total += logSum;
  }
  return { responsibilities: logTerms, score: total / X.length };
}

/** offset + log-densidade de uma normal em todos os pontos, sem alocar memória por ponto. */
function logDensities(
  X: Rows,
  mean: Float64Array,
  covariance: Float64Array[],
  offset: number,
): Float64Array {
  const d = mean.length;
  const L = cholesky("GaussianMixture.fit: covariância de um componente", covariance);
  let logNorm = offset - 0.5 * d * Math.log(2 * Math.PI);
  for (let j = 0; j < d; j++) logNorm -= Math.log(L[j][j]);
  const z = new Float64Array(d);
  return Float64Array.from(X, (x) => {
    let squared = 0;
    for (let i = 0; i < d; i++) {
      let sum = x[i] - mean[i];
      for (let j = 0; j < i; j++) sum -= L[i][j] * z[j];
      z[i] = sum / L[i][i];
      squared += z[i] * z[i];
    }
    return logNorm - 0.5 * squared;
  });
}

/** Passo M: peso, média e covariância de cada normal, com os pontos pesados pela responsabilidade dela. */
function maximization(X: Rows, responsibilities: readonly Float64Array[], regCovar: number): State {
  const d = X[0].length;
  const totals = responsibilities.map((r) => r.reduce((a, b) => a + b, 0) + 10 * Number.EPSILON); // como scikit-learn
  const sum = totals.reduce((a, b) => a + b, 0);
  const means = responsibilities.map((r, k) => {
    const mean = new Float64Array(d);
    for (let i = 0; i < X.length; i++) for (let j = 0; j < d; j++) mean[j] += r[i] * X[i][j];
    return mean.map((value) => value / totals[k]);
  });
  const covariances = responsibilities.map((r, k) =>
    weightedCovariance(X, r, means[k], totals[k], regCovar),
  );
  return { weights: Float64Array.from(totals, (total) => total / sum), means, covariances };
}

function weightedCovariance(
  X: Rows,
  r: Float64Array,
  mean: Float64Array,
  total: number,
  regCovar: number,
): Float64Array[] {
  const d = mean.length;
  const S = Array.from({ length: d }, () => new Float64Array(d));
  const centred = new Float64Array(d);
  for (let i = 0; i < X.length; i++) {
    for (let a = 0; a < d; a++) {
      centred[a] = X[i][a] - mean[a];
      const weighted = r[i] * centred[a];
      for (let b = 0; b <= a; b++) S[a][b] += weighted * centred[b];
    }
  }
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) S[b][a] = S[a][b] /= total;
    S[a][a] += regCovar;
  }
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
      return { centre, left: squared.map((s, i) => Math.min(s, squaredDistance(X[i], centre))) };
    });
    const best = trials.reduce((a, b) => (sum(b.left) < sum(a.left) ? b : a));
    centres.push(best.centre);
    squared = best.left;
  }
  return centres;
}

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

/** Responsabilidade inteira ao centro mais perto, depois de algumas voltas de k-means (Lloyd, 1982). */
function nearestCentre(X: Rows, start: ArrayLike<number>[]): Float64Array[] {
  let centres = start;
  let owner = new Int32Array(X.length).fill(-1);
  for (let turn = 0; turn < 20; turn++) {
    const next = Int32Array.from(X, (x) => closest(x, centres));
    if (next.every((k, i) => k === owner[i])) break;
    owner = next;
    centres = centres.map((centre, k) => centroid(X, owner, k) ?? centre);
  }
  return centres.map((_, k) => Float64Array.from(owner, (o) => Number(o === k)));
}

function closest(x: ArrayLike<number>, centres: readonly ArrayLike<number>[]): number {
  let best = 0;
  for (let k = 1; k < centres.length; k++) {
    if (squaredDistance(x, centres[k]) < squaredDistance(x, centres[best])) best = k;
  }
  return best;
}

function centroid(X: Rows, owner: Int32Array, k: number): Float64Array | undefined {
  const mean = new Float64Array(X[0].length);
  let count = 0;
  X.forEach((x, i) => {
    if (owner[i] !== k) return;
    count++;
    for (let j = 0; j < mean.length; j++) mean[j] += x[j];
  });
  return count > 0 ? mean.map((sum) => sum / count) : undefined;
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

import { cholesky, logSumExp } from "./linalg";
import type { Source } from "./random";
import { checkInteger, checkPoint, checkPositive, checkProbabilities, type Rows } from "./validate";
import { standardNormal } from "./random/ziggurat";

/** Algo de que se sorteia e que dá nota ao que se vê. Não muda nunca: todo o acaso vem da fonte. */
export interface Distribution<T> {
  /** Um sorteio. */
  sample(source: Source): T;
  /** Logaritmo natural da densidade (ou da probabilidade, se discreta) em x; −∞ onde x não pode sair. */
  logDensity(x: T): number;
}

/** Distribuição de pontos: cada sorteio é uma linha de números. */
export interface PointDistribution extends Distribution<ArrayLike<number>> {
  sample(source: Source): Float64Array;
}

/**
 * n sorteios independentes: Float64Array se são números, uma Float64Array por ponto se são pontos, lista comum se não.
 *
 * @throws RangeError se n não é um inteiro ≥ 0
 */
export function samples(distribution: PointDistribution, n: number, source: Source): Float64Array[];
export function samples(
  distribution: Distribution<number>,
  n: number,
  source: Source,
): Float64Array;
export function samples<T>(distribution: Distribution<T>, n: number, source: Source): T[];
export function samples<T>(
  distribution: Distribution<T>,
  n: number,
  source: Source,
): T[] | Float64Array {
  checkInteger("samples: n", n, 0);
  const first = n > 0 ? distribution.sample(source) : 0;
  if (typeof first !== "number") {
    return Array.from({ length: n }, (_, i) =>
      i === 0 ? (first as T) : distribution.sample(source),
    );
  }
  const scalar = distribution as Distribution<unknown> as Distribution<number>;
  const result = new Float64Array(n);
  if (n > 0) result[0] = first;
  for (let i = 1; i < n; i++) result[i] = scalar.sample(source);
  return result;
}

/** A normal de média `mean` e desvio-padrão `std`. @throws RangeError se mean não é finita ou std não é > 0 */
export function normal(mean = 0, std = 1): Distribution<number> {
  if (!Number.isFinite(mean)) throw new RangeError(`normal: mean deve ser finita, recebi ${mean}`);
  checkPositive("normal: std", std);
  const logNorm = -Math.log(std) - 0.5 * Math.log(2 * Math.PI);
  return {
    sample: (source) => mean + std * standardNormal(source),
    logDensity(x) {
      checkNumber("normal", x);
      return logNorm - 0.5 * ((x - mean) / std) ** 2;
    },
  };
}

/** A uniforme em [low, high). @throws RangeError se não são finitos com low < high */
export function uniform(low = 0, high = 1): Distribution<number> {
  checkInterval("uniform", low, high);
  const logInside = -Math.log(high - low);
  return {
    sample: (source) => low + (high - low) * source(),
    logDensity(x) {
      checkNumber("uniform", x);
      return x >= low && x <= high ? logInside : -Infinity;
    },
  };
}

/** Inteiros 0 … K − 1 com as probabilidades dadas. @throws RangeError se alguma é negativa ou não somam 1 */
export function categorical(probabilities: ArrayLike<number>): Distribution<number> {
  checkProbabilities("categorical", probabilities);
  const index = indexSampler(probabilities);
  const logs = Float64Array.from(probabilities, Math.log);
  return {
    sample: index,
    logDensity(k) {
      checkNumber("categorical", k);
      return logs[k] ?? -Infinity;
    },
  };
}

/** Sorteia k com probabilidade probabilities[k]: busca binária nas somas acumuladas. */
function indexSampler(probabilities: ArrayLike<number>): (source: Source) => number {
  let sum = 0;
  const cumulative = Float64Array.from(probabilities, (p) => (sum += p));
  return (source) => {
    const u = source() * sum; // sum é 1, a menos de arredondamento: u fica abaixo da última soma
    let [low, high] = [0, cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (u < cumulative[middle]) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/**
 * Sorteia o componente k com probabilidade weights[k], e deste um valor: p(x) = Σ weights[k] pₖ(x).
 *
 * @throws TypeError se não há componentes ou os pesos são em outro número; RangeError como `categorical`
 */
export function mixture(
  components: readonly PointDistribution[],
  weights: ArrayLike<number>,
): PointDistribution;
export function mixture<T>(
  components: readonly Distribution<T>[],
  weights: ArrayLike<number>,
): Distribution<T>;
export function mixture<T>(
  components: readonly Distribution<T>[],
  weights: ArrayLike<number>,
): Distribution<T> {
  if (components.length !== weights.length) {
    throw new TypeError(
      `mixture: esperava um peso por componente (${components.length}), recebi ${weights.length}`,
    );
  }
  checkProbabilities("mixture", weights);
  const index = indexSampler(weights);
  const logWeights = Array.from(weights, Math.log);
  return {
    sample: (source) => components[index(source)].sample(source),
    logDensity: (x) =>
      logSumExp(components.map((component, k) => logWeights[k] + component.logDensity(x))),
  };
}

/**
 * A distribuição empírica: sorteia um dos itens, todos com a mesma chance. `logDensity` é o logaritmo da fração dos itens
 * iguais a x (pontos são iguais se seus números são iguais).
 *
 * @throws TypeError se não há itens
 */
export function empirical<T>(items: ArrayLike<T>): Distribution<T> {
  if (!(items?.length > 0))
    throw new TypeError("empirical: esperava ao menos um item, recebi nenhum");
  const list = Array.from(items);
  const key = (item: T): unknown =>
    typeof item === "object" && item !== null && "length" in item
      ? Array.from(item as ArrayLike<unknown>).join()
      : item;
  const counts = new Map<unknown, number>();
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return {
    sample: (source) => list[Math.floor(source() * list.length)],
    logDensity: (x) => Math.log((counts.get(key(x)) ?? 0) / list.length),
  };
}

/**
 * A uniforme na caixa de lados paralelos aos eixos, com um canto em `low` e o oposto em `high`.
 *
 * @throws TypeError se low e high têm tamanhos diferentes, RangeError se algum lado não é > 0
 */
export function box(low: ArrayLike<number>, high: ArrayLike<number>): PointDistribution {
  const d = low?.length;
  if (!(d > 0) || high?.length !== d)
    throw new TypeError(`box: low e high devem ter o mesmo tamanho, recebi ${d} e ${high?.length}`);
  let logInside = 0;
  for (let j = 0; j < d; j++) {
    checkInterval(`box: lado ${j}`, low[j], high[j]);
    logInside -= Math.log(high[j] - low[j]);
  }
  return {
    sample: (source) =>
      Float64Array.from({ length: d }, (_, j) => low[j] + (high[j] - low[j]) * source()),
    logDensity(x) {
      checkPoint("box", x, d);
      for (let j = 0; j < d; j++) if (x[j] < low[j] || x[j] > high[j]) return -Infinity;
      return logInside;
    },
  };
}

/**
 * A normal de d dimensões, com média `mean` e matriz de covariância d × d.
 *
 * @throws TypeError se as formas não combinam, RangeError se a covariância não é simétrica e positiva definida
 */
export function multivariateNormal(mean: ArrayLike<number>, covariance: Rows): PointDistribution {
  const d = mean.length;
  checkPoint("multivariateNormal: mean", mean, d);
  if (covariance.length !== d) {
    throw new TypeError(
      `multivariateNormal: esperava covariância ${d} × ${d}, recebi ${covariance.length} linhas`,
    );
  }
  const L = cholesky("multivariateNormal: covariance", covariance);
  let logNorm = -0.5 * d * Math.log(2 * Math.PI);
  for (let i = 0; i < d; i++) logNorm -= Math.log(L[i][i]);
  return {
    sample(source) {
      const z = Float64Array.from({ length: d }, () => standardNormal(source));
      return z.map((_, i) => {
        let x = mean[i];
        for (let j = 0; j <= i; j++) x += L[i][j] * z[j];
        return x;
      });
    },
    logDensity(x) {
      checkPoint("multivariateNormal", x, d);
      // Resolve L z = x − mean; a distância de Mahalanobis é ‖z‖.
      const z = new Float64Array(d);
      let squared = 0;
      for (let i = 0; i < d; i++) {
        let sum = x[i] - mean[i];
        for (let j = 0; j < i; j++) sum -= L[i][j] * z[j];
        z[i] = sum / L[i][i];
        squared += z[i] ** 2;
      }
      return logNorm - 0.5 * squared;
    },
  };
}

function checkInterval(name: string, low: number, high: number): void {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new RangeError(`${name}: esperava low < high, finitos, recebi ${low} e ${high}`);
  }
}

function checkNumber(name: string, x: number): void {
  if (typeof x !== "number" || Number.isNaN(x))
    throw new RangeError(`${name}: esperava um número, recebi ${x}`);
}

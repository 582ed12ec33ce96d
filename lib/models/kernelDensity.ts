import type { PointDistribution } from "../distributions";
import type { Source } from "../random";
import { checkPoint, checkPositive, checkRows, type Rows } from "../validate";
import { standardNormal } from "../random/ziggurat";
import { meanLogDensity } from "../evaluation/score";

/**
 * Densidade por núcleos (kernel density estimation): uma pequena normal em volta de cada ponto visto, todas com o mesmo
 * desvio `bandwidth`; a densidade é a média delas. E. Parzen, 1962, com núcleo gaussiano, como em scikit-learn.
 */
export class KernelDensity implements PointDistribution {
  private constructor(
    /** Desvio-padrão de cada núcleo, na unidade dos dados. */
    readonly bandwidth: number,
    private readonly points: Float64Array, // linhas em sequência
    private readonly n: number,
    private readonly d: number,
  ) {}

  /**
   * Guarda os pontos X (n × d).
   *
   * @throws RangeError se bandwidth não é > 0; o mais como `checkRows`
   */
  static fit(X: Rows, { bandwidth }: { bandwidth: number }): KernelDensity {
    const { n, d } = checkRows("KernelDensity.fit", X);
    checkPositive("KernelDensity.fit: bandwidth", bandwidth);
    const points = new Float64Array(n * d);
    X.forEach((row, i) => points.set(row, i * d));
    return new KernelDensity(bandwidth, points, n, d);
  }

  /** Um ponto: sorteia um dos pontos vistos e soma a ele um erro normal. */
  sample(source: Source): Float64Array {
    const start = Math.floor(source() * this.n) * this.d;
    return this.points
      .slice(start, start + this.d)
      .map((x) => x + this.bandwidth * standardNormal(source));
  }

  /** Log-densidade no ponto, em nats. */
  logDensity(x: ArrayLike<number>): number {
    const { points, n, d, bandwidth } = this;
    checkPoint("KernelDensity.logDensity", x, d);
    const squared = new Float64Array(n);
    let nearest = Infinity;
    for (let i = 0, p = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++, p++) sum += (x[j] - points[p]) ** 2;
      squared[i] = sum;
      if (sum < nearest) nearest = sum;
    }
    // Soma em relação ao mais próximo, para não estourar; o que fica a mais de 37 nats dele não muda a soma.
    const scale = -0.5 / bandwidth ** 2;
    const limit = nearest + 37 / -scale;
    let sum = 0;
    for (let i = 0; i < n; i++)
      if (squared[i] < limit) sum += Math.exp(scale * (squared[i] - nearest));
    const logNorm = -0.5 * d * Math.log(2 * Math.PI * bandwidth ** 2) - Math.log(n);
    return logNorm + scale * nearest + Math.log(sum);
  }

  /** Média da log-densidade nas linhas de X, em nats. */
  score(X: Rows): number {
    return meanLogDensity(this, X);
  }
}

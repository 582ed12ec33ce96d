import { categorical, type PointDistribution } from "../distributions";
import type { Source } from "../random";
import { meanLogDensity } from "../evaluation/score";
import { checkInteger, checkPoint, checkRows, type Rows } from "../validate";

/**
 * Densidade por histograma no plano: a caixa é dividida em bins × bins células iguais, e a densidade em cada célula é a
 * fração dos pontos que caíram nela dividida pela sua área.
 */
export class HistogramDensity implements PointDistribution {
  private constructor(
    /** Canto inferior esquerdo da caixa. */
    readonly low: Float64Array,
    /** Canto superior direito da caixa. */
    readonly high: Float64Array,
    /** Células em cada lado. */
    readonly bins: number,
    /** Probabilidade de cada célula, linha por linha a partir de baixo: bins × bins números que somam 1. */
    readonly probabilities: Float64Array,
  ) {
    this.cell = categorical(probabilities);
  }
  private readonly cell: ReturnType<typeof categorical>;

  /**
   * Conta os pontos X (n × 2) em cada célula.
   *
   * @param options.low, options.high cantos da caixa, que deve conter todos os pontos
   * @param options.bins células em cada lado
   * @param options.pseudocount o que se soma à contagem de cada célula (Laplace, 1774); com 0, que é o padrão, a densidade é
   * zero onde não caiu ponto nenhum, e o logaritmo dela é −∞
   * @throws RangeError se um ponto está fora da caixa ou uma opção fora da faixa
   */
  static fit(
    X: Rows,
    options: {
      low: ArrayLike<number>;
      high: ArrayLike<number>;
      bins: number;
      pseudocount?: number;
    },
  ): HistogramDensity {
    const { low, high, bins, pseudocount = 0 } = options;
    const { n } = checkRows("HistogramDensity.fit", X, 2);
    checkPoint("HistogramDensity.fit: low", low, 2);
    checkPoint("HistogramDensity.fit: high", high, 2);
    if (!(low[0] < high[0] && low[1] < high[1])) {
      throw new RangeError(
        `HistogramDensity.fit: esperava low < high, recebi [${Array.from(low)}] e [${Array.from(high)}]`,
      );
    }
    checkInteger("HistogramDensity.fit: bins", bins, 1);
    if (!(pseudocount >= 0 && pseudocount < Infinity)) {
      throw new RangeError(`HistogramDensity.fit: pseudocount deve ser ≥ 0, recebi ${pseudocount}`);
    }
    const counts = new Float64Array(bins * bins).fill(pseudocount);
    for (const x of X) {
      const cell = cellOf(x, low, high, bins);
      if (cell < 0)
        throw new RangeError(`HistogramDensity.fit: o ponto [${Array.from(x)}] está fora da caixa`);
      counts[cell]++;
    }
    const total = n + pseudocount * counts.length;
    const probabilities = counts.map((count) => count / total);
    return new HistogramDensity(
      Float64Array.from(low),
      Float64Array.from(high),
      bins,
      probabilities,
    );
  }

  /** Um ponto: sorteia a célula e, dentro dela, um lugar qualquer. */
  sample(source: Source): Float64Array {
    const cell = this.cell.sample(source);
    const position = [cell % this.bins, Math.floor(cell / this.bins)];
    return this.low.map(
      (low, j) => low + ((this.high[j] - low) * (position[j] + source())) / this.bins,
    );
  }

  /** Log-densidade no ponto, em nats; −∞ fora da caixa e em célula vazia. */
  logDensity(x: ArrayLike<number>): number {
    checkPoint("HistogramDensity.logDensity", x, 2);
    const cell = cellOf(x, this.low, this.high, this.bins);
    if (cell < 0) return -Infinity;
    const area = ((this.high[0] - this.low[0]) * (this.high[1] - this.low[1])) / this.bins ** 2;
    return Math.log(this.probabilities[cell] / area);
  }

  /** Média da log-densidade nas linhas de X, em nats. */
  score(X: Rows): number {
    return meanLogDensity(this, X);
  }
}

function cellOf(
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  bins: number,
): number {
  const index = [0, 1].map((j) => {
    if (x[j] < low[j] || x[j] > high[j]) return NaN;
    return Math.min(bins - 1, Math.floor((bins * (x[j] - low[j])) / (high[j] - low[j])));
  });
  const cell = index[1] * bins + index[0];
  return Number.isNaN(cell) ? -1 : cell;
}

import {
  categorical,
  mixture,
  multivariateNormal,
  normal,
  type Distribution,
  type PointDistribution,
} from "../distributions";
import { columnMeans, covariance, logSumExp } from "../linalg";
import type { Source } from "../random";
import { accuracy } from "../evaluation/score";
import { checkLabels, checkPoint, checkRows, checkScale, type Rows } from "../validate";

/**
 * Como é a normal de cada classe. `full`: com qualquer covariância, a análise discriminante quadrática (QDA). `diagonal`: com
 * atributos independentes, o Bayes ingênuo (naive Bayes).
 */
export type GaussianClassifierOptions =
  /** `regParam`, de 0 a 1: a covariância passa a (1 − regParam) S + regParam I. */
  | { covariance: "full"; regParam?: number }
  /** `varSmoothing`: soma-se às variâncias esta parte da maior variância dos atributos; 1e-9 se não é dada. */
  | { covariance: "diagonal"; varSmoothing?: number };

/**
 * Uma normal por classe, p(x | y), e a frequência de cada classe, p(y). Com os dois, o teorema de Bayes classifica, p(x) =
 * Σ p(y) p(x | y) diz o que é estranho, e dá para sortear: um modelo generativo que também classifica. Os valores são os de
 * QuadraticDiscriminantAnalysis e de GaussianNB de scikit-learn (1.9.1, que divide as duas covariâncias por n).
 */
export class GaussianClassifier<Label extends string | number> implements PointDistribution {
  private readonly marginal: PointDistribution;
  private readonly label: Distribution<number>;

  private constructor(
    /** As classes, em ordem. */
    readonly classes: readonly Label[],
    /** A frequência de cada classe, p(y). */
    readonly priors: Float64Array,
    /** A média de cada classe. */
    readonly means: readonly Float64Array[],
    private readonly conditionals: readonly PointDistribution[],
  ) {
    this.marginal = mixture(conditionals, priors);
    this.label = categorical(priors);
  }

  /**
   * Ajusta por máxima verossimilhança, a menos da regularização.
   *
   * @param X as linhas (n × d)
   * @param y o rótulo de cada linha
   * @throws TypeError se as formas não combinam; RangeError se há menos de duas classes, se X tem NaN, se uma opção está fora da
   * faixa, ou se a covariância de uma classe não tem inversa (poucas linhas, ou um atributo constante)
   */
  static fit<Label extends string | number>(
    X: Rows,
    y: ArrayLike<Label>,
    options: GaussianClassifierOptions,
  ): GaussianClassifier<Label> {
    const name = "GaussianClassifier.fit";
    const { n } = checkRows(name, X);
    checkScale(name, X);
    const classes = checkLabels(name, y, n);
    const fitClass = conditionalFitter(name, X, options);
    const groups = classes.map((label) => X.filter((_, i) => y[i] === label));
    return new GaussianClassifier(
      classes,
      Float64Array.from(groups, (rows) => rows.length / n),
      groups.map(columnMeans),
      groups.map((rows, k) => fitClass(rows, `${name}: classe ${classes[k]}`)),
    );
  }

  /** A normal da classe, p(x | y), de que se sorteia e que dá log-densidade. @throws RangeError se não há a classe */
  conditional(label: Label): PointDistribution {
    const k = this.classes.indexOf(label);
    if (k < 0)
      throw new RangeError(
        `GaussianClassifier: esperava uma classe entre ${this.classes.join(", ")}, recebi ${label}`,
      );
    return this.conditionals[k];
  }

  /** log p(x), em nats, sem olhar a classe. */
  logDensity(x: ArrayLike<number>): number {
    return this.marginal.logDensity(x);
  }

  /** Um ponto de p(x): sorteia a classe, e dela o ponto. */
  sample(source: Source): Float64Array {
    return this.conditionals[this.label.sample(source)].sample(source);
  }

  /** A probabilidade de cada classe (n × classes), p(y | x), na ordem de `classes`. @throws como `checkRows` */
  predictProba(X: Rows): Float64Array[] {
    checkRows("GaussianClassifier", X, this.means[0].length);
    return X.map((x) => {
      const logs = this.logJoint(x);
      const total = logSumExp(logs);
      return logs.map((log) => Math.exp(log - total));
    });
  }

  /** A classe mais provável de cada linha. */
  predict(X: Rows): Label[] {
    checkRows("GaussianClassifier", X, this.means[0].length);
    return X.map((x) => {
      const logs = this.logJoint(x);
      return this.classes[logs.indexOf(Math.max(...logs))];
    });
  }

  /** A fração de acertos. */
  score(X: Rows, y: ArrayLike<Label>): number {
    return accuracy(this.predict(X), y);
  }

  /** log p(y) + log p(x | y) em cada classe. */
  private logJoint(x: ArrayLike<number>): Float64Array {
    return this.priors.map((prior, k) => Math.log(prior) + this.conditionals[k].logDensity(x));
  }
}

type FitClass = (rows: Rows, name: string) => PointDistribution;

function conditionalFitter(name: string, X: Rows, options: GaussianClassifierOptions): FitClass {
  if (options?.covariance === "full") {
    const { regParam = 0 } = options;
    if (!(regParam >= 0 && regParam <= 1))
      throw new RangeError(`${name}: regParam deve estar entre 0 e 1, recebi ${regParam}`);
    return (rows, which) => fullNormal(rows, regParam, which);
  }
  if (options?.covariance === "diagonal") {
    const { varSmoothing = 1e-9 } = options;
    if (!(varSmoothing >= 0 && varSmoothing < Infinity))
      throw new RangeError(`${name}: varSmoothing deve ser ≥ 0, recebi ${varSmoothing}`);
    const extra = varSmoothing * variances(X).reduce((a, b) => Math.max(a, b));
    return (rows, which) => diagonalNormal(rows, extra, which);
  }
  const { covariance: kind } = (options ?? {}) as { covariance?: unknown };
  throw new TypeError(`${name}: covariance deve ser "full" ou "diagonal", recebi ${kind}`);
}

function fullNormal(rows: Rows, regParam: number, name: string): PointDistribution {
  const advice = "; some uma regularização com regParam, ou junte mais linhas";
  if (rows.length < 2) throw new RangeError(`${name}: esperava ao menos 2 linhas, recebi 1`);
  const shrink = (1 - regParam) * (1 - 1 / rows.length); // covariance divide por n − 1
  const S = covariance(rows).map((row, i) =>
    row.map((value, j) => shrink * value + (i === j ? regParam : 0)),
  );
  try {
    return multivariateNormal(columnMeans(rows), S);
  } catch (error) {
    throw new RangeError(`${name}: a covariância não tem inversa${advice}`, { cause: error });
  }
}

function diagonalNormal(rows: Rows, extra: number, name: string): PointDistribution {
  const mean = columnMeans(rows);
  const parts = variances(rows).map((variance) => variance + extra);
  const constant = parts.findIndex((variance) => !(variance > 0));
  if (constant >= 0)
    throw new RangeError(`${name}: o atributo ${constant} não varia; aumente varSmoothing`);
  const normals = Array.from(parts, (variance, j) => normal(mean[j], Math.sqrt(variance)));
  return {
    sample: (source) => Float64Array.from(normals, (one) => one.sample(source)),
    logDensity(x) {
      checkPoint("GaussianClassifier", x, normals.length);
      return normals.reduce((sum, one, j) => sum + one.logDensity(x[j]), 0);
    },
  };
}

/** A variância de cada coluna, dividida por n. */
function variances(X: Rows): Float64Array {
  const mean = columnMeans(X);
  return mean.map((m, j) => X.reduce((sum, row) => sum + (row[j] - m) ** 2, 0) / X.length);
}

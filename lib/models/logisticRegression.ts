import { cholesky, solveCholesky } from "../linalg";
import { accuracy } from "../evaluation/score";
import { checkLabels, checkPositive, checkRows, checkScale, type Rows } from "../validate";

/**
 * Regressão logística de duas classes, com a penalidade L2, os termos e os valores de scikit-learn: p(y = classes[1] | x) =
 * σ(coef · x + intercept), com σ(z) = 1 / (1 + e⁻ᶻ). C. Bishop, “Pattern Recognition and Machine Learning”, 2006, seção 4.3.
 *
 * É um modelo discriminativo: sabe separar, mas não tem p(x), e não sorteia.
 */
export class LogisticRegression<Label extends string | number> {
  private constructor(
    /** As duas classes, em ordem. */
    readonly classes: readonly Label[],
    /** Um peso por atributo. */
    readonly coef: Float64Array,
    readonly intercept: number,
  ) {}

  /**
   * Minimiza ½‖coef‖² + C Σ log(1 + exp(−sᵢ zᵢ)), com zᵢ = coef · xᵢ + intercept e sᵢ = ±1 conforme a classe, pelo método de
   * Newton. O custo de cada um dos uns dez passos é n d².
   *
   * @param X as linhas (n × d)
   * @param y o rótulo de cada linha
   * @param options.C o inverso da força da penalidade; 1 se não é dado, como em scikit-learn
   * @throws TypeError se as formas não combinam; RangeError se não há exatamente duas classes, se C não é > 0 ou se X tem NaN
   */
  static fit<Label extends string | number>(
    X: Rows,
    y: ArrayLike<Label>,
    { C = 1 }: { C?: number } = {},
  ): LogisticRegression<Label> {
    const name = "LogisticRegression.fit";
    const { n, d } = checkRows(name, X);
    checkScale(name, X);
    const classes = checkLabels(name, y, n);
    if (classes.length !== 2)
      throw new RangeError(`${name}: esperava 2 classes, recebi ${classes.length}`);
    checkPositive(`${name}: C`, C);
    const signs = Float64Array.from({ length: n }, (_, i) => (y[i] === classes[1] ? 1 : -1));
    const theta = newton(X, signs, C);
    return new LogisticRegression(classes, theta.slice(0, d), theta[d]);
  }

  /** coef · x + intercept em cada linha: positivo do lado de classes[1]. @throws como `checkRows` */
  decisionFunction(X: Rows): Float64Array {
    checkRows("LogisticRegression", X, this.coef.length);
    return Float64Array.from(X, (x) => affine(this.coef, this.intercept, x));
  }

  /** A probabilidade de cada classe (n × 2), na ordem de `classes`. */
  predictProba(X: Rows): Float64Array[] {
    return Array.from(this.decisionFunction(X), (z) => Float64Array.of(sigmoid(-z), sigmoid(z)));
  }

  /** A classe mais provável de cada linha. */
  predict(X: Rows): Label[] {
    return Array.from(this.decisionFunction(X), (z) => this.classes[z > 0 ? 1 : 0]);
  }

  /** A fração de acertos. */
  score(X: Rows, y: ArrayLike<Label>): number {
    return accuracy(this.predict(X), y);
  }
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

function affine(coef: Float64Array, intercept: number, x: ArrayLike<number>): number {
  let z = intercept;
  for (let j = 0; j < coef.length; j++) z += coef[j] * x[j];
  return z;
}

/** O mínimo, [coef, intercept]: passos de Newton, encurtados enquanto não descem o que a derivada promete (Armijo, 1966). */
function newton(X: Rows, signs: Float64Array, C: number): Float64Array {
  const d = X[0].length;
  let theta = new Float64Array(d + 1);
  let loss = lossAt(theta, X, signs, C);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { gradient, hessian } = derivatives(theta, X, signs, C);
    const step = solveCholesky(cholesky("LogisticRegression.fit", hessian), gradient);
    const promised = gradient.reduce((sum, g, j) => sum + g * step[j], 0);
    const move = (length: number) => theta.map((t, j) => t - length * step[j]);
    if (promised <= 1e-13 * Math.max(1, loss)) return move(1); // daqui, só arredondamento
    let length = 1;
    while (lossAt(move(length), X, signs, C) > loss - 1e-4 * length * promised) length /= 2;
    theta = move(length);
    loss = lossAt(theta, X, signs, C);
  }
  throw new Error(
    "LogisticRegression.fit: não convergiu em 100 passos; os atributos têm escalas muito diferentes?",
  );
}

function lossAt(theta: Float64Array, X: Rows, signs: Float64Array, C: number): number {
  const coef = theta.subarray(0, -1);
  const intercept = theta[coef.length];
  let penalty = 0;
  for (const w of coef) penalty += w * w;
  let sum = 0;
  for (let i = 0; i < X.length; i++) {
    const margin = signs[i] * affine(coef, intercept, X[i]);
    sum += Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
  }
  return 0.5 * penalty + C * sum;
}

function derivatives(theta: Float64Array, X: Rows, signs: Float64Array, C: number) {
  const d = theta.length - 1;
  const coef = theta.subarray(0, d);
  const gradient = theta.map((w, j) => (j < d ? w : 0));
  const hessian = Array.from(theta, (_, j) => {
    const row = new Float64Array(d + 1);
    if (j < d) row[j] = 1;
    return row;
  });
  const x = new Float64Array(d + 1).fill(1); // o último é o do intercept
  for (let i = 0; i < X.length; i++) {
    for (let j = 0; j < d; j++) x[j] = X[i][j];
    const p = sigmoid(-signs[i] * affine(coef, theta[d], x)); // a probabilidade da classe errada
    const weight = C * p * (1 - p);
    for (let j = 0; j <= d; j++) {
      gradient[j] -= C * signs[i] * p * x[j];
      const scaled = weight * x[j];
      const row = hessian[j];
      for (let k = 0; k <= j; k++) row[k] += scaled * x[k];
    }
  }
  for (let j = 0; j <= d; j++) for (let k = 0; k < j; k++) hessian[k][j] = hessian[j][k];
  return { gradient, hessian };
}

import type { PointDistribution } from "../distributions";
import { checkRows, type Rows } from "../validate";

/** Média da log-densidade das linhas de X, em nats: o que scikit-learn chama de score. */
export function meanLogDensity(distribution: PointDistribution, X: Rows): number {
  checkRows("score", X);
  return X.reduce((sum, x) => sum + distribution.logDensity(x), 0) / X.length;
}

/** A fração dos rótulos previstos que são os verdadeiros. @throws TypeError se não há rótulos ou são em números diferentes */
export function accuracy<Label>(predicted: ArrayLike<Label>, y: ArrayLike<Label>): number {
  const n = predicted.length;
  if (n === 0 || y?.length !== n)
    throw new TypeError(
      `accuracy: esperava ${n || "ao menos um"} rótulo(s), recebi ${y?.length ?? typeof y}`,
    );
  let hits = 0;
  for (let i = 0; i < n; i++) if (predicted[i] === y[i]) hits++;
  return hits / n;
}

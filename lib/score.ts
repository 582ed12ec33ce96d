import type { PointDistribution } from "./distributions";
import { checkRows, type Rows } from "./validate";

/** Média da log-densidade das linhas de X, em nats: o que scikit-learn chama de score. */
export function meanLogDensity(distribution: PointDistribution, X: Rows): number {
  checkRows("score", X);
  return X.reduce((sum, x) => sum + distribution.logDensity(x), 0) / X.length;
}

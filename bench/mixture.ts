import { mixture, multivariateNormal, normal, samples } from "../lib/distributions";
import { GaussianMixture } from "../lib/models/gaussianMixture";
import { seeded } from "../lib/random";
import { save } from "./data";
import type { Case } from "./serve";

const [nComponents, maxIter] = [6, 15];

export function prepare(folder: string): Record<string, Case<any>> {
  return { plane: fit(folder, "plane", 20_000, 2), wide: fit(folder, "wide", 5_000, 16) };
}

function fit(folder: string, name: string, n: number, d: number): Case<GaussianMixture> {
  const X = samples(truth(d), n, seeded(`bench/mistura/${name}`));
  save(folder, name, X);
  return {
    // tol quase zero: são sempre as mesmas voltas.
    run: () => GaussianMixture.fit(X, { nComponents, maxIter, tol: 1e-300 }, seeded("começo")),
    check: ({ history, weights }) => [
      history.length,
      history.at(-1)!,
      ...Array.from(weights).sort((a, b) => a - b),
    ],
  };
}

/** Seis normais que se tocam um pouco. */
function truth(d: number) {
  const source = seeded("bench/mistura/verdade");
  const spread = normal(0, 6 / Math.sqrt(d));
  const small = normal(0, 0.3);
  const components = Array.from({ length: nComponents }, () => {
    const L = Array.from({ length: d }, (_, i) =>
      Array.from({ length: d }, (__, j) => (i === j ? 1 : j < i ? small.sample(source) : 0)),
    );
    const covariance = L.map((a) => L.map((b) => a.reduce((sum, x, j) => sum + x * b[j], 0)));
    return multivariateNormal(samples(spread, d, source), covariance);
  });
  return mixture(components, [0.1, 0.13, 0.15, 0.18, 0.2, 0.24]);
}

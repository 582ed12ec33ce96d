import { mixture, multivariateNormal, samples } from "../lib/distributions";
import { KernelDensity } from "../lib/models/kernelDensity";
import { seeded } from "../lib/random";
import { save } from "./data";
import type { Case } from "./serve";

export function prepare(folder: string): Record<string, Case<any>> {
  return { plane: score(folder, "plane", 2, 0.2), wide: score(folder, "wide", 8, 0.5) };
}

/** Duas nuvens: uma à volta da origem, outra ao lado. */
function score(folder: string, name: string, d: number, bandwidth: number): Case<number> {
  const identity = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => +(i === j)),
  );
  const clouds = [0, 4].map((x) => multivariateNormal(Array(d).fill(x), identity));
  const points = samples(mixture(clouds, [0.6, 0.4]), 12_000, seeded(`bench/núcleos/${name}`));
  save(folder, name, points);
  const density = KernelDensity.fit(points.slice(0, 10_000), { bandwidth });
  const X = points.slice(10_000);
  return { run: () => density.score(X), check: (mean) => [mean] };
}

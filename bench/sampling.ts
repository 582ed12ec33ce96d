import { categorical, normal, samples, uniform } from "../lib/distributions";
import { seeded } from "../lib/random";
import type { Case } from "./serve";

const n = 1e7;
const probabilities = Array.from({ length: 10 }, (_, k) => (k + 1) / 55);

export function prepare(): Record<string, Case<any>> {
  const source = seeded("bench/sorteios");
  return {
    uniform: { run: () => samples(uniform(), n, source), check: moments },
    normal: { run: () => samples(normal(), n, source), check: moments },
    categorical: { run: () => samples(categorical(probabilities), n, source), check: frequencies },
  };
}

/** Média e desvio-padrão. */
function moments(values: Float64Array): number[] {
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  return [mean, Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n)];
}

function frequencies(values: Float64Array): number[] {
  const counts = new Array(probabilities.length).fill(0);
  for (const k of values) counts[k]++;
  return counts.map((count) => count / n);
}

import { normal, uniform } from "../lib/distributions";
import { PCA } from "../lib/pca";
import { seeded, type Source } from "../lib/random";
import { save } from "./data";
import type { Case } from "./serve";

const [n, side, nComponents] = [10_000, 28, 50];

export function prepare(folder: string): Record<string, Case<any>> {
  const source = seeded("bench/pca");
  const images = Array.from({ length: n }, () => image(source));
  save(folder, "pca", images);
  const pca = PCA.fit(images, { nComponents });
  return {
    fit: {
      run: () => PCA.fit(images, { nComponents }),
      check: (result: PCA) => result.explainedVariance,
    },
    transform: {
      run: () => pca.transform(images),
      check: (result: Float64Array[]) => [...result[0], ...result[n - 1]],
    },
  };
}

/** Três borrões em lugares e de tamanhos sorteados, mais ruído: um espectro parecido com o de dígitos escritos à mão. */
function image(source: Source): Float64Array {
  const pixels = new Float64Array(side * side);
  const [place, size, noise] = [uniform(0, side), uniform(1, 4), normal(0, 0.05)];
  for (let blob = 0; blob < 3; blob++) {
    const width = size.sample(source);
    const profile = (centre: number) =>
      Float64Array.from({ length: side }, (_, i) => Math.exp(-0.5 * ((i - centre) / width) ** 2));
    const [rows, columns] = [profile(place.sample(source)), profile(place.sample(source))];
    for (let i = 0; i < pixels.length; i++)
      pixels[i] += rows[Math.floor(i / side)] * columns[i % side];
  }
  return pixels.map((pixel) => pixel + noise.sample(source));
}

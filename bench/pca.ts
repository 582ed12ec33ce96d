import { digits28 } from "../lib/datasets/digits28";
import { PCA } from "../lib/pca";
import { save } from "./data";
import type { Case } from "./serve";

const nComponents = 50;

export function prepare(folder: string): Record<string, Case<any>> {
  const images = digits28().images.map((image) => Float64Array.from(image));
  save(folder, "pca", images);
  const pca = PCA.fit(images, { nComponents });
  return {
    fit: {
      run: () => PCA.fit(images, { nComponents }),
      check: (result: PCA) => result.explainedVariance,
    },
    transform: {
      run: () => pca.transform(images),
      check: (result: Float64Array[]) => [...result[0], ...result[result.length - 1]],
    },
  };
}

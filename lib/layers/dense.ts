import type { Source } from "../random";
import { tf } from "../tensor";
import { checkInteger } from "../validate";
import { heNormal } from "./weights";

/**
 * Uma rede de camadas densas com pesos que vêm da fonte (`heNormal`) e vieses em zero. A última camada é linear: quem usa a rede
 * decide o que os números dela querem dizer.
 *
 *     const encoder = denseNetwork([784, 256, 2], seeded("cap03/ae")); // [n, 784] → [n, 2]
 *
 * @param sizes quantos números há na entrada, em cada camada escondida e na saída
 * @param options.activation a curva entre as camadas; sem isto, ReLU
 * @throws RangeError se há menos de dois tamanhos, ou algum não é um inteiro ≥ 1
 */
export function denseNetwork(
  sizes: readonly number[],
  source: Source,
  { activation = "relu" }: { activation?: "relu" | "tanh" | "elu" | "selu" | "swish" } = {},
): tf.Sequential {
  if (!(sizes.length >= 2))
    throw new RangeError(
      `denseNetwork: esperava ao menos dois tamanhos, da entrada e da saída, recebi ${sizes.length}`,
    );
  sizes.forEach((size, i) => checkInteger(`denseNetwork: tamanho ${i}`, size, 1));
  const last = sizes.length - 2;
  return tf.sequential({
    layers: sizes.slice(1).map((units, i) =>
      tf.layers.dense({
        inputShape: [sizes[i]],
        units,
        activation: i < last ? activation : "linear",
        kernelInitializer: heNormal(source),
      }),
    ),
  });
}

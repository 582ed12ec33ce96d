import { shuffle, type Source } from "../random";
import { checkInteger } from "../validate";

/** Imagens em tons de cinza, quadradas, cada uma com seu rótulo. */
export interface LabelledImages {
  /** Pixels por lado: 8 ou 28. */
  readonly side: number;
  /** As imagens em sequência, linha a linha, de 0 (fundo) a 1 (traço): n × side² números. */
  readonly pixels: Float32Array;
  /** As mesmas imagens, uma por item: vistas de `pixels`, que ocupam a mesma memória. */
  readonly images: readonly Float32Array[];
  /** O dígito de cada imagem, de 0 a 9. */
  readonly labels: Uint8Array;
}

/** Monta o conjunto a partir dos pixels em sequência. @throws TypeError se não há um rótulo por imagem */
export function labelledImages(
  side: number,
  pixels: Float32Array,
  labels: Uint8Array,
): LabelledImages {
  const size = side * side;
  if (pixels.length !== labels.length * size) {
    throw new TypeError(
      `labelledImages: esperava ${labels.length} imagens de ${size} pixels, recebi ${pixels.length} números`,
    );
  }
  const images = Array.from(labels, (_, i) => pixels.subarray(i * size, (i + 1) * size));
  return { side, pixels, images, labels };
}

/**
 * O conjunto repartido em partes sem imagem em comum, dos tamanhos dados:
 *
 *     const { train, test } = split(digits8(), { train: 1400, test: 397 }, seeded("cap01/digitos"));
 *
 * Com a fonte, as imagens são sorteadas; sem ela, ficam na ordem em que estão. O que os tamanhos não pedem fica de fora.
 *
 * @throws RangeError se um tamanho não é um inteiro ≥ 1, ou se a soma passa do número de imagens
 */
export function split<Name extends string>(
  data: LabelledImages,
  sizes: Readonly<Record<Name, number>>,
  source?: Source,
): Record<Name, LabelledImages> {
  const n = data.labels.length;
  const parts = Object.entries(sizes) as [Name, number][];
  for (const [name, size] of parts) checkInteger(`split: ${name}`, size, 1);
  const total = parts.reduce((sum, [, size]) => sum + size, 0);
  if (total > n) throw new RangeError(`split: as partes pedem ${total} imagens, e há só ${n}`);
  const inOrder = Array.from({ length: n }, (_, i) => i);
  const order = source ? shuffle(inOrder, source) : inOrder;
  let from = 0;
  return Object.fromEntries(
    parts.map(([name, size]) => [name, pick(data, order.slice(from, (from += size)))]),
  ) as Record<Name, LabelledImages>;
}

/** As imagens dos índices dados, em memória própria. */
export function pick(data: LabelledImages, indices: readonly number[]): LabelledImages {
  const size = data.side * data.side;
  const pixels = new Float32Array(indices.length * size);
  const labels = Uint8Array.from(indices, (i) => {
    checkInteger("pick: índice", i, 0, data.labels.length - 1);
    return data.labels[i];
  });
  indices.forEach((i, to) => pixels.set(data.images[i], to * size));
  return labelledImages(data.side, pixels, labels);
}

import type { Source } from "../random";
import { tf } from "../tensor";
import { draw } from "../tensor/compile";

/**
 * Zera cada número de `x` com probabilidade `rate` e divide os outros por 1 − rate, para que a média não mude (Srivastava
 * et al., 2014). Só no treino: na avaliação, não se chama.
 *
 * Cada chamada tira da fonte três números, e deles faz uma máscara nova; a mesma fonte repete as máscaras, nos dois motores.
 * (`tf.layers.dropout` com semente repete a mesma máscara a cada chamada, e sem semente não se repete.)
 *
 * @param rate de 0 a 1, sem o 1
 * @throws RangeError se `rate` está fora de [0, 1)
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, source: Source): T {
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`dropout: rate deve estar em [0, 1), recebi ${rate}`);
  return tf.tidy(() => tf.mul(x, draw(source, mask, x.shape, rate)));
}

/** Zeros e 1/(1 − rate), pelo sfc32 de Chris Doty-Humphrey (PractRand), semeado pela fonte. */
function mask(source: Source, shape: number[], rate: number): tf.Tensor {
  const seed = () => (source() * 2 ** 32) | 0;
  let [a, b, c, counter] = [seed(), seed(), seed(), 1];
  const next = () => {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const threshold = rate * 2 ** 32;
  const scale = 1 / (1 - rate);
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let i = 0; i < values.length; i++) if (next() >= threshold) values[i] = scale;
  return tf.tensor(values, shape);
}

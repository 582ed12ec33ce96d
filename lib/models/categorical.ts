import { tfSeed, type Source } from "../random";
import { tf } from "../tensor";

/**
 * Sorteia uma classe de cada linha de logitos, com as chances de softmax: um nível por pixel, um símbolo por lugar.
 *
 * @param logits […, classes]
 * @returns […], int32
 * @throws TypeError se não há eixo de classes
 */
export function sampleCategorical(logits: tf.Tensor, source: Source): tf.Tensor {
  if (logits.rank < 1)
    throw new TypeError("sampleCategorical: esperava logitos […, classes], recebi um escalar");
  const classes = logits.shape[logits.rank - 1];
  return tf.tidy(() => {
    const rows = tf.reshape(logits, [-1, classes]) as tf.Tensor2D;
    return tf.reshape(tf.multinomial(rows, 1, tfSeed(source)), logits.shape.slice(0, -1));
  });
}

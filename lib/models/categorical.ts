import { tfSeed, type Source } from "../random";
import { tf } from "../tensor";
import { draw } from "../tensor/compile";

/**
 * Sorteia uma classe de cada linha de logits, com as chances de softmax: um nível por pixel, um símbolo por lugar.
 *
 * @param logits […, classes]
 * @returns […], int32
 * @throws TypeError se não há eixo de classes
 */
export function sampleCategorical(logits: tf.Tensor, source: Source): tf.Tensor {
  if (logits.rank < 1)
    throw new TypeError("sampleCategorical: esperava logits […, classes], recebi um escalar");
  const classes = logits.shape[logits.rank - 1];
  return tf.tidy(() => {
    // Pela função de distribuição: tf.multinomial, no motor nativo, não se repete com a mesma semente.
    const sums = tf.cumsum(tf.softmax(tf.reshape(logits, [-1, classes])), 1);
    const [rows] = sums.shape;
    const total = tf.slice(sums, [0, classes - 1], [rows, 1]);
    const level = tf.mul(total, draw(source, uniform, [rows, 1]));
    const drawn = tf.sum(tf.cast(tf.less(sums, level), "int32"), 1);
    return tf.reshape(drawn, logits.shape.slice(0, -1));
  });
}

const uniform = (source: Source, shape: number[]) =>
  tf.randomUniform(shape, 0, 1, "float32", tfSeed(source));

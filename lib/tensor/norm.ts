import * as tf from "@tensorflow/tfjs";

/**
 * A norma euclidiana de cada linha (os eixos todos menos o primeiro): √Σx².
 *
 * Em x = 0 a derivada da raiz é infinita, e vezes zero dá NaN: abaixo de 10⁻²⁰, a soma não passa disso, e o gradiente é zero.
 *
 * @param x [n, …]
 * @returns [n]
 */
export function rowNorms(x: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const squares = tf.sum(tf.square(tf.reshape(x, [x.shape[0], -1])), 1);
    return tf.sqrt(tf.maximum(squares, 1e-20)) as tf.Tensor1D;
  });
}

import * as tf from "@tensorflow/tfjs";
import { float32, insideNestedGradient, isNative, run } from "./native";

/**
 * A entropia cruzada de cada linha, −Σ p·log softmax(z), em uma operação onde o motor é nativo. O gradiente, softmax(z) − p, é
 * escrito à mão: mais curto que o das operações, e, ao contrário do de `tf.logSoftmax`, ele mesmo se pode derivar.
 *
 * @param logits [n, classes], float32
 * @param target [n, classes], float32, linhas de soma 1; não se deriva em relação a ele
 * @returns [n]
 */
export function softmaxCrossEntropyRows(logits: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const native = isNative() && !insideNestedGradient();
  const op = tf.customGrad((...inputs) => {
    const [z, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const name = "SoftmaxCrossEntropyWithLogits";
    const [value, direction] = native ? run(name, [z, target], [float32()], 2) : [rows(z, target)];
    save(native ? [direction] : [z, target]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.expandDims(dy, -1), native ? saved[0] : gradient(saved[0], saved[1])),
    };
  });
  return op(logits);
}

function rows(z: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(z, tf.max(z, -1, true));
  const logs = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
  return tf.neg(tf.sum(tf.mul(logs, target), -1));
}

const gradient = (z: tf.Tensor, target: tf.Tensor) => tf.sub(tf.softmax(z), target);

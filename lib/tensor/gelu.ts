/**
 * A GELU (Hendrycks & Gimpel, 2016), x·Φ(x), derivada de uma vez: Φ(x) + x·φ(x), com o Φ que a ida já calculou. O TensorFlow.js
 * deriva cada uma das cinco operações que a compõem, e todas percorrem a maior ativação de um transformer.
 */
import * as tf from "@tensorflow/tfjs";
import { insideNestedGradient, layerPrototype } from "./native";

/** O que se usa da ativação `"gelu"`. */
interface Activation {
  apply(x: tf.Tensor): tf.Tensor;
}

/** Troca a conta da ativação, em qualquer motor. */
export function useShortGelu(): void {
  const prototype = layerPrototype<Activation>("gelu");
  const own = prototype.apply;
  prototype.apply = function (this: Activation, x) {
    return insideNestedGradient() ? own.call(this, x) : gelu(x);
  };
}

const LOG_ROOT_2PI = Math.log(2 * Math.PI) / 2;

const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((...inputs) => {
    const save = inputs.pop() as tf.GradSaveFunc;
    const [x] = inputs as tf.Tensor[];
    const scaled = tf.mul(x, Math.SQRT1_2);
    const cumulative = tf.mul(tf.add(tf.erf(scaled), 1), 0.5);
    save([x, scaled, cumulative]);
    return {
      value: tf.mul(x, cumulative),
      gradFunc(dy: tf.Tensor, [x, scaled, cumulative]: tf.Tensor[]) {
        const density = tf.exp(tf.sub(-LOG_ROOT_2PI, tf.square(scaled)));
        return tf.mul(dy, tf.add(cumulative, tf.mul(x, density)));
      },
    };
  })(x);

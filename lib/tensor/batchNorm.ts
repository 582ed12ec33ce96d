/**
 * A normalização por lote (Ioffe & Szegedy, 2015) no treino, com uma operação na ida e uma na volta, no lugar das dezenas
 * de que o TensorFlow.js a compõe.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, float32, insideNestedGradient, isNative, layerPrototype, run } from "./native";

interface Weight {
  read(): tf.Tensor;
  write(value: tf.Tensor): void;
}

/** O que se usa da camada `tf.layers.batchNormalization`. */
interface Layer {
  axis: number;
  momentum: number;
  epsilon: number;
  gamma?: Weight;
  beta?: Weight;
  movingMean: Weight;
  movingVariance: Weight;
  call(inputs: tf.Tensor | tf.Tensor[], options: { training?: boolean }): tf.Tensor;
}

/** Troca a conta da camada, só no treino e só onde a do TensorFlow nativo é a mesma: canais no último eixo. */
export function useNativeBatchNorm(): void {
  const prototype = layerPrototype<Layer>("BatchNormalization");
  const own = prototype.call;
  prototype.call = function (this: Layer, inputs, options) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const { gamma, beta } = this;
    const last = this.axis === -1 || this.axis === x.rank - 1;
    const rows = x.size / x.shape[x.rank - 1];
    const same = last && x.dtype === "float32" && x.rank >= 2 && x.rank <= 4 && rows > 1;
    if (!options?.training || !same || !gamma || !beta || insideNestedGradient() || !isNative())
      return own.call(this, inputs, options);
    return tf.tidy(() => {
      const { y, mean, variance } = normalize(x, gamma.read(), beta.read(), this.epsilon);
      move(this.movingMean, mean, this.momentum);
      move(this.movingVariance, variance, this.momentum);
      return y;
    });
  };
}

/** Média e variância são as do lote, sem gradiente. */
function normalize(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number) {
  const channels = x.shape[x.rank - 1];
  const image = tf.reshape(x, [-1, 1, x.rank < 3 ? 1 : x.shape[x.rank - 2], channels]);
  const attributes = [
    float32(),
    float32("U"),
    attribute("epsilon", "FLOAT", epsilon),
    attribute("is_training", "BOOL", true),
    attribute("data_format", "STRING", "NHWC"),
  ];
  let moments: tf.Tensor[] = [];
  const op = tf.customGrad((...inputs) => {
    const save = inputs.pop() as tf.GradSaveFunc;
    const [image, gamma, beta] = inputs as tf.Tensor[];
    const empty = tf.tensor1d([]);
    const [y, mean, variance, ...reserve] = run(
      "FusedBatchNormV3",
      [image, gamma, beta, empty, empty],
      attributes,
      6,
    );
    save([image, gamma, ...reserve]);
    moments = [tf.keep(mean), tf.keep(variance)];
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        run("FusedBatchNormGradV3", [dy, ...saved], attributes, 5).slice(0, 3),
    };
  });
  const y = tf.reshape(op(image, gamma, beta), x.shape);
  const rows = x.size / channels;
  const mean = tf.clone(moments[0]);
  const variance = tf.mul(moments[1], (rows - 1) / rows); // a do TensorFlow divide por n − 1
  tf.dispose(moments);
  return { y, mean, variance };
}

/** A média móvel, como na camada. */
function move(weight: Weight, value: tf.Tensor, momentum: number): void {
  const old = weight.read();
  weight.write(tf.sub(old, tf.mul(tf.sub(old, value), 1 - momentum)));
}

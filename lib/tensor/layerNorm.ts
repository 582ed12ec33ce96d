/**
 * A normalização por camada (Ba, Kiros & Hinton, 2016) no último eixo: as linhas fazem o papel dos canais na operação que
 * normaliza por lote, uma na ida e uma na volta, no lugar das dezenas de que o TensorFlow.js a compõe.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, float32, gradientDepth, isNative, layerPrototype, run } from "./native";

interface Weight {
  read(): tf.Tensor;
}

/** O que se usa da camada `tf.layers.layerNormalization`. */
interface Layer {
  axis: number[];
  epsilon: number;
  gamma: Weight | null;
  beta: Weight | null;
  call(inputs: tf.Tensor | tf.Tensor[], options: object): tf.Tensor;
}

/** Troca a conta da camada no treino; fora dele, a do TensorFlow.js já é curta. */
export function useNativeLayerNorm(): void {
  const prototype = layerPrototype<Layer>("LayerNormalization");
  const own = prototype.call;
  prototype.call = function (this: Layer, inputs, options) {
    const [x] = [inputs].flat();
    const last = this.axis.length === 1 && this.axis[0] === x.rank - 1 && x.shape[x.rank - 1] > 1;
    if (!last || x.dtype !== "float32" || gradientDepth() !== 1 || !isNative())
      return own.call(this, inputs, options);
    return tf.tidy(() => {
      const y = normalizeRows(x, this.epsilon);
      const scaled = this.gamma ? tf.mul(y, this.gamma.read()) : y;
      return this.beta ? tf.add(scaled, this.beta.read()) : scaled;
    });
  };
}

/** (x − média) / √(variância + ε), com média e variância de cada linha. */
function normalizeRows(x: tf.Tensor, epsilon: number): tf.Tensor {
  const width = x.shape[x.rank - 1];
  const rows = x.size / width;
  const attributes = [
    float32(),
    float32("U"),
    attribute("epsilon", "FLOAT", epsilon),
    attribute("is_training", "BOOL", true),
    attribute("data_format", "STRING", "NCHW"),
  ];
  const op = tf.customGrad((...inputs) => {
    const save = inputs.pop() as tf.GradSaveFunc;
    const [x] = inputs as tf.Tensor[];
    const ones = tf.ones([rows]);
    const all = [x, ones, tf.zeros([rows]), tf.tensor1d([]), tf.tensor1d([])];
    const [y, , , ...reserve] = run("FusedBatchNormV3", all, attributes, 6);
    save([x, ones, ...reserve]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        run("FusedBatchNormGradV3", [dy, ...saved], attributes, 5).slice(0, 1),
    };
  });
  return tf.reshape(op(tf.reshape(x, [1, rows, width, 1])), x.shape);
}

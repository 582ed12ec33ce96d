/**
 * Gradientes do TensorFlow.js trocados por operações únicas do TensorFlow nativo: o mesmo resultado em menos tempo. O do ReLU,
 * por exemplo, são seis operações lá e uma aqui.
 *
 * Quando um gradiente será derivado de novo, e para números que não são float32, vale o do TensorFlow.js.
 */
import * as tf from "@tensorflow/tfjs";
import { maxPoolGradient, type Pooling } from "./maxPool";
import { attribute, differentiatedAgain, float32, isNative, nativeBackend, run } from "./native";

type Gradients = Record<string, () => tf.Tensor>;
type Attributes = Record<string, unknown>;

/** Os gradientes de uma operação, a partir do que ela guardou; `usual` dá os do TensorFlow.js. */
type Native = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  attributes: Attributes,
  usual: () => Gradients,
) => Gradients;

const GRADIENTS: Record<string, Native> = {
  Relu: (dy, [y]) => ({ x: () => run("ReluGrad", [dy, y], [float32()])[0] }),
  LeakyRelu: (dy, [x], { alpha }) => ({
    x: () => run("LeakyReluGrad", [dy, x], [float32(), attribute("alpha", "FLOAT", alpha)])[0],
  }),
  Sigmoid: (dy, [y]) => ({ x: () => run("SigmoidGrad", [y, dy], [float32()])[0] }),
  Tanh: (dy, [y]) => ({ x: () => run("TanhGrad", [y, dy], [float32()])[0] }),
  Softplus: (dy, [x]) => ({ x: () => run("SoftplusGrad", [dy, x], [float32()])[0] }),
  Add: (dy, [a, b], _, usual) =>
    isBias(b, a) ? { ...usual(), b: () => biasGradient(dy, b) } : usual(),
  MaxPool: (dy, [x], pooling, usual) => ({
    x: () => maxPoolGradient(dy, x, pooling as unknown as Pooling) ?? usual().x(),
  }),
  Sum: (dy, [x], { axis }) => ({ x: () => spread(dy, x, axis, 1) }),
  Mean: (dy, [x], { axis }) => ({ x: () => spread(dy, x, axis, x.size / dy.size) }),
};

/**
 * Os que guardam a saída, e não a entrada: a do ReLU é positiva onde a entrada é, e, sem outro uso para a entrada, o TensorFlow junta em um
 * grafo a convolução, o viés e o ReLU.
 */
const FROM_OUTPUT = new Set(["Relu"]);

/** Repete `dy` dividido por n ao longo dos eixos somados. */
function spread(dy: tf.Tensor, x: tf.Tensor, axis: unknown, n: number): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const each = tf.reshape(n === 1 ? dy : tf.div(dy, n), kept);
  const types = [float32(), attribute("Tidx", "TYPE", nativeBackend().binding.TF_INT32)];
  return run("BroadcastTo", [each, tf.tensor1d(x.shape, "int32")], types)[0];
}

/** O último eixo de `x` ganha um número por canal? */
function isBias(bias: tf.Tensor, x: tf.Tensor): boolean {
  const channels = x.shape[x.rank - 1];
  return (
    x.rank >= 2 &&
    bias.rank >= 1 &&
    bias.rank <= x.rank &&
    bias.dtype === "float32" &&
    bias.size === channels &&
    bias.shape[bias.rank - 1] === channels
  );
}

/** A soma de `dy` em todos os eixos menos o último. */
function biasGradient(dy: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [sums] = run("BiasAddGrad", [dy], [float32(), attribute("data_format", "STRING", "NHWC")]);
  return bias.rank === 1 ? sums : tf.reshape(sums, bias.shape);
}

/** Troca os gradientes. Só com o motor nativo, e uma vez. */
export function useNativeGradients(): void {
  for (const [kernelName, native] of Object.entries(GRADIENTS)) {
    const own = tf.getGradient(kernelName);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      ...own,
      ...(FROM_OUTPUT.has(kernelName) && { inputsToSave: [], outputsToSave: [true] }),
      gradFunc(dy, saved, attributes) {
        const usual = () => own.gradFunc(dy, saved, attributes);
        const plain = !Array.isArray(dy) && dy.dtype === "float32";
        if (!plain || differentiatedAgain() || !isNative()) return usual();
        return native(dy, saved, attributes as Attributes, usual);
      },
    });
  }
}

/**
 * A LSTM (Hochreiter & Schmidhuber, 1997) inteira, todos os passos do tempo, como uma operação na ida e uma na volta, no lugar
 * de dezenas por passo.
 */
import * as tf from "@tensorflow/tfjs";
import { isTracing } from "./compile/trace";
import {
  attribute,
  float32,
  insideNestedGradient,
  isNative,
  layerPrototype,
  nativeBackend,
} from "./native";

interface Weight {
  read(): tf.Tensor;
}

/** O que se usa da camada `tf.layers.lstm`. */
interface Layer {
  returnSequences: boolean;
  returnState: boolean;
  goBackwards: boolean;
  stateful: boolean;
  cell: {
    units: number;
    activation: { getClassName(): string };
    recurrentActivation: { getClassName(): string };
    dropout: number;
    recurrentDropout: number;
    kernel: Weight;
    recurrentKernel: Weight;
    bias: Weight | null;
  };
  call(inputs: tf.Tensor | tf.Tensor[], options?: Options): tf.Tensor | tf.Tensor[];
}

interface Options {
  mask?: tf.Tensor | (tf.Tensor | null)[] | null;
  initialState?: tf.Tensor[] | null;
}

/** Troca a conta da camada onde a do TensorFlow nativo é a mesma: sigmoide e tanh, sem dropout, máscara ou estado. */
export function useNativeLstm(): void {
  const prototype = layerPrototype<Layer>("LSTM");
  const own = prototype.call;
  prototype.call = function (this: Layer, inputs, options) {
    const given = [inputs].flat();
    if (given.length !== 1 || !isPlain(this, given[0], options))
      return own.call(this, inputs, options);
    return tf.tidy(() => {
      const { units, kernel, recurrentKernel, bias } = this.cell;
      const weights = tf.concat([kernel.read(), recurrentKernel.read()], 0);
      const steps = tf.transpose(given[0], [1, 0, 2]);
      const h = unroll(steps, weights, bias?.read() ?? tf.zeros([4 * units]));
      if (this.returnSequences) return tf.transpose(h, [1, 0, 2]);
      return tf.squeeze(tf.slice(h, [h.shape[0] - 1]), [0]);
    });
  };
}

function isPlain(layer: Layer, x: tf.Tensor, options: Options = {}): boolean {
  const { cell } = layer;
  return (
    !isTracing() &&
    isNative() &&
    !insideNestedGradient() &&
    x.dtype === "float32" &&
    [options.mask].flat().every((mask) => !mask) &&
    !options.initialState &&
    !layer.returnState &&
    !layer.goBackwards &&
    !layer.stateful &&
    cell.dropout === 0 &&
    cell.recurrentDropout === 0 &&
    cell.activation.getClassName() === "tanh" &&
    cell.recurrentActivation.getClassName() === "sigmoid"
  );
}

/**
 * As saídas h de todos os passos, [tempo, lote, unidades].
 *
 * @param x [tempo, lote, entradas]
 * @param weights [entradas + unidades, 4·unidades], portas na ordem i, f, c, o: a das camadas e a da operação
 * @param bias [4·unidades]
 */
function unroll(x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [length, batch] = x.shape;
  const units = bias.size / 4;
  const op = tf.customGrad((...inputs) => {
    const save = inputs.pop() as tf.GradSaveFunc;
    const [x, weights, bias] = inputs as tf.Tensor[];
    const state = tf.zeros([batch, units]);
    const peephole = tf.zeros([units]);
    const all = [x, state, state, weights, peephole, peephole, peephole, bias];
    const outputs = block("BlockLSTMV2", length, all, 7);
    save([...all, ...outputs]);
    return {
      value: outputs[6],
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const grads = block("BlockLSTMGradV2", length, [...saved, tf.zerosLike(dy), dy], 8);
        return [grads[0], grads[3], grads[7]];
      },
    };
  });
  return op(x, weights, bias);
}

/** As duas operações recebem antes o número de passos, de 64 bits, que o TensorFlow.js não representa. */
function block(name: string, length: number, inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
  const backend = nativeBackend();
  const { binding } = backend;
  const steps = binding.createTensor([], binding.TF_INT64, Int32Array.of(length, 0));
  const ids = [steps, ...backend.getInputTensorIds(inputs)];
  const attributes = [float32(), attribute("use_peephole", "BOOL", false)];
  const results = binding.executeOp(name, attributes, ids, outputs);
  binding.deleteTensor(steps);
  return results.map((result) => backend.createOutputTensor(result));
}

/**
 * A convolução sem ativação, no treino. O TensorFlow.js a deriva de uma vez só, na imagem e no filtro; a primeira camada de
 * uma rede não precisa do gradiente na imagem, que pode custar tanto quanto o resto. Em duas operações, só se calcula o pedido.
 */
import * as tf from "@tensorflow/tfjs";
import { gradientDepth, isNative, layerPrototype } from "./native";

interface Weight {
  read(): tf.Tensor;
}

/** O que se usa da camada `tf.layers.conv2d`. */
interface Layer {
  kernel: Weight;
  bias: Weight | null;
  strides: [number, number];
  padding: string;
  dataFormat: string;
  dilationRate: [number, number];
  activation: { getClassName(): string };
  call(inputs: tf.Tensor | tf.Tensor[], options: object): tf.Tensor;
}

/** Troca a conta da camada onde o TensorFlow.js a derivaria de uma vez. */
export function useSeparateConvolution(): void {
  const prototype = layerPrototype<Layer>("Conv2D");
  const own = prototype.call;
  prototype.call = function (this: Layer, inputs, options) {
    const [x] = [inputs].flat();
    const plain =
      isNative() &&
      gradientDepth() === 1 &&
      x.rank === 4 &&
      this.dataFormat === "channelsLast" &&
      this.activation.getClassName() === "linear";
    if (!plain) return own.call(this, inputs, options);
    return tf.tidy(() => {
      const pad = this.padding === "same" ? "same" : "valid";
      const filter = this.kernel.read() as tf.Tensor4D;
      const y = tf.conv2d(x as tf.Tensor4D, filter, this.strides, pad, "NHWC", this.dilationRate);
      return this.bias ? tf.add(y, this.bias.read()) : y;
    });
  };
}

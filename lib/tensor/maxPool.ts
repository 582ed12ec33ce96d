/**
 * O gradiente do máximo por janelas (max pooling) pela biblioteca oneDNN, que o TensorFlow nativo traz nos processadores x86. A
 * operação comum refaz a busca dos máximos com uma linha de execução só, e leva de duas a quatro vezes o tempo.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, float32, run } from "./native";

/** O que a operação guarda de si. O motor nativo só aceita estas duas molduras. */
export interface Pooling {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: "same" | "valid";
}

/** O gradiente em x, ou `null` se este motor não tem a operação. */
export function maxPoolGradient(dy: tf.Tensor, x: tf.Tensor, pooling: Pooling): tf.Tensor | null {
  return x.dtype === "float32" && hasFastMaxPool() ? gradient(dy, x, pooling) : null;
}

let available: boolean | undefined;

/** Este motor tem a operação? Da primeira vez, experimenta, e lê o resultado: por isso não serve dentro de um traçado. */
export const hasFastMaxPool = (): boolean => (available ??= probe());

/** Experimenta em quatro números: a oneDNN pode faltar, e a operação, mudar de nome de uma versão para outra. */
function probe(): boolean {
  try {
    return tf.tidy(() => {
      const x = tf.tensor4d([0, 3, 3, 1], [1, 2, 2, 1]);
      const dx = gradient(tf.tensor4d([5], [1, 1, 1, 1]), x, { filterSize: 2, strides: 2, pad: "valid" }); // prettier-ignore
      return dx.dataSync().join() === "0,5,0,0";
    });
  } catch {
    return false;
  }
}

function gradient(dy: tf.Tensor, x: tf.Tensor, { filterSize, strides, pad }: Pooling): tf.Tensor {
  const windows = (size: number | [number, number]) => [1, ...(Array.isArray(size) ? size : [size, size]), 1]; // prettier-ignore
  const attributes = [
    float32(),
    attribute("ksize", "INT", windows(filterSize)),
    attribute("strides", "INT", windows(strides)),
    attribute("padding", "STRING", pad.toUpperCase()),
    attribute("data_format", "STRING", "NHWC"),
    attribute("workspace_enabled", "BOOL", true),
    attribute("_kernel", "STRING", "MklNameChangeOp"), // o nome sob o qual o TensorFlow registra as da oneDNN
  ];
  const [y, where] = run("_MklNativeMaxPool", [x], attributes, 2);
  return run("_MklNativeMaxPoolGrad", [x, y, dy, where], attributes)[0];
}

/**
 * Gradientes de gradientes. No TensorFlow.js 4.22, a cópia que uma operação guarda de sua saída (tanh, exp, softmax, …) entra na fita
 * antes da própria operação: quem deriva de novo percorre a fita ao contrário, não acha o caminho que passa por essa cópia, e dá um
 * número errado sem avisar. E há operações sem gradiente entre as que os gradientes usam.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, differentiatedAgain, float32, isNative, run } from "./native";

/** Conserta a ordem da fita, dá os gradientes que faltam, e aos que não há, um erro claro; em qualquer motor. */
export function useSecondOrder(): void {
  orderTape();
  for (const gradient of missing) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient); // prettier-ignore
  for (const { kernelName } of tf.getKernelsForBackend(tf.getBackend()))
    if (!tf.getGradient(kernelName))
      tf.registerGradient({
        kernelName,
        gradFunc() {
          throw new Error(
            `gradiente: não há derivada da operação ${kernelName}. Componha a conta de outras, ou dê o gradiente com tf.customGrad`,
          );
        },
      });
}

interface TapeNode {
  inputs: Record<string, tf.Tensor | undefined>;
  outputs: tf.Tensor[];
}

interface Engine {
  state: { activeTape: TapeNode[] | null };
  addTapeNode(...args: unknown[]): void;
}

/** Cada operação entra na fita antes do que usa a sua saída. */
function orderTape(): void {
  const engine = tf.engine() as unknown as Engine;
  const own = engine.addTapeNode;
  engine.addTapeNode = function (this: Engine, ...args) {
    own.apply(this, args);
    const tape = this.state.activeTape;
    if (!tape || tape.length < 2) return;
    const node = tape[tape.length - 1];
    const uses = ({ inputs }: TapeNode) =>
      Object.values(inputs).some((input) => node.outputs.some(({ id }) => id === input?.id));
    let at = tape.length - 1;
    while (at > 0 && uses(tape[at - 1])) at--;
    if (at < tape.length - 1) tape.splice(at, 0, tape.pop()!);
  };
}

type Gradient = Parameters<typeof tf.registerGradient>[0];
type Attributes = Record<string, never>;

/** O gradiente de uma operação, a partir do que ela guardou, pela ordem de `inputs`. */
function gradientOf(
  kernelName: string,
  inputs: string[],
  f: (dy: tf.Tensor, saved: tf.Tensor[], attributes: Attributes) => (() => tf.Tensor)[],
): Gradient {
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc(dy, saved, attributes) {
      const gradients = f(dy as tf.Tensor, saved, attributes as Attributes);
      return Object.fromEntries(inputs.map((name, i) => [name, gradients[i]]));
    },
  };
}

const none = (x: tf.Tensor) => () => tf.zeros(x.shape);

/** As respostas sim ou não: onde têm derivada, é zero. */
const steps = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"]; // prettier-ignore

/** As que são lineares em `dy` se derivam pela conta da ida. */
const missing: Gradient[] = [
  ...steps.map((name) => gradientOf(name, ["a", "b"], (_, [a, b]) => [none(a), none(b)])),
  gradientOf("LogicalNot", ["x"], (_, [x]) => [none(x)]),
  gradientOf("EluGrad", ["dy", "y"], (g, [dy, y]) => {
    const negative = tf.cast(tf.less(y, 0), "float32");
    const slope = () => tf.add(1, tf.mul(negative, y));
    return [() => tf.mul(g, slope()), () => tf.mul(g, tf.mul(dy, negative))];
  }),
  gradientOf("AvgPoolGrad", ["dy", "input"], (g, [, input], { filterSize, strides, pad }) => [
    () => tf.avgPool(g as tf.Tensor4D, filterSize, strides, pad),
    none(input),
  ]),
  gradientOf("MaxPoolGrad", ["dy", "input", "output"], (g, [, input, output], attributes) => [
    () => atMaximum(g, input, output, attributes),
    none(input),
    none(output),
  ]),
  ...(["ResizeBilinear", "ResizeNearestNeighbor"] as const).map((name) =>
    gradientOf(`${name}Grad`, ["images", "dy"], (g, [images, dy], { alignCorners }) => {
      const resize = name === "ResizeBilinear" ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor; // prettier-ignore
      const size: [number, number] = [dy.shape[1]!, dy.shape[2]!];
      return [none(images), () => resize(g as tf.Tensor4D, size, alignCorners)];
    }),
  ),
  gradientOf("DepthwiseConv2dNativeBackpropInput", ["dy", "filter"], (g, [dy, filter], attributes) => {
    const { strides, pad, dilations, dimRoundingMode } = attributes;
    return [
      () => tf.depthwiseConv2d(g as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, "NHWC", dilations, dimRoundingMode),
      () => kernel("DepthwiseConv2dNativeBackpropFilter", { x: g, dy }, { strides, pad, dilations, dimRoundingMode, filterShape: filter.shape }),
    ];
  }),
]; // prettier-ignore

const kernel = (name: string, inputs: Record<string, tf.Tensor>, attributes: object) =>
  tf.engine().runKernel(name, inputs, attributes as never) as tf.Tensor;

/** Os números de `g` nos lugares em que estavam os máximos das janelas. */
function atMaximum(
  g: tf.Tensor,
  input: tf.Tensor,
  output: tf.Tensor,
  { filterSize, strides, pad }: Attributes,
): tf.Tensor {
  const pair = (size: number | number[]) => (Array.isArray(size) ? size : [size, size]);
  // A operação direta não entra na fita: não serve a quem ainda vai derivar.
  if (isNative() && !differentiatedAgain())
    return run("MaxPoolGradGrad", [input, output, g], [
      float32(),
      attribute("ksize", "INT", [1, ...pair(filterSize), 1]),
      attribute("strides", "INT", [1, ...pair(strides), 1]),
      attribute("padding", "STRING", (pad as string).toUpperCase()),
      attribute("data_format", "STRING", "NHWC"),
    ])[0]; // prettier-ignore
  const [height, width] = pair(filterSize);
  const apart = pair(strides).join() === [height, width].join();
  if (!apart || input.shape[1]! % height || input.shape[2]! % width)
    throw new Error(
      "gradiente: a terceira derivada de maxPool e, no WebAssembly, a segunda, só existem para janelas que não se cruzam e enchem a imagem",
    );
  const where = kernel("MaxPoolGrad", { dy: tf.onesLike(output), input, output }, { filterSize, strides, pad }); // prettier-ignore
  const picked = tf.avgPool(tf.mul(g, where) as tf.Tensor4D, filterSize, strides, pad);
  return tf.mul(picked, height * width);
}

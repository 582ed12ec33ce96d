/** Acesso direto às operações do TensorFlow nativo, que o TensorFlow.js não expõe. Não passam pela fita de gradientes. */
import * as tf from "@tensorflow/tfjs";

/** O que a ligação em C++ do tfjs-node oferece; tensores são números (identificadores). */
interface Binding {
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): { id: number; shape: number[]; dtype: number }[];
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array): number;
  tensorDataSync(id: number): Float32Array;
  deleteTensor(id: number): void;
  [constant: `TF_${string}`]: number;
}

interface NativeBackend {
  binding: Binding;
  tensorMap: { get(dataId: object): { id: number; refCount: number } };
  createOutputTensor(output: { id: number; shape: number[]; dtype: number }): tf.Tensor;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** Um atributo de operação, na forma da ligação. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** O motor em uso é o nativo? */
export const isNative = (): boolean => tf.getBackend() === "tensorflow";

/** O motor nativo; só se `isNative()`. */
export const nativeBackend = () => tf.backend() as unknown as NativeBackend;

type Kind = "TYPE" | "BOOL" | "FLOAT" | "INT" | "STRING" | "SHAPE";

/** Um atributo: `attribute("alpha", "FLOAT", 0.2)`. */
export function attribute(name: string, kind: Kind, value: unknown): Attribute {
  // A ligação não dá nome ao tipo dos textos, que é 0.
  return { name, type: nativeBackend().binding[`TF_ATTR_${kind}`] ?? 0, value };
}

/** O tipo dos números de um tensor, como a ligação o diz. */
export function typeOf({ dtype }: tf.Tensor): number {
  const { TF_INT32, TF_BOOL, TF_FLOAT } = nativeBackend().binding;
  return dtype === "int32" ? TF_INT32 : dtype === "bool" ? TF_BOOL : TF_FLOAT;
}

/** O atributo que diz que os números são float32. */
export const float32 = (name = "T"): Attribute =>
  attribute(name, "TYPE", nativeBackend().binding.TF_FLOAT);

/** Executa uma operação sobre tensores; as saídas entram no `tf.tidy` em curso. */
export function run(
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: readonly Attribute[],
  outputs = 1,
): tf.Tensor[] {
  return nativeBackend().executeMultipleOutputs(name, attributes, inputs, outputs);
}

/** Quantos gradientes há em volta: 1 na ida de um treino comum, 2 ou mais se um gradiente será derivado de novo. */
export const gradientDepth = (): number =>
  (tf.engine() as unknown as { state: { gradientDepth: number } }).state.gradientDepth;

/**
 * Este gradiente será derivado de novo? Então as operações precisam passar pela fita, e as diretas, que não passam, dariam
 * um resultado errado.
 */
export const differentiatedAgain = (): boolean => gradientDepth() > 0;

/** O mesmo, perguntado na ida: há um gradiente dentro de outro? */
export const insideNestedGradient = (): boolean => gradientDepth() > 1;

/** O que as camadas de uma classe do TensorFlow.js têm em comum. */
export function layerPrototype<Layer>(className: string): Layer {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return classNameMap[className][0].prototype as Layer;
}

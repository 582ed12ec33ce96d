/**
 * O passo de um otimizador como uma só operação do TensorFlow nativo, sobre variáveis que ficam na memória dele (resource
 * variables): pesos, gradiente e acumuladores passam uma vez pelo processador, e não dezenas.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, float32, nativeBackend } from "./native";

/** O passo: a operação e seus números. */
export interface NativeUpdate {
  readonly name: "ResourceApplyGradientDescent" | "ResourceApplyMomentum" | "ResourceApplyAdam";
  /** Os números que a operação recebe antes do gradiente. */
  readonly before: readonly number[];
  /** E depois dele. */
  readonly after?: readonly number[];
  /** Os pesos são antes multiplicados por este número. */
  readonly shrink?: number;
}

/** Uma variável do TensorFlow.js e o que o TensorFlow guarda dela. */
export interface Resource {
  readonly w: tf.Variable;
  readonly weights: number;
  readonly slots: readonly number[];
  /** O valor que a variável recebeu no último passo: se agora tem outro, alguém o pôs. */
  seen: number;
}

/** Prepara uma variável; os valores iniciais dos acumuladores são copiados. */
export function createResource(w: tf.Variable, slots: readonly Float32Array[]): Resource {
  const { binding } = nativeBackend();
  const handles = slots.map((values) => {
    const handle = resourceHandle(w.shape);
    const id = binding.createTensor(w.shape, binding.TF_FLOAT, values);
    assignCopy(handle, id);
    binding.deleteTensor(id);
    return handle;
  });
  return { w, weights: resourceHandle(w.shape), slots: handles, seen: -1 };
}

/** Um passo em todas as variáveis. Quem tem uma cópia de uma delas (`clone`, `reshape`) continua com os valores de antes. */
export function applyNative(
  update: NativeUpdate,
  resources: readonly Resource[],
  gradients: readonly tf.Tensor[],
): void {
  const { binding } = nativeBackend();
  const scalar = (value: number) =>
    binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value));
  const before = update.before.map(scalar);
  const after = (update.after ?? []).map(scalar);
  const shrink = update.shrink === undefined ? [] : [scalar(update.shrink)];
  resources.forEach((resource, i) =>
    step(resource, gradients[i], shrink, (weights, slots, g) => {
      binding.executeOp(update.name, [float32()], [weights, ...slots, ...before, g, ...after], 0);
    }),
  );
  [...before, ...after, ...shrink].forEach((id) => binding.deleteTensor(id));
}

function step(
  resource: Resource,
  gradient: tf.Tensor,
  shrink: readonly number[],
  apply: (weights: number, slots: readonly number[], gradient: number) => void,
): void {
  const backend = nativeBackend();
  const { binding } = backend;
  const { w, weights, slots } = resource;
  const [value, g] = backend.getInputTensorIds([w, gradient]);
  if (value !== resource.seen) assignCopy(weights, value);
  const info = backend.tensorMap.get(w.dataId);
  // Sem outro dono, o valor antigo pode ir já: o TensorFlow então muda os pesos no lugar.
  const alone = info.refCount === 1 && g !== value;
  if (alone) binding.deleteTensor(value);
  for (const factor of shrink) multiply(weights, factor);
  apply(weights, slots, g);
  const read = readVariable(weights);
  if (alone) info.id = read.id;
  else {
    const tensor = backend.createOutputTensor(read);
    w.assign(tensor);
    tensor.dispose();
  }
  resource.seen = read.id;
}

/** Uma cópia dos acumuladores. */
export function readSlots({ slots }: Resource): Float32Array[] {
  const { binding } = nativeBackend();
  return slots.map((handle) => {
    const { id } = readVariable(handle);
    const values = binding.tensorDataSync(id);
    binding.deleteTensor(id);
    return values;
  });
}

/** Libera o que o TensorFlow guarda; a variável do TensorFlow.js continua. */
export function disposeResource({ weights, slots }: Resource): void {
  const { binding } = nativeBackend();
  for (const handle of [weights, ...slots]) {
    binding.executeOp("DestroyResourceOp", [], [handle], 0);
    binding.deleteTensor(handle);
  }
}

let count = 0;

/** Uma variável nova, ainda sem valor, na memória do TensorFlow. */
function resourceHandle(shape: number[]): number {
  const attributes = [
    attribute("shared_name", "STRING", `caderno/${count++}`),
    float32("dtype"),
    attribute("shape", "SHAPE", shape),
  ];
  return nativeBackend().binding.executeOp("VarHandleOp", attributes, [], 1)[0].id;
}

/** Uma cópia, porque o passo muda os números no lugar, e estes podem ser os de uma lista do leitor. */
function assignCopy(handle: number, value: number): void {
  assign(handle, nativeBackend().binding.executeOp("DeepCopy", [float32()], [value], 1)[0].id);
}

function multiply(handle: number, factor: number): void {
  const { binding } = nativeBackend();
  const { id } = readVariable(handle);
  assign(handle, binding.executeOp("Mul", [float32()], [id, factor], 1)[0].id);
  binding.deleteTensor(id);
}

/** Dá o valor à variável, e com ele a posse. */
function assign(handle: number, value: number): void {
  const { binding } = nativeBackend();
  binding.executeOp("AssignVariableOp", [float32("dtype")], [handle, value], 0);
  binding.deleteTensor(value);
}

const readVariable = (handle: number) =>
  nativeBackend().binding.executeOp("ReadVariableOp", [float32("dtype")], [handle], 1)[0];

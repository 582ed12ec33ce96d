import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { softmaxCrossEntropy, sigmoidCrossEntropy } from "../losses";
import { seeded, tfSeed } from "../random";
import { engine, tf } from "../tensor";
import { rowNorms } from "./norm";

// Cada gradiente, derivado de novo, contra diferenças centrais dele mesmo; o WebAssembly roda o arquivo em outro processo.
const source = seeded("segunda ordem");
const random = (...shape: number[]) => tf.randomUniform(shape, 0.2, 0.9, "float32", tfSeed(source));

type Function1 = (x: tf.Tensor) => tf.Tensor;

/** Soma com pesos diferentes por posição: nenhuma derivada se cancela. */
const weighted = (y: tf.Tensor, low: number, high: number) =>
  tf.sum(tf.mul(y, tf.linspace(low, high, y.size).reshape(y.shape))) as tf.Scalar;

/** A maior diferença, em relação ao maior número, entre a derivada de ∇f e suas diferenças centrais. */
function error(f: Function1, x: tf.Tensor): number {
  return tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => weighted(f(x), 0.5, 1.5));
    const along = (x: tf.Tensor) => weighted(gradient(x), 1.3, 0.4);
    const again = tf.grad(along)(x).dataSync();
    const start = x.dataSync();
    const h = 1e-2;
    const central = Array.from(start, (_, i) => {
      const at = (step: number) =>
        along(tf.tensor(start.map((v, j) => (i === j ? v + step : v)), x.shape)).dataSync()[0]; // prettier-ignore
      // Richardson: o erro que sobra é de h⁴.
      const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
      return (4 * slope(h) - slope(2 * h)) / 3;
    });
    const scale = Math.max(...central.map(Math.abs), 0.1);
    return Math.max(...central.map((value, i) => Math.abs(value - again[i]))) / scale;
  });
}

/** Números que nenhum passo das diferenças faz trocar de ordem: onde há um máximo, há uma quina. */
const apart = (...shape: number[]) => {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(Array.from({ length: size }, (_, i) => 0.2 + 0.05 * ((13 * i) % size)), shape); // prettier-ignore
};

const vector = () => random(6);
const matrix = () => random(3, 4);
const image = () => random(1, 4, 4, 2);
const series = () => random(2, 3, 4);
const fixed = (...shape: number[]) => random(...shape);
const [w43, w34, filter, depthwise, filterT] = [fixed(4, 3), fixed(3, 4), fixed(3, 3, 2, 2), fixed(3, 3, 2, 1), fixed(3, 3, 3, 2)]; // prettier-ignore
const square: Function1 = (x) => tf.square(x); // uma segunda derivada que não é zero, atrás de operações lineares
const layer =
  (one: tf.layers.Layer, training = true) =>
  (x: tf.Tensor) =>
    one.apply(square(x), { training }) as tf.Tensor;
const initializer = (scale = 1) => tf.initializers.randomUniform({ minval: -scale, maxval: scale, seed: tfSeed(source) }); // prettier-ignore
const smooth = { kernelInitializer: initializer(), biasInitializer: initializer() };

const cases: Record<string, [Function1, () => tf.Tensor]> = {
  ...Object.fromEntries(
    ["tanh", "sigmoid", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "square", "reciprocal", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "atanh", "erf", "softplus", "elu", "selu"].map(
      (name) => [name, [(x: tf.Tensor) => (tf as unknown as Record<string, Function1>)[name](x), vector]],
    ),
  ),
  acosh: [(x) => tf.acosh(tf.add(x, 1.5)), vector],
  "elu de negativos": [(x) => tf.elu(tf.neg(x)), vector],
  "selu de negativos": [(x) => tf.selu(tf.neg(x)), vector],
  relu: [(x) => square(tf.relu(tf.sub(x, 0.05))), vector],
  relu6: [(x) => square(tf.relu6(x)), vector],
  leakyRelu: [(x) => square(tf.leakyRelu(tf.neg(x), 0.3)), vector],
  prelu: [(x) => square(tf.prelu(tf.neg(x), tf.scalar(0.3))), vector],
  abs: [(x) => square(tf.abs(x)), vector],
  clipByValue: [(x) => square(tf.clipByValue(x, 0, 2)), vector],
  where: [(x) => tf.where(tf.greater(x, 0), square(x), x), vector],
  "add, sub, mul": [(x) => tf.mul(tf.add(x, square(x)), tf.sub(1, x)), vector],
  div: [(x) => tf.div(square(x), tf.add(x, 1)), vector],
  "div com broadcast": [(x) => tf.div(x, tf.sum(square(x), 1, true)), matrix],
  pow: [(x) => tf.pow(x, tf.scalar(2.5)), vector],
  "pow nos dois": [(x) => tf.pow(x, x), vector],
  maximum: [(x) => square(tf.maximum(x, tf.scalar(0.01))), vector],
  minimum: [(x) => square(tf.minimum(x, tf.scalar(5))), vector],
  squaredDifference: [(x) => tf.squaredDifference(square(x), tf.scalar(0.3)), vector],
  sum: [(x) => square(tf.sum(x, 1)), matrix],
  mean: [(x) => square(tf.mean(x, 0)), matrix],
  max: [(x) => square(tf.max(x, 1)), () => apart(3, 4)],
  min: [(x) => square(tf.min(x, 1)), () => apart(3, 4)],
  logSumExp: [(x) => tf.logSumExp(square(x), 1), matrix],
  moments: [(x) => tf.sqrt(tf.moments(x, 1).variance), matrix],
  norm: [(x) => tf.norm(x, 2, 1), matrix],
  cumsum: [(x) => square(tf.cumsum(x, 1)), matrix],
  softmax: [(x) => tf.softmax(tf.mul(x, 2)), matrix],
  logSoftmax: [(x) => tf.logSoftmax(tf.mul(x, 2)), matrix],
  matMul: [(x) => square(tf.matMul(x as tf.Tensor2D, w43 as tf.Tensor2D)), matrix],
  "matMul por ela mesma": [(x) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true), matrix],
  "matMul em lotes": [(x) => tf.matMul(square(x), x, true, false), series],
  "reshape, transpose, expandDims": [(x) => square(tf.transpose(tf.reshape(tf.expandDims(x, 0), [4, 3]))), matrix],
  "slice, concat, stack, unstack": [(x) => tf.concat([tf.stack(tf.unstack(square(x), 1).slice(1), 1), tf.slice(square(x), [0, 0], [3, 2])], 1), matrix],
  split: [(x) => { const [a, b] = tf.split(x, 2, 1); return tf.mul(square(a), tf.sigmoid(b)); }, matrix],
  pad: [(x) => square(tf.pad(x, [[1, 0], [0, 2]])), matrix],
  tile: [(x) => square(tf.tile(x, [2, 1])), matrix],
  reverse: [(x) => tf.mul(tf.reverse(square(x), 1), w34), matrix],
  gather: [(x) => square(tf.gather(x, tf.tensor1d([0, 2, 2], "int32"))), matrix],
  "gather que repete": [(x) => square(tf.gather(square(x), tf.tensor2d([[0, 2], [2, 2]], [2, 2], "int32"))), matrix],
  unsortedSegmentSum: [(x) => square(tf.unsortedSegmentSum(square(x), tf.tensor1d([0, 1, 0], "int32"), 2)), matrix],
  cast: [(x) => square(tf.cast(x, "float32")), vector],
  addN: [(x) => square(tf.addN([square(x), x, x])), vector],
  atan2: [(x) => tf.atan2(square(x), tf.add(x, 1)), vector],
  mod: [(x) => square(tf.mod(x, tf.scalar(0.15))), () => tf.tensor1d([0.2, 0.37, 0.52])],
  "sign, round, floor": [(x) => tf.mul(square(x), tf.addN([tf.sign(x), tf.floor(tf.mul(x, 3)), tf.round(x)])), () => tf.tensor1d([0.21, 0.4, 0.8])],
  broadcastTo: [(x) => square(tf.broadcastTo(square(x), [2, 3, 4])), matrix],
  mirrorPad: [(x) => square(tf.mirrorPad(square(x), [[1, 1], [0, 1]], "reflect")), matrix],
  spaceToBatchND: [(x) => square(tf.spaceToBatchND(square(x), [2, 2], [[0, 0], [0, 0]])), image],
  batchToSpaceND: [(x) => square(tf.batchToSpaceND(square(x), [2, 2], [[0, 0], [0, 0]])), () => random(4, 2, 2, 1)],
  conv2d: [(x) => square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same")), image],
  "conv2d, passo 2": [(x) => square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, "same")), image],
  conv2dTranspose: [(x) => square(tf.conv2dTranspose(x as tf.Tensor4D, filterT as tf.Tensor4D, [1, 8, 8, 3], 2, "same")), image],
  depthwiseConv2d: [(x) => square(tf.depthwiseConv2d(x as tf.Tensor4D, depthwise as tf.Tensor4D, 1, "same")), image],
  avgPool: [(x) => square(tf.avgPool(x as tf.Tensor4D, 2, 2, "valid")), image],
  maxPool: [(x) => square(tf.maxPool(x as tf.Tensor4D, 2, 2, "valid")), () => apart(1, 4, 4, 2)],
  "resize nearest": [(x) => square(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 8])), image],
  "resize bilinear": [(x) => square(tf.image.resizeBilinear(x as tf.Tensor4D, [8, 8])), image],
  "camada densa": [layer(tf.layers.dense({ units: 3, activation: "tanh", ...smooth })), matrix],
  "camada conv2d": [layer(tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: "sigmoid", ...smooth })), image],
  "camada gelu": [layer(tf.layers.dense({ units: 3, activation: "gelu", ...smooth })), matrix],
  "camada swish": [layer(tf.layers.dense({ units: 3, activation: "swish", ...smooth })), matrix],
  "camada mish": [layer(tf.layers.dense({ units: 3, activation: "mish" as "relu", ...smooth })), matrix],
  leakyReLU: [layer(tf.layers.leakyReLU({ alpha: 0.2 })), matrix],
  "normalização por camada": [layer(tf.layers.layerNormalization({ axis: -1 })), matrix],
  "normalização em lote": [layer(tf.layers.batchNormalization()), matrix],
  "normalização em lote, fora do treino": [layer(tf.layers.batchNormalization(), false), matrix],
  lstm: [layer(tf.layers.lstm({ units: 2, recurrentActivation: "sigmoid", kernelInitializer: initializer(), recurrentInitializer: initializer() })), series],
  "upSampling2d": [layer(tf.layers.upSampling2d({ size: [2, 2] })), image],
  "entropia cruzada": [(x) => softmaxCrossEntropy(tf.mul(x, 3), tf.tensor1d([0, 3, 1], "int32")), matrix],
  "entropia cruzada binária": [(x) => sigmoidCrossEntropy(tf.mul(x, 3), tf.zeros([3, 4])), matrix],
}; // prettier-ignore

test(`${engine.name}: nenhum gradiente que guarda a sua saída escapa da lista, e nenhuma operação fica sem gradiente ou erro`, () => {
  const { state } = tf.engine() as unknown as { state: { gradientDepth: number } };
  const registry = (globalThis as unknown as { _tfGlobals: Map<string, Map<string, { outputsToSave?: boolean[] }>> })._tfGlobals.get("gradRegistry")!; // prettier-ignore
  const derived = new Set<string>();
  const tape = tf.engine() as unknown as { addTapeNode(name: string, ...rest: unknown[]): void };
  const own = tape.addTapeNode;
  tape.addTapeNode = function (name, ...rest) {
    if (state.gradientDepth >= 2) derived.add(name);
    own.call(this, name, ...rest);
  };
  try {
    for (const [f, input] of Object.values(cases))
      tf.tidy(() => void tf.grad((x: tf.Tensor) => tf.sum(tf.grad((x: tf.Tensor) => tf.sum(f(x)))(x)))(input())); // prettier-ignore
  } finally {
    tape.addTapeNode = own;
  }
  const escaped = [...registry].filter(([name, { outputsToSave }]) => outputsToSave?.some(Boolean) && !derived.has(name)); // prettier-ignore
  // tf.logSoftmax é composta de outras; as outras duas a coleção não usa.
  assert.deepEqual(escaped.map(([name]) => name).sort(), ["LRN", "LogSoftmax", "MaxPool3D"]); // prettier-ignore
  for (const { kernelName } of tf.getKernelsForBackend(tf.getBackend()))
    assert.ok(tf.getGradient(kernelName), kernelName);
});

for (const [name, [f, input]] of Object.entries(cases))
  test(`${engine.name}: o gradiente do gradiente de ${name}`, () => {
    const got = error(f, input());
    assert.ok(got < 5e-3, `erro relativo ${got}`);
  });

test(`${engine.name}: o exemplo conhecido, (∂tanh(wx)/∂x)² derivada em w`, () => {
  const [w, x] = [0.7, 0.5];
  const f = (w: tf.Tensor) =>
    tf.square(tf.grad((x: tf.Tensor) => tf.tanh(tf.mul(w, x)))(tf.scalar(x)));
  const t = Math.tanh(w * x);
  const slope = w * (1 - t * t);
  const exact = 2 * slope * (1 - t * t - 2 * w * x * t * (1 - t * t));
  assert.ok(Math.abs(tf.grad(f)(tf.scalar(w)).dataSync()[0] - exact) < 1e-5);
});

test(`${engine.name}: a terceira derivada de tanh, exp, x⁵ e maxPool`, () => {
  const third = (f: Function1, x: tf.Tensor) =>
    tf
      .grad((x) => tf.sum(tf.grad((x) => tf.sum(tf.grad((x) => tf.sum(f(x)))(x)))(x)))(x)
      .dataSync();
  const at = 0.4;
  const t = Math.tanh(at);
  const s = 1 - t * t;
  const x = tf.scalar(at);
  assert.ok(Math.abs(third(tf.tanh, x)[0] - (4 * t * t * s - 2 * s * s)) < 1e-4);
  assert.ok(Math.abs(third(tf.exp, x)[0] - Math.exp(at)) < 1e-5);
  assert.ok(Math.abs(third((x) => tf.pow(x, tf.scalar(5)), x)[0] - 60 * at * at) < 1e-3);
  const cube = (x: tf.Tensor) => tf.pow(tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"), tf.scalar(3));
  const pooled = third(cube, tf.tensor4d([0.1, 0.9, 0.2, 0.3], [1, 2, 2, 1]));
  [0, 6, 0, 0].forEach((value, i) => assert.ok(Math.abs(pooled[i] - value) < 1e-4, String(pooled)));
});

test(`${engine.name}: o que não tem derivada diz qual operação é`, () => {
  assert.throws(
    () => tf.grad((x) => tf.sum(tf.grad((x) => tf.prod(x))(x)))(vector()),
    /gradiente: não há derivada da operação Cumprod/,
  );
});

const { layers: L } = tf;
const weights = () => ({ kernelInitializer: initializer(), biasInitializer: initializer(0.3) });
const critics: Record<string, [() => tf.layers.Layer[], number[]]> = {
  densas: [() => [L.dense({ units: 8, activation: "tanh", inputShape: [2], ...weights() }), L.dense({ units: 1, ...weights() })], [2]],
  "densas com leakyReLU": [() => [L.dense({ units: 8, inputShape: [2], ...weights() }), L.leakyReLU({ alpha: 0.2 }), L.dense({ units: 1, ...weights() })], [2]],
  "normalizado por camada": [() => [L.dense({ units: 8, inputShape: [2], ...weights() }), L.layerNormalization(), L.activation({ activation: "sigmoid" }), L.dense({ units: 1, ...weights() })], [2]],
  "normalizado em lote": [() => [L.dense({ units: 8, inputShape: [2], ...weights() }), L.batchNormalization(), L.activation({ activation: "tanh" }), L.dense({ units: 1, ...weights() })], [2]],
  convolucional: [() => [L.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", inputShape: [6, 6, 1], ...weights() }), L.leakyReLU({ alpha: 0.2 }), L.conv2d({ filters: 4, kernelSize: 3, activation: "tanh", ...weights() }), L.flatten(), L.dense({ units: 1, ...weights() })], [6, 6, 1]],
  "convolucional com pooling": [() => [L.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "elu", inputShape: [6, 6, 1], ...weights() }), L.averagePooling2d({ poolSize: 2 }), L.flatten(), L.dense({ units: 1, ...weights() })], [6, 6, 1]],
}; // prettier-ignore

for (const [name, [make, shape]] of Object.entries(critics))
  test(`${engine.name}: a penalidade do gradiente de um crítico: ${name}`, () => {
    const net = tf.sequential({ layers: make() });
    const variables = net.trainableWeights.map((w) => w.read() as tf.Variable);
    const x = random(3, ...shape);
    const critic = (x: tf.Tensor) => tf.sum(net.apply(x, { training: true }) as tf.Tensor);
    const penalty = () =>
      tf.tidy(() => tf.mean(tf.square(tf.sub(rowNorms(tf.grad(critic)(x)), 1))) as tf.Scalar);
    const { grads } = tf.variableGrads(penalty, variables);
    for (const w of variables) {
      const gradient = Array.from(grads[w.name]?.dataSync() ?? new Float32Array(w.size));
      const start = w.dataSync().slice() as Float32Array;
      const direction = Float32Array.from(start, (_, i) => Math.cos(3 * i + 1));
      const at = (step: number) => {
        w.assign(tf.tensor(start.map((v, i) => v + step * direction[i]), w.shape)); // prettier-ignore
        return penalty().dataSync()[0];
      };
      const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
      const central = slope(3e-4); // pequeno: leakyReLU tem quinas, e um passo que cruza uma não é derivada
      w.assign(tf.tensor(start, w.shape));
      const along = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
      assert.ok(Math.abs(along - central) < 0.02 * Math.max(0.25, Math.abs(central)), `${w.name}: ${along}, esperava ${central}`); // prettier-ignore
    }
  });

test(`${engine.name}: rowNorms: o valor, e o gradiente zero em zero`, () => {
  const x = tf.tensor2d([[3, 4], [0, 0]]); // prettier-ignore
  assert.deepEqual(Array.from(rowNorms(x).dataSync()).map((v) => Math.round(v * 1e6) / 1e6), [5, 0]); // prettier-ignore
  const gradient = Array.from(
    tf
      .grad((x: tf.Tensor) => tf.sum(rowNorms(x)))(x)
      .dataSync(),
  );
  [0.6, 0.8, 0, 0].forEach((value, i) => assert.ok(Math.abs(gradient[i] - value) < 1e-6));
});

if (engine.name === "nativo")
  test("o mesmo no WebAssembly", { timeout: 120_000 }, () => {
    const env = { ...process.env, CADERNO_ENGINE: "wasm", NODE_TEST_CONTEXT: undefined };
    const args = ["--import", "tsx", "--test", "--test-reporter=tap", __filename];
    const out = execFileSync(process.execPath, args, { env, encoding: "utf8" });
    assert.match(out, /ok \d+ - wasm: o gradiente do gradiente de tanh/);
    assert.match(out, /# fail 0/);
  });

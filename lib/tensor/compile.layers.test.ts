import assert from "node:assert/strict";
import { test } from "node:test";
import { dropout } from "../layers/dropout";
import { sigmoidCrossEntropy, softmaxCrossEntropy } from "../losses";
import { seeded, tfSeed } from "../random";
import { tf } from "../tensor";
import { compile } from "./compile";

// Cada operação e camada da coleção, compilada: a perda, os gradientes e as médias móveis são os da original.
const source = seeded("compile/camadas");
const random = (...shape: number[]) => tf.randomUniform(shape, -1, 1, "float32", tfSeed(source));
const seed = () => tfSeed(source);
const weight = () => tf.initializers.glorotUniform({ seed: seed() });
const { layers: L } = tf;
const steady = () => 0.3; // uma fonte que não anda

const flat = () => random(6, 12);
const series = () => random(4, 5, 6);
const image = () => random(4, 8, 8, 3);
const volume = () => random(2, 4, 4, 4, 2);
const words = () => tf.tensor2d([[1, 2, 0, 4], [3, 3, 2, 1]], undefined, "int32"); // prettier-ignore

const init = { kernelInitializer: "glorotUniform" } as const;
const layers: Record<string, [tf.layers.Layer, () => tf.Tensor]> = {
  densa: [L.dense({ units: 5, ...init }), flat],
  ...Object.fromEntries(
    ["relu", "relu6", "elu", "selu", "sigmoid", "hardSigmoid", "tanh", "softmax", "logSoftmax", "softplus", "softsign", "swish", "mish", "gelu", "gelu_new", "linear"].map(
      (name) => [`ativação ${name}`, [L.dense({ units: 5, activation: name as "relu" }), flat]],
    ),
  ), // prettier-ignore
  leakyReLU: [L.leakyReLU({ alpha: 0.2 }), flat],
  prelu: [L.prelu({ alphaInitializer: weight() }), flat],
  "elu, camada": [L.elu(), flat],
  conv1d: [L.conv1d({ filters: 4, kernelSize: 3, padding: "same" }), series],
  conv2d: [L.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu" }), image],
  "conv2d, passo 2": [L.conv2d({ filters: 4, kernelSize: 3, strides: 2 }), image],
  conv2dTranspose: [L.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: "same" }), image],
  depthwiseConv2d: [L.depthwiseConv2d({ kernelSize: 3, padding: "same" }), image],
  separableConv2d: [L.separableConv2d({ filters: 4, kernelSize: 3, padding: "same" }), image],
  conv3d: [L.conv3d({ filters: 2, kernelSize: 3, padding: "same" }), volume],
  maxPooling1d: [L.maxPooling1d({ poolSize: 2 }), series],
  maxPooling2d: [L.maxPooling2d({ poolSize: 2 }), image],
  "maxPooling2d, 3 e 2": [L.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }), image],
  averagePooling2d: [L.averagePooling2d({ poolSize: 2 }), image],
  globalAveragePooling2d: [L.globalAveragePooling2d({}), image],
  globalMaxPooling2d: [L.globalMaxPooling2d({}), image],
  globalAveragePooling1d: [L.globalAveragePooling1d({}), series],
  upSampling2d: [L.upSampling2d({ size: [2, 2] }), image],
  "upSampling2d bilinear": [L.upSampling2d({ size: [2, 2], interpolation: "bilinear" }), image],
  zeroPadding2d: [L.zeroPadding2d({ padding: 1 }), image],
  cropping2D: [L.cropping2D({ cropping: [[1, 1], [1, 1]] }), image],
  "normalização em lote": [L.batchNormalization(), flat],
  "normalização em lote de imagens": [L.batchNormalization(), image],
  "normalização por camada": [L.layerNormalization(), series],
  embedding: [L.embedding({ inputDim: 5, outputDim: 3 }), words],
  lstm: [L.lstm({ units: 4, recurrentInitializer: weight() }), series],
  "lstm com sequências": [L.lstm({ units: 4, returnSequences: true, recurrentInitializer: weight(), recurrentActivation: "sigmoid" }), series],
  gru: [L.gru({ units: 4, recurrentInitializer: weight() }), series],
  simpleRNN: [L.simpleRNN({ units: 4, recurrentInitializer: weight() }), series],
  bidirectional: [L.bidirectional({ layer: L.lstm({ units: 3, recurrentInitializer: weight() }) as never, mergeMode: "concat" }), series],
  timeDistributed: [L.timeDistributed({ layer: L.dense({ units: 3 }) }), series],
  flatten: [L.flatten(), image],
  permute: [L.permute({ dims: [2, 1] }), series],
  repeatVector: [L.repeatVector({ n: 3 }), flat],
  reshape: [L.reshape({ targetShape: [3, 4] }), flat],
}; // prettier-ignore

const vector = (...values: number[]) => tf.tensor1d(values, "int32");
const operations: Record<string, [(x: tf.Tensor, w: tf.Tensor) => tf.Tensor, () => tf.Tensor]> = {
  "aritmética": [(x, w) => tf.div(tf.sub(tf.add(tf.mul(x, w), 1), x), tf.add(tf.square(w), 2)), flat],
  potências: [(x, w) => tf.pow(tf.add(tf.abs(x), 0.5), tf.add(tf.abs(w), 1)), flat],
  "raiz e inversas": [(x, w) => tf.mul(tf.rsqrt(tf.add(tf.square(x), 1)), tf.sqrt(tf.add(tf.square(w), 1))), flat],
  "exp e log": [(x, w) => tf.log(tf.add(tf.exp(x), tf.exp(w))), flat],
  "log1p e expm1": [(x, w) => tf.log1p(tf.square(tf.expm1(tf.mul(x, w)))), flat],
  trigonométricas: [(x, w) => tf.add(tf.sin(tf.mul(x, w)), tf.mul(tf.cos(x), tf.atan(w))), flat],
  erf: [(x, w) => tf.erf(tf.mul(x, w)), flat],
  "máximos e mínimos": [(x, w) => tf.add(tf.maximum(x, w), tf.minimum(x, tf.neg(w))), flat],
  clip: [(x, w) => tf.clipByValue(tf.mul(x, w), -0.2, 0.3), flat],
  where: [(x, w) => tf.where(tf.greater(x, 0), tf.mul(x, w), w), flat],
  comparações: [(x, w) => tf.mul(w, tf.cast(tf.logicalAnd(tf.greaterEqual(x, -0.5), tf.less(x, 0.5)), "float32")), flat],
  "sum, mean e prod": [(x, w) => tf.add(tf.add(tf.sum(tf.mul(x, w), 1, true), tf.mean(w, 0, true)), tf.prod(tf.slice(w, [0, 0], [2, 3]))), flat],
  "max, min e logSumExp": [(x, w) => tf.add(tf.add(tf.max(tf.mul(x, w), 1), tf.min(w, 1)), tf.logSumExp(tf.add(x, w), 1)), flat],
  cumsum: [(x, w) => tf.cumsum(tf.mul(x, w), 1), flat],
  moments: [(x, w) => tf.moments(tf.mul(x, w), 1).variance, flat],
  norm: [(x, w) => tf.norm(tf.add(tf.mul(x, w), 1), 2, 1), flat],
  softmax: [(x, w) => tf.mul(tf.softmax(tf.mul(x, w)), x), flat],
  logSoftmax: [(x, w) => tf.mul(tf.logSoftmax(tf.mul(x, w)), x), flat],
  matMul: [(x, w) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, false, true), flat],
  "matMul em lotes": [(x, w) => tf.matMul(tf.mul(x, w), x, true, false), series],
  "dot e outerProduct": [(x, w) => tf.outerProduct(tf.sum(tf.mul(x, w), 1) as tf.Tensor1D, tf.mean(w, 0) as tf.Tensor1D), flat],
  einsum: [(x, w) => tf.mul(tf.mean(w), tf.einsum("bij,bkj->bik", x, x)), series],
  "reshape, transpose e expandDims": [(x, w) => tf.transpose(tf.reshape(tf.expandDims(tf.mul(x, w), 1), [3, 2, 12]), [2, 0, 1]), flat],
  "slice, concat, stack e unstack": [(x, w) => tf.concat([tf.stack(tf.unstack(tf.mul(x, w), 1).slice(0, 3), 1), tf.slice(w, [0, 2], [6, 4])], 1), flat],
  split: [(x, w) => { const [a, b] = tf.split(tf.mul(x, w), 2, 1); return tf.mul(a, tf.sigmoid(b)); }, flat],
  stridedSlice: [(x, w) => tf.mul(tf.mean(w), tf.stridedSlice(x, [0, 0], [6, 12], [2, 3])), flat],
  "pad e mirrorPad": [(x, w) => tf.add(tf.sum(tf.pad(tf.mul(x, w), [[1, 0], [0, 2]])), tf.sum(tf.mirrorPad(w, [[1, 1], [0, 0]], "reflect"))), flat],
  tile: [(x, w) => tf.tile(tf.mul(x, w), [2, 1]), flat],
  broadcastTo: [(x, w) => tf.mul(x, tf.broadcastTo(tf.sum(w, 0, true), [6, 12])), flat],
  reverse: [(x, w) => tf.mul(tf.reverse(tf.mul(x, w), 1), x), flat],
  gather: [(x, w) => tf.mul(tf.gather(w, vector(0, 2, 2, 5), 0), tf.gather(x, vector(1, 1, 0, 3), 0)), flat],
  gatherND: [(x, w) => tf.mul(tf.mean(w), tf.gatherND(x, tf.tensor2d([[0, 1], [3, 2]], undefined, "int32"))), flat],
  scatterND: [(x, w) => tf.mul(tf.mean(w), tf.scatterND(tf.tensor2d([[1], [3]], undefined, "int32"), tf.slice(x, [0, 0], [2, 12]), [5, 12])), flat],
  unsortedSegmentSum: [(x, w) => tf.unsortedSegmentSum(tf.mul(x, w), vector(0, 1, 1, 0, 2, 2), 3), flat],
  "oneHot e argMax": [(x, w) => tf.mul(tf.oneHot(tf.argMax(x, 1) as tf.Tensor1D, 12), w), flat],
  topk: [(x, w) => tf.mul(tf.topk(x, 3).values, tf.slice(w, [0, 0], [6, 3])), flat],
  linalg: [(x, w) => tf.mul(w, tf.linalg.bandPart(x as tf.Tensor2D, 1, 2)), flat],
  "resize bilinear": [(x, w) => tf.image.resizeBilinear(tf.mul(x, w) as tf.Tensor4D, [5, 5]), image],
  "resize nearest": [(x, w) => tf.image.resizeNearestNeighbor(tf.mul(x, w) as tf.Tensor4D, [16, 16]), image],
  depthToSpace: [(x, w) => tf.mul(tf.mean(w), tf.depthToSpace(tf.concat([x, tf.slice(x, [0, 0, 0, 0], [4, 8, 8, 1])], 3) as tf.Tensor4D, 2, "NHWC")), image],
  spaceToBatchND: [(x, w) => tf.spaceToBatchND(tf.mul(x, w), [2, 2], [[0, 0], [0, 0]]), image],
  localResponseNormalization: [(x, w) => tf.localResponseNormalization(tf.mul(x, w) as tf.Tensor4D), image],
  "atenção": [(x, w) => { const q = tf.mul(x, w); const scores = tf.mul(tf.matMul(q, w, false, true), 0.5); const mask = tf.linalg.bandPart(tf.ones([5, 5]), -1, 0); return tf.matMul(tf.softmax(tf.add(scores, tf.mul(tf.sub(mask, 1), 1e9))), w); }, series],
  "group norm": [(x, w) => { const groups = tf.reshape(tf.mul(x, w), [6, 3, 4]); const { mean, variance } = tf.moments(groups, 2, true); return tf.div(tf.sub(groups, mean), tf.sqrt(tf.add(variance, 1e-5))); }, flat],
  "entropia cruzada": [(x, w) => softmaxCrossEntropy(tf.mul(x, w), vector(0, 3, 11, 2, 2, 1)), flat],
  "entropia cruzada binária": [(x, w) => sigmoidCrossEntropy(tf.mul(x, w), tf.cast(tf.greater(x, 0), "float32")), flat],
  descarte: [(x, w) => dropout(tf.mul(x, w), 0.4, steady), flat],
  "perdas do TensorFlow.js": [(x, w) => tf.add(tf.losses.huberLoss(x, w), tf.losses.meanSquaredError(x, w)), flat],
  "gradiente por dentro": [(x, w) => tf.grad((x) => tf.sum(tf.square(tf.mul(tf.square(x), w))))(x), flat],
}; // prettier-ignore

/** A perda, uma soma de quadrados com pesos diferentes por posição, e seus gradientes em w e em x. */
function results(loss: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor, variables: tf.Variable[]) {
  const { value, grads } = tf.variableGrads(() => loss(x), variables);
  const list = [value, ...variables.map((w) => grads[w.name] ?? tf.zerosLike(w))];
  return list.map((tensor) => Array.from(tensor.dataSync()));
}

function compare(got: number[][], expected: number[][]): void {
  got.forEach((values, k) => {
    const scale = Math.max(...expected[k].map(Math.abs), 0.5);
    values.forEach((value, i) => {
      const error = Math.abs(value - expected[k][i]) / scale;
      assert.ok(error <= 1e-6, `${k === 0 ? "perda" : `gradiente ${k}`}: ${value}, esperava ${expected[k][i]}`); // prettier-ignore
    });
  });
}

const spread = (y: tf.Tensor) => {
  const positions = tf.linspace(0.5, 1.5, y.size).reshape(y.shape);
  return tf.sum(tf.mul(tf.square(y), positions)) as tf.Scalar;
};

for (const [name, [layer, input]] of Object.entries(layers))
  test(`camada compilada: ${name}`, () => {
    const x = input();
    tf.tidy(() => layer.apply(x, { training: true }) as tf.Tensor);
    const all = layer.weights.map((w) => w.read() as tf.Variable);
    const variables = layer.trainableWeights.map((w) => w.read() as tf.Variable);
    // Os mesmos pesos toda vez: os das camadas são sorteados sem semente.
    for (const w of variables.filter(({ rank }) => rank > 1))
      tf.tidy(() => w.assign(tf.mul(random(...w.shape), Math.sqrt((3 * w.shape[w.rank - 1]) / w.size)))); // prettier-ignore
    const anchor = tf.variable(tf.scalar(1.5)); // nem toda camada tem pesos
    const start = all.map((w) => w.dataSync().slice());
    const plain = (x: tf.Tensor) => {
      const h = x.dtype === "float32" ? tf.mul(x, anchor) : x;
      const y = spread(layer.apply(h, { training: true }) as tf.Tensor);
      return tf.mul(y, anchor) as tf.Scalar;
    };
    const run = (loss: (x: tf.Tensor) => tf.Scalar) => {
      all.forEach((w, i) => w.assign(tf.tensor(start[i] as Float32Array, w.shape)));
      const first = results(loss, x, [anchor, ...variables]);
      return [...first, ...all.map((w) => Array.from(w.dataSync()))]; // as médias móveis também
    };
    const compiled = compile(plain, [anchor, ...variables]);
    const expected = run(plain);
    compare(run(compiled), expected);
    compare(run(compiled), expected);
    compiled.dispose();
  });

for (const [name, [operation, input]] of Object.entries(operations))
  test(`operação compilada: ${name}`, () => {
    const x = input();
    const w = tf.variable(input());
    const plain = (x: tf.Tensor) => spread(operation(x, w));
    const compiled = compile(plain, [w]);
    compare(results(compiled, x, [w]), results(plain, x, [w]));
    const gradient = (loss: (x: tf.Tensor) => tf.Scalar) => [
      Array.from(tf.grad(loss)(x).dataSync()),
    ];
    let expected: number[][] | undefined;
    try {
      expected = gradient(plain);
    } catch {
      // não depende de x
    }
    if (expected) compare(gradient(compiled), expected);
    compare([Array.from(compiled(x).dataSync())], [Array.from(plain(x).dataSync())]);
    compiled.dispose();
  });

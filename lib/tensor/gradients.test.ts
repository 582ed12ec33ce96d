import assert from "node:assert/strict";
import { test } from "node:test";
import { engine, tf } from "../tensor";
import { assertClose, lcg } from "../testing";

// Dentro de outro gradiente valem as operações do TensorFlow.js: com isso se comparam os dois no mesmo processo. No motor
// WebAssembly, os dois são o mesmo, e restam as diferenças finitas.

type Function = (x: tf.Tensor) => tf.Tensor;

const numbers = (shape: number[], seed: number, scale = 4) =>
  tf.tensor(lcg(tf.util.sizeFromShape(shape), seed).map((value) => scale * (value - 0.5)), shape); // prettier-ignore

/** Σ f(x)·pesos, para que o gradiente que chega a f não seja só de uns. */
const weighted = (f: Function) => (x: tf.Tensor) => {
  const y = f(x);
  return tf.sum(tf.mul(y, numbers(y.shape, 99))) as tf.Scalar;
};

/** Calcula dentro de um outro gradiente, que não depende disso. */
function nested<T extends tf.Tensor | tf.Tensor[]>(compute: () => T): T {
  let result: T;
  tf.grad((s) => {
    result = compute();
    for (const tensor of [result].flat()) tf.keep(tensor as tf.Tensor);
    return tf.square(s) as tf.Scalar;
  })(tf.scalar(1));
  return result!;
}

/** O gradiente que o TensorFlow.js calcula com as operações dele. */
const own = (f: Function, x: tf.Tensor) => nested(() => tf.grad(weighted(f))(x));

function check(f: Function, shape: number[], { seed = 1, numeric = true } = {}) {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = numbers(shape, seed);
    const direct = tf.grad(weighted(f))(x).dataSync();
    const composed = own(f, x);
    assertClose(direct, composed.dataSync(), 1e-5);
    composed.dispose();
    assert.ok(direct.some((value) => Math.abs(value) > 0.01));
    if (!numeric) return;
    const values = x.dataSync();
    const h = 0.01;
    for (let i = 0; i < x.size; i += Math.ceil(x.size / 12)) {
      const at = (delta: number) =>
        weighted(f)(tf.tensor(values.map((value, j) => value + (i === j ? delta : 0)), shape)).dataSync()[0]; // prettier-ignore
      const slope = (at(h) - at(-h)) / (2 * h);
      assertClose([direct[i]], [slope], 5e-3);
    }
  });
  assert.equal(tf.memory().numTensors, before);
}

const cases: Record<string, [f: Function, shape: number[]]> = {
  relu: [(x) => tf.relu(x), [5, 7]],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.3), [5, 7]],
  sigmoid: [(x) => tf.sigmoid(x), [5, 7]],
  tanh: [(x) => tf.tanh(x), [5, 7]],
  softplus: [(x) => tf.softplus(x), [5, 7]],
  "soma de um viés": [(b) => tf.add(numbers([4, 3, 2, 5], 2), b), [5]],
  "soma de um viés com eixos de 1": [(b) => tf.add(numbers([4, 3, 2, 5], 2), tf.reshape(b, [1, 1, 1, 5])), [5]], // prettier-ignore
  "soma de iguais": [(x) => tf.add(x, tf.mul(x, 2)), [4, 5]],
  "soma com o viés à esquerda": [(b) => tf.add(b, numbers([4, 5], 2)), [5]],
  "soma com uma coluna": [(b) => tf.add(numbers([4, 5], 2), b), [4, 1]],
  "soma de um número": [(b) => tf.add(numbers([4, 1], 2), b), [1]],
  "sum, um eixo": [(x) => tf.sum(tf.square(x), 1), [4, 3, 5]],
  "sum, eixos guardados": [(x) => tf.sum(tf.square(x), [0, 2], true), [4, 3, 5]],
  "sum, tudo": [(x) => tf.sum(tf.square(x)), [4, 3]],
  "mean, eixo negativo": [(x) => tf.mean(tf.square(x), -1), [4, 3, 5]],
  "mean, tudo": [(x) => tf.mean(tf.square(x)), [4, 3]],
  "max pooling": [(x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"), [2, 6, 4, 3]],
  "max pooling com sobra e janelas que se cobrem": [(x) => tf.maxPool(x as tf.Tensor4D, 3, 2, "same"), [2, 6, 5, 3]], // prettier-ignore
  "max pooling, janela que não é quadrada": [(x) => tf.maxPool(x as tf.Tensor4D, [2, 3], [1, 2], "valid"), [1, 4, 7, 2]], // prettier-ignore
  "mean, um elemento": [(x) => tf.mean(tf.square(x), 0), [1, 3]],
};

for (const [name, [f, shape]] of Object.entries(cases))
  test(`gradiente de ${name}: igual ao do TensorFlow.js e às diferenças finitas`, () =>
    check(f, shape));

test("em zero, e com infinitos, o gradiente do ReLU é o do TensorFlow.js", () => {
  tf.tidy(() => {
    const x = tf.tensor([0, -0, Infinity, -Infinity, 1e-38, -1e-38]);
    const inner = own(tf.relu, x);
    assert.deepEqual(tf.grad(weighted(tf.relu))(x).dataSync(), inner.dataSync());
    inner.dispose();
  });
});

test("entre máximos iguais, o gradiente vai para o mesmo que no TensorFlow.js", () => {
  const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid");
  tf.tidy(() => {
    const x = tf.relu(numbers([2, 8, 8, 3], 5)); // metade dos números é zero
    const inner = own(pool, x);
    assert.deepEqual(tf.grad(weighted(pool))(x).dataSync(), inner.dataSync());
    inner.dispose();
  });
});

test("o gradiente do gradiente vem das operações do TensorFlow.js", () => {
  const second = (f: Function, x: tf.Tensor) => {
    const first = (z: tf.Tensor) => tf.grad((u: tf.Tensor) => tf.sum(f(u)) as tf.Scalar)(z);
    return tf
      .grad((z: tf.Tensor) => tf.sum(first(z)) as tf.Scalar)(x)
      .dataSync();
  };
  tf.tidy(() => {
    const x = numbers([6], 3);
    const s = tf.sigmoid(x);
    assertClose(second(tf.softplus, x), tf.mul(s, tf.sub(1, s)).dataSync(), 1e-5);
    assertClose(
      second((z) => tf.square(tf.relu(z)), x),
      tf.mul(2, tf.step(x)).dataSync(),
      1e-5,
    );
    assertClose(
      second((z) => tf.square(tf.mean(tf.square(z))), tf.ones([2])),
      [6, 6],
      1e-5,
    );
    const bias = (b: tf.Tensor) => tf.square(tf.add(tf.ones([3, 2]), b));
    assertClose(second(bias, tf.ones([2])), [6, 6], 1e-5);
  });
});

const layers: [shape: number[], options: object][] = [
  [[4, 3, 2, 5], {}],
  [[6, 5], {}],
  [[4, 3, 5], { epsilon: 1e-5 }],
];

for (const [shape, options] of layers) {
  test(`normalização por lote no treino, [${shape}] ${JSON.stringify(options)}`, () => {
    const make = () => {
      const layer = tf.layers.batchNormalization({ momentum: 0.7, ...options });
      layer.build(shape);
      const values = [1, 2, 3, 4].map((seed) => tf.tidy(() => tf.add(1, numbers([5], seed, 0.9))));
      layer.setWeights(values);
      tf.dispose(values);
      return layer;
    };
    const [native, composed] = [make(), make()];
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const x = numbers(shape, 7);
      const train = (layer: typeof native) => {
        const weights = layer.trainableWeights.map((w) => w.read() as tf.Variable);
        const loss = () => weighted((z) => layer.call(z, { training: true }) as tf.Tensor)(x);
        const { value, grads } = tf.variableGrads(loss, weights);
        return [value, ...weights.map((w) => grads[w.name])];
      };
      const direct = train(native);
      const usual = nested(() => train(composed));
      direct.forEach((each, i) => assertClose(each.dataSync(), usual[i].dataSync(), 1e-5));
      tf.dispose(usual);
      const moved = composed.getWeights();
      native.getWeights().forEach((w, i) => assertClose(w.dataSync(), moved[i].dataSync(), 1e-5));
    });
    assert.equal(tf.memory().numTensors, before);
    check((z) => native.call(z, { training: true }) as tf.Tensor, shape);
  });
}

test("GELU: igual à do TensorFlow.js e às diferenças finitas", () => {
  const layer = tf.layers.activation({ activation: "gelu" });
  check((x) => layer.apply(x) as tf.Tensor, [5, 7]);
  tf.tidy(() => {
    const x = tf.tensor([-12, -5, -1, 0, 0.5, 3, 12]);
    const f = (z: tf.Tensor) => layer.apply(z) as tf.Tensor;
    // x·Φ(x), com a Φ de scipy.stats.norm.cdf (1.17)
    const values = [0, -1.4332579e-6, -0.15865525, 0, 0.34573123, 2.9959502, 12];
    assertClose(f(x).dataSync(), values, 1e-5);
    const again = nested(() => tf.grad(weighted(f))(x));
    assertClose(tf.grad(weighted(f))(x).dataSync(), again.dataSync(), 1e-5);
    again.dispose();
  });
});

/** Pesos dados; depois, a saída da camada e os gradientes, nos pesos e na entrada, são os do TensorFlow.js. */
function checkLayer(layer: tf.layers.Layer, shape: number[], { scale = 1, shift = 0 } = {}) {
  tf.tidy(() => void layer.apply(tf.zeros(shape))); // cria os pesos
  tf.tidy(() =>
    layer.setWeights(
      layer.weights.map((w, i) => tf.add(shift, numbers(w.shape as number[], i + 1, scale))),
    ),
  );
  const f = (z: tf.Tensor) => layer.apply(z) as tf.Tensor;
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.add(shift, numbers(shape, 7));
    const weights = layer.trainableWeights.map((w) => w.read() as tf.Variable);
    const train = () => {
      const { value, grads } = tf.variableGrads(() => weighted(f)(x), weights);
      return [value, ...weights.map((w) => grads[w.name])];
    };
    const direct = train();
    const usual = nested(train);
    direct.forEach((each, i) => assertClose(each.dataSync(), usual[i].dataSync(), 1e-5));
    tf.dispose(usual);
  });
  check(f, shape);
  assert.equal(tf.memory().numTensors, before);
  tf.dispose(layer.weights.map((w) => w.read()));
}

for (const [shape, options] of [
  [[4, 5], {}],
  [[2, 3, 6], { epsilon: 1e-5 }],
  [[2, 3, 4, 5], {}],
  [[3, 4, 6], { axis: 1 }],
] as [number[], object][]) {
  test(`normalização por camada, [${shape}] ${JSON.stringify(options)}`, () =>
    checkLayer(tf.layers.layerNormalization(options), shape, { shift: 1 }));
}

const convolutions = [
  { padding: "same" as const },
  { padding: "valid" as const, strides: 2, useBias: false },
  { padding: "same" as const, activation: "tanh" as const },
  { padding: "same" as const, dataFormat: "channelsFirst" as const },
];

for (const options of convolutions) {
  test(`convolução ${JSON.stringify(options)}: igual à do TensorFlow.js, saída e gradientes`, () =>
    checkLayer(tf.layers.conv2d({ filters: 4, kernelSize: 3, ...options }), [2, 6, 6, 6]));
}

for (const options of [{}, { returnSequences: true }, { useBias: false }]) {
  test(`LSTM ${JSON.stringify(options)}: igual à do TensorFlow.js, saída e gradientes`, () =>
    checkLayer(
      tf.layers.lstm({ units: 3, recurrentActivation: "sigmoid", ...options }),
      [2, 4, 5],
      { scale: 2 },
    ));
}

const onlyNative = { skip: engine.name !== "nativo" };

test("no motor nativo, o gradiente do ReLU é uma operação só", onlyNative, async () => {
  const x = numbers([8], 1);
  const { kernels } = await tf.profile(() => tf.grad((z) => tf.sum(tf.relu(z)))(x));
  const names = kernels.map(({ name }) => name);
  assert.ok(!names.includes("Step") && !names.includes("Multiply"), names.join(" "));
});

test(
  "no motor nativo, a primeira convolução não calcula o gradiente na imagem",
  onlyNative,
  async () => {
    const layer = tf.layers.conv2d({ filters: 2, kernelSize: 3 });
    layer.build([1, 5, 5, 1]);
    const x = numbers([1, 5, 5, 1], 1);
    const weights = layer.trainableWeights.map((w) => w.read() as tf.Variable);
    const loss = () => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar;
    const { kernels } = await tf.profile(() => tf.variableGrads(loss, weights).value);
    const names = kernels.map(({ name }) => name);
    assert.ok(names.includes("Conv2DBackpropFilter"), names.join(" "));
    assert.ok(!names.includes("Conv2DBackpropInput"), names.join(" "));
  },
);

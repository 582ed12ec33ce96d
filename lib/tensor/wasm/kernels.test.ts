import assert from "node:assert/strict";
import test from "node:test";
import util from "node:util";

// Este arquivo roda no seu próprio processo, sempre com o WebAssembly.
process.env.CADERNO_ENGINE = "wasm";
const { tf } = require("../../tensor") as typeof import("../../tensor");

/** Os mesmos números em todo motor: um gerador congruencial de 31 bits. */
function numbers(shape: number[], seed: number): InstanceType<typeof tf.Tensor> {
  let state = seed;
  const next = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => 2 * next() - 1),
    shape,
  );
}

type Gradients = () => InstanceType<typeof tf.Tensor>[];

/** Roda com o motor pedido, e devolve os valores; nenhum tensor pode sobrar. */
function valuesOn(backend: string, compute: Gradients): Float32Array[] {
  tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => compute().map((tensor) => tensor.dataSync() as Float32Array));
  assert.equal(tf.memory().numTensors, before, `${backend}: sobraram tensores`);
  tf.setBackend("wasm");
  return values;
}

tf.env().set("PROD", true); // sem o aviso de que o motor em JavaScript é lento

// O motor em JavaScript puro do próprio TensorFlow.js, lento e sem atalhos; e o nativo, onde há.
const references = ["cpu"];
try {
  (util as { isNullOrUndefined?: unknown }).isNullOrUndefined ??= (v: unknown) => v == null;
  process.env.TF_CPP_MIN_LOG_LEVEL = "2";
  require("@tensorflow/tfjs-node");
  references.push("tensorflow");
} catch {
  // não está instalado
}

function sameAsReference(compute: Gradients, backends = references): void {
  for (const backend of backends) {
    assertClose(valuesOn("wasm", compute), valuesOn(backend, compute));
  }
}

function assertClose(actual: Float32Array[], expected: Float32Array[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((values, i) => {
    assert.equal(actual[i].length, values.length);
    const scale = Math.max(1, ...values.map(Math.abs));
    values.forEach((value, j) => {
      assert.ok(
        Math.abs(value - actual[i][j]) <= 1e-4 * scale,
        `tensor ${i}, elemento ${j}: ${actual[i][j]} em vez de ${value}`,
      );
    });
    assert.ok(scale > 1e-3 && values.some((value) => value !== 0), "gradiente todo nulo");
  });
}

type Image = ReturnType<typeof tf.tensor4d>;
type Padding =
  | "same"
  | "valid"
  | number
  | [[number, number], [number, number], [number, number], [number, number]];
const explicit: Padding = [
  [0, 0],
  [2, 0],
  [1, 2],
  [0, 0],
];

const convolutions: [
  size: [number, number],
  filter: [number, number],
  strides: [number, number],
  padding: Padding,
][] = [
  [[7, 6], [3, 3], [1, 1], "same"],
  [[7, 6], [3, 3], [1, 1], "valid"],
  [[8, 7], [3, 2], [2, 2], "same"],
  [[8, 7], [4, 4], [2, 2], "same"],
  [[9, 7], [3, 3], [2, 3], "valid"],
  [[6, 6], [1, 1], [2, 2], "same"],
  [[7, 7], [5, 5], [1, 1], 2],
  [[7, 8], [3, 3], [2, 1], explicit],
];

for (const [[height, width], [fh, fw], strides, padding] of convolutions) {
  // O motor nativo não aceita margens em números.
  const backends = typeof padding === "string" ? references : ["cpu"];
  const name = `${height}×${width}, filtro ${fh}×${fw}, passo ${strides}, margem ${padding}`;

  test(`gradientes da convolução: ${name}`, () => {
    sameAsReference(() => {
      const x = numbers([3, height, width, 2], 1) as Image;
      const w = numbers([fh, fw, 2, 5], 2) as Image;
      const loss = (a: Image, b: Image) => tf.conv2d(a, b, strides, padding).square().sum();
      return tf.grads(loss as never)([x, w]);
    }, backends);
  });

  test(`gradientes da convolução por canal: ${name}`, () => {
    sameAsReference(() => {
      const x = numbers([3, height, width, 2], 1) as Image;
      const w = numbers([fh, fw, 2, 3], 2) as Image;
      const loss = (a: Image, b: Image) =>
        tf
          .depthwiseConv2d(a, b, strides, padding as "same")
          .square()
          .sum();
      return tf.grads(loss as never)([x, w]);
    }, backends);
  });
}

for (const strides of [1, 2, 3]) {
  test(`convolução transposta de passo ${strides}: valor e gradientes`, () => {
    sameAsReference(() => {
      const x = numbers([2, 4, 5, 3], 3) as Image;
      const w = numbers([3, 3, 4, 3], 4) as Image;
      const up = (a: Image, b: Image) =>
        tf.conv2dTranspose(a, b, [2, 4 * strides, 5 * strides, 4], strides, "same");
      const loss = (a: Image, b: Image) => up(a, b).square().sum();
      return [up(x, w), ...tf.grads(loss as never)([x, w])];
    });
  });
}

for (const [size, strides, padding] of [
  [3, 2, "same"],
  [3, 1, "same"],
  [2, 2, "valid"],
] as const) {
  // A média é linear: para todo x, a perda ⟨média(x), w⟩ deve ser ⟨x, gradiente⟩. (O gradiente do
  // motor de referência erra na borda, e por isso não serve aqui.)
  test(`gradiente da média por janela ${size}, passo ${strides}, margem ${padding}`, () => {
    tf.tidy(() => {
      const loss = (x: Image) => {
        const mean = tf.avgPool(x, size, strides, padding);
        return mean.mul(numbers(mean.shape, 12)).sum();
      };
      const gradient = tf.grad(loss as never)(numbers([2, 5, 6, 3], 13));
      for (const seed of [14, 15, 16]) {
        const x = numbers([2, 5, 6, 3], seed) as Image;
        const expected = loss(x).dataSync()[0];
        assert.ok(Math.abs(x.mul(gradient).sum().dataSync()[0] - expected) < 1e-4);
      }
    });
  });
}

for (const [size, strides, padding] of [
  [2, 2, "valid"],
  [3, 2, "same"],
  [[2, 3], [1, 2], "valid"],
] as [size: number | [number, number], strides: number | [number, number], padding: "same"][]) {
  test(`gradiente do máximo por janela ${size}, passo ${strides}, margem ${padding}`, () =>
    sameAsReference(() => {
      const x = numbers([2, 6, 7, 3], 17).sub(0.9); // há janelas só de negativos
      const pool = (z: Image) => tf.maxPool(z, size, strides, padding);
      const weights = numbers(pool(x as Image).shape, 18);
      return [tf.grad(((z: Image) => pool(z).mul(weights).sum()) as never)(x)];
    }));
}

test("gradiente de gather, com índices repetidos e ausentes", () => {
  sameAsReference(() => {
    const table = numbers([6, 3], 5);
    const indices = tf.tensor2d(
      [
        [0, 2, 2],
        [5, 2, 0],
      ],
      [2, 3],
      "int32",
    );
    return [tf.grad((t) => tf.gather(t, indices).square().sum())(table)];
  });
});

test("soma por segmentos de tensores de mais de um eixo", () => {
  sameAsReference(() => {
    const ids = tf.tensor1d([2, 0, 2, 1], "int32");
    return [tf.unsortedSegmentSum(numbers([4, 2, 3], 6), ids, 4)];
  });
});

/** Um passo da rede em cada motor: a perda e o gradiente de cada peso. */
function sameTraining(
  build: () => InstanceType<typeof tf.Sequential>,
  x: number[],
  y: number[],
  integers = 0,
): void {
  sameAsReference(() => {
    const model = build();
    model.setWeights(
      model.getWeights().map((w, i) => (w.rank > 1 ? numbers(w.shape, i + 7).mul(0.5) : w)),
    );
    const input = integers
      ? tf
          .floor(
            numbers(x, 8)
              .add(1)
              .mul(integers / 2),
          )
          .toInt()
      : numbers(x, 8);
    const target = numbers(y, 9);
    const { value, grads } = tf.variableGrads(() =>
      tf.losses
        .meanSquaredError(target, model.apply(input, { training: true }) as typeof target)
        .asScalar(),
    );
    const result = [value, ...Object.values(grads)];
    model.dispose();
    return result;
  });
}

test("rede convolucional com pooling, normalização em lote e dropout nulo", () => {
  sameTraining(
    () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [8, 8, 2], filters: 4, kernelSize: 3, padding: "same" }),
          tf.layers.batchNormalization(),
          tf.layers.activation({ activation: "relu" }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.conv2d({
            filters: 6,
            kernelSize: 3,
            strides: 2,
            padding: "same",
            activation: "elu",
          }),
          tf.layers.averagePooling2d({ poolSize: 2 }),
          tf.layers.dropout({ rate: 0 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    [4, 8, 8, 2],
    [4, 3],
  );
});

test("decodificador com convolução transposta", () => {
  sameTraining(
    () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [3], units: 2 * 2 * 4, activation: "relu" }),
          tf.layers.reshape({ targetShape: [2, 2, 4] }),
          tf.layers.conv2dTranspose({
            filters: 3,
            kernelSize: 3,
            strides: 2,
            padding: "same",
            activation: "relu",
          }),
          tf.layers.conv2dTranspose({
            filters: 1,
            kernelSize: 4,
            strides: 2,
            padding: "same",
            activation: "sigmoid",
          }),
        ],
      }),
    [5, 3],
    [5, 8, 8, 1],
  );
});

test("embedding e LSTM", () => {
  sameTraining(
    () =>
      tf.sequential({
        layers: [
          tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 6 }),
          tf.layers.lstm({ units: 5, recurrentInitializer: "glorotUniform" }),
          tf.layers.dense({ units: 2 }),
        ],
      }),
    [3, 6],
    [3, 2],
    10,
  );
});

test("rede densa", () => {
  sameTraining(
    () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [4], units: 8, activation: "tanh" }),
          tf.layers.layerNormalization(),
          tf.layers.dense({ units: 3 }),
        ],
      }),
    [6, 4],
    [6, 3],
  );
});

for (const [transposeA, transposeB] of [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
]) {
  test(`produto de matrizes em lote, transpostas: ${transposeA}, ${transposeB}`, () => {
    sameAsReference(() => {
      const a = numbers(transposeA ? [2, 3, 5] : [2, 5, 3], 10);
      const b = numbers(transposeB ? [2, 4, 3] : [2, 3, 4], 11);
      const product = (x: typeof a, y: typeof b) => tf.matMul(x, y, transposeA, transposeB);
      return [product(a, b), ...tf.grads((x, y) => product(x, y).square().sum())([a, b])];
    });
  });
}

test("fora de tf.tidy também não sobra tensor", () => {
  const [x, w] = [numbers([2, 6, 6, 2], 1) as Image, numbers([3, 3, 2, 4], 2) as Image];
  const [a, b] = [numbers([3, 5], 3), numbers([3, 4], 4)];
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers];
  tf.matMul(a, b, true).dispose();
  tf.conv2dTranspose(x, numbers([3, 3, 1, 2], 5) as Image, [2, 12, 12, 1], 2, "same").dispose();
  tf.dispose(tf.grads(((p: Image, q: Image) => tf.conv2d(p, q, 1, "same").sum()) as never)([x, w]));
  assert.deepEqual([tf.memory().numTensors - 1, tf.memory().numDataBuffers - 1], before); // fica o filtro da transposta
});

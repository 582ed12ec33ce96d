import assert from "node:assert/strict";
import { test } from "node:test";
import { sigmoidCrossEntropy, softmaxCrossEntropy } from "./losses";
import { tf } from "./tensor";
import { assertClose, lcg } from "./testing";

type Loss = (z: tf.Tensor) => tf.Scalar;

/** A perda e seu gradiente em z, como listas; confere que nada ficou na memória. */
function valueAndGradient(loss: Loss, z: number[], shape: number[]) {
  const before = tf.memory().numTensors;
  const result = tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor(z, shape));
    return { value: value.dataSync()[0], gradient: grad.dataSync() as Float32Array };
  });
  assert.equal(tf.memory().numTensors, before);
  return result;
}

const logits = lcg(12, 5).map((value) => 8 * value - 4);
const labels = [0, 2, 1, 2];
const shape = [4, 3];
const constant = (values: number[], dims: number[], dtype: "int32" | "float32" = "float32") =>
  tf.keep(tf.tensor(values, dims, dtype));
const classes = constant(labels, [4], "int32");
const oneHot = constant(labels.flatMap((k) => [0, 1, 2].map((j) => Number(j === k))), shape); // prettier-ignore
const soft = tf.keep(tf.softmax(tf.tensor(lcg(12, 6).map((value) => 3 * value), shape))); // prettier-ignore
const targets = constant(lcg(12, 7), shape);

/** Do PyTorch 2.15.0: cross_entropy e binary_cross_entropy_with_logits. */
const torch = {
  hard: {
    value: 1.6380025,
    gradient: [
      -0.0456529, 0.0169442, 0.0287088, 0.2014325, 0.0010114, -0.202444, 0.0063943, -0.2251315,
      0.2187372, 0.0155927, 0.211338, -0.2269307,
    ],
  },
  soft: {
    value: 1.9375126,
    gradient: [
      0.1819046, -0.1638597, -0.0180449, 0.0284267, -0.0214523, -0.0069745, -0.1686071, -0.0249456,
      0.1935527, -0.0645839, 0.0788202, -0.0142364,
    ],
  },
  binary: {
    value: 1.2146949,
    gradient: [
      0.0031792, -0.0144248, -0.0112604, 0.0238142, -0.067672, 0.0674462, -0.0311796, -0.0095598,
      0.0614556, 0.0293052, 0.0520786, -0.000949,
    ],
  },
};

test("softmaxCrossEntropy: igual ao PyTorch, com números de classe, one-hot e probabilidades", () => {
  for (const y of [classes, oneHot]) {
    const { value, gradient } = valueAndGradient((z) => softmaxCrossEntropy(z, y), logits, shape);
    assertClose([value], [torch.hard.value], 1e-6);
    assertClose(gradient, torch.hard.gradient, 1e-6);
  }
  const { value, gradient } = valueAndGradient((z) => softmaxCrossEntropy(z, soft), logits, shape);
  assertClose([value], [torch.soft.value], 1e-6);
  assertClose(gradient, torch.soft.gradient, 1e-6);
});

test("sigmoidCrossEntropy: igual ao PyTorch", () => {
  const { value, gradient } = valueAndGradient((z) => sigmoidCrossEntropy(z, targets), logits, shape); // prettier-ignore
  assertClose([value], [torch.binary.value], 1e-6);
  assertClose(gradient, torch.binary.gradient, 1e-6);
});

test("quem não sabe tem log k, e log 2", () => {
  tf.tidy(() => {
    const zeros = tf.zeros(shape);
    assertClose(softmaxCrossEntropy(zeros, classes).dataSync(), [Math.log(3)], 1e-6);
    assertClose(sigmoidCrossEntropy(zeros, targets).dataSync(), [Math.log(2)], 1e-6);
  });
});

test("logits enormes não estouram, e o gradiente continua finito", () => {
  const far = [1e4, -1e4, 0, -1e4, 1e4, 0, 0, 0, 1e4, 1e4, 0, 0];
  const cases: [Loss, number][] = [
    [(z) => softmaxCrossEntropy(z, classes), (0 + 1e4 + 1e4 + 1e4) / 4],
    [(z) => softmaxCrossEntropy(z, oneHot), (0 + 1e4 + 1e4 + 1e4) / 4],
    [(z) => sigmoidCrossEntropy(z, oneHot), (1e4 * 3 + 6 * Math.log(2)) / 12],
  ];
  for (const [loss, expected] of cases) {
    const { value, gradient } = valueAndGradient(loss, far, shape);
    assertClose([value], [expected], 1e-5);
    assert.ok(gradient.every(Number.isFinite));
  }
});

test("eixos a mais contam como exemplos", () => {
  const flat = valueAndGradient((z) => softmaxCrossEntropy(z, classes), logits, shape);
  const y = constant(labels, [2, 2], "int32");
  const deep = valueAndGradient((z) => softmaxCrossEntropy(z, y), logits, [2, 2, 3]);
  assertClose([deep.value, ...deep.gradient], [flat.value, ...flat.gradient], 1e-6);
});

test("o gradiente do gradiente também está certo (penalidades usam)", () => {
  const losses: Loss[] = [
    (z) => softmaxCrossEntropy(z, classes),
    (z) => softmaxCrossEntropy(z, soft),
    (z) => sigmoidCrossEntropy(z, targets),
  ];
  for (const loss of losses) {
    // d/dz Σ g(z)², por diferenças finitas de g, que já se conferiu.
    const square: Loss = (z) => tf.sum(tf.square(tf.grad(loss)(z)));
    const small = logits.map((value) => value / 4);
    const { gradient } = valueAndGradient(square, small, shape);
    const numeric = small.map((_, i) => {
      const at = (h: number) =>
        valueAndGradient(loss, small.map((value, j) => value + (i === j ? h : 0)), shape).gradient; // prettier-ignore
      const [center, up, down] = [at(0), at(0.02), at(-0.02)];
      return center.reduce((sum, g, j) => sum + (2 * g * (up[j] - down[j])) / 0.04, 0);
    });
    assertClose(gradient, numeric, 2e-5);
    assert.ok(gradient.some((value) => Math.abs(value) > 1e-3));
  }
});

test("formas que não combinam são recusadas", () => {
  const z = constant(logits, shape);
  assert.throws(() => softmaxCrossEntropy(z, constant([1, 2], [2], "int32")), {
    message: "softmaxCrossEntropy: esperava números de classe [4], recebi [2]",
  });
  assert.throws(() => softmaxCrossEntropy(z, constant([1, 2, 0, 1], [4])), {
    message: "softmaxCrossEntropy: esperava probabilidades [4,3], recebi [4]",
  });
  assert.throws(() => softmaxCrossEntropy(constant([1, 2], [2]), classes), {
    message: "softmaxCrossEntropy: esperava logits [n, classes], recebi [2]",
  });
  assert.throws(() => sigmoidCrossEntropy(z, constant([1, 2], [2])), {
    message: "sigmoidCrossEntropy: esperava alvos [4,3], recebi [2]",
  });
});

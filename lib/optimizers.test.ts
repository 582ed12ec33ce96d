import assert from "node:assert/strict";
import { test } from "node:test";
import { softmaxCrossEntropy } from "./losses";
import { adam, adamW, sgd, type Optimizer, clipByGlobalNorm } from "./optimizers";
import { engine, tf } from "./tensor";
import { assertClose, lcg } from "./testing";

const around = (n: number, seed: number) => lcg(n, seed).map((value) => 2 * value - 1);
const x = tf.keep(tf.tensor(around(8, 3), [4, 2]));
const y = tf.keep(tf.tensor([0, 2, 1, 2], [4], "int32"));

/** Uma regressão logística de três classes, sempre com os mesmos pesos iniciais. */
function problem() {
  const [w, b] = tf.tidy(() => [
    tf.variable(tf.tensor(around(6, 1), [2, 3])),
    tf.variable(tf.tensor(around(3, 2))),
  ]);
  return {
    variables: [w, b],
    loss: () => softmaxCrossEntropy(tf.mul(3, tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b)), y), // prettier-ignore
    weights: () => [...w.dataSync(), ...b.dataSync()],
    dispose: () => tf.dispose([w, b]),
  };
}

function train(optimizer: Optimizer, { variables, loss }: ReturnType<typeof problem>, steps = 5) {
  return Array.from({ length: steps }, () =>
    tf.tidy(() => optimizer.minimize(loss, variables).dataSync()[0]),
  );
}

/** Perda antes de cada passo e pesos no fim, do PyTorch 2.15.0. */
const torch = {
  sgd: [
    [1.788403, 0.93962, 0.567652, 0.456292, 0.387593],
    [0.177372, 0.113975, -1.29482, -0.495322, 1.199482, -0.396364, -0.450863, -0.031682, -0.444352],
  ],
  momentum: [
    [1.788403, 1.442624, 1.043332, 0.796028, 0.656811],
    [0.102692, 0.015537, -1.121703, -0.421891, 1.193078, -0.46339, -0.187254, -0.474933, -0.26471],
  ],
  adam: [
    [1.788403, 1.562567, 1.362372, 1.188546, 1.04039],
    [0.277301, -0.401249, -0.630216, -0.180553, 1.13409, -0.537487, -0.695322, 0.151692, -0.164012],
  ],
  adamEps: [
    [1.788403, 1.587134, 1.411167, 1.258783, 1.127284],
    [0.122935, -0.439457, -0.594952, -0.129411, 1.069977, -0.554627, -0.729613, 0.181839, -0.21711],
  ],
  adamW: [
    [1.788403, 1.545353, 1.333353, 1.15276, 1.002265],
    [0.267938, -0.361585, -0.594852, -0.17808, 1.061755, -0.490115, -0.634211, 0.131081, -0.145091],
  ],
  clip: [
    [1.788403, 1.602083, 1.435956, 1.287948, 1.155677],
    [0.04769, -0.458426, -0.592737, -0.057185, 0.983432, -0.618451, -0.735999, 0.096729, -0.287626],
  ],
};

const optimizers: Record<keyof typeof torch, () => Optimizer> = {
  sgd: () => sgd({ learningRate: 0.5 }),
  momentum: () => sgd({ learningRate: 0.1, momentum: 0.9 }),
  adam: () => adam({ learningRate: 0.05 }),
  adamEps: () => adam({ learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 0.1 }),
  adamW: () => adamW({ learningRate: 0.05, weightDecay: 0.3 }),
  clip: () => sgd({ learningRate: 0.5, clipNorm: 0.2 }),
};

for (const [name, make] of Object.entries(optimizers)) {
  test(`${name}: cinco passos iguais aos do PyTorch`, () => {
    const before = tf.memory().numTensors;
    const [optimizer, task] = [make(), problem()];
    const losses = train(optimizer, task);
    assertClose(losses, torch[name as keyof typeof torch][0], 2e-6);
    assertClose(task.weights(), torch[name as keyof typeof torch][1], 5e-6);
    optimizer.dispose();
    task.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  test(`${name}: gravado, restaurado em outro e continuado, chega aos mesmos números`, () => {
    const [whole, task] = [make(), problem()];
    train(whole, task, 5);
    const [first, other] = [make(), problem()];
    train(first, other, 2);
    const state = first.save();
    const second = make();
    second.restore(state);
    assert.deepEqual(second.save(), state); // antes do primeiro passo já está tudo lá
    train(second, other, 3);
    assert.deepEqual(other.weights(), task.weights());
    assert.deepEqual(second.save(), whole.save());
    // Voltar atrás: o mesmo otimizador repete os últimos passos.
    const kept = other.variables.map((w) => w.clone());
    const before = second.save();
    train(second, other, 2);
    const after = other.weights();
    other.variables.forEach((w, i) => w.assign(kept[i]));
    second.restore(before);
    train(second, other, 2);
    assert.deepEqual(other.weights(), after);
    for (const each of [whole, first, second, task, other]) each.dispose();
    tf.dispose(kept);
  });
}

test("um passo não cria tensor que fique, nem muda uma cópia da variável", () => {
  const [optimizer, task] = [adam(), problem()];
  const copy = task.variables[0].clone();
  const before = copy.dataSync().slice();
  train(optimizer, task, 2);
  const { numTensors, numDataBuffers } = tf.memory();
  train(optimizer, task, 20);
  assert.equal(tf.memory().numTensors, numTensors);
  assert.equal(tf.memory().numDataBuffers, numDataBuffers);
  assert.deepEqual(copy.dataSync(), before);
  optimizer.dispose();
  task.dispose();
  copy.dispose();
});

test("um valor posto na variável entre dois passos vale", () => {
  const values = [0, 1].map((late) => {
    const [optimizer, task] = [adam({ learningRate: 0.05 }), problem()];
    train(optimizer, task, 1);
    if (late) task.variables[0].assign(tf.zeros([2, 3]));
    train(optimizer, task, 1);
    const result = task.variables[0].dataSync();
    if (late) assert.ok(result.every((value) => Math.abs(value) < 0.1));
    optimizer.dispose();
    task.dispose();
    return [...result];
  });
  assert.notDeepEqual(values[0], values[1]);
});

test("o gradiente pode ser a própria variável", () => {
  const w = tf.tidy(() => tf.variable(tf.tensor([2, -4])));
  const optimizer = sgd({ learningRate: 0.5 });
  optimizer.apply([w], [w]);
  assert.deepEqual([...w.dataSync()], [1, -2]);
  optimizer.dispose();
  w.dispose();
});

test("learningRate pode mudar entre passos", () => {
  const [optimizer, task] = [sgd({ learningRate: 0.5 }), problem()];
  const start = task.weights();
  const gradient = tf.ones([2, 3]);
  optimizer.learningRate = 0.25;
  optimizer.apply([gradient], [task.variables[0]]);
  assertClose(task.weights().slice(0, 6), start.slice(0, 6).map((w) => w - 0.25), 1e-6); // prettier-ignore
  gradient.dispose();
  task.dispose();
});

test("uma variável de que a perda não depende fica como está", () => {
  const task = problem();
  const idle = tf.variable(tf.tensor([1, 2]));
  const optimizer = adamW({ weightDecay: 0.5 });
  tf.tidy(() => optimizer.minimize(task.loss, [...task.variables, idle]));
  assert.deepEqual([...idle.dataSync()], [1, 2]);
  optimizer.dispose();
  task.dispose();
  idle.dispose();
});

test("o que está fora do contrato é recusado", () => {
  const w = tf.variable(tf.zeros([2, 3]));
  const refused: [() => unknown, string][] = [
    [() => sgd({ learningRate: 0 }), "sgd: learningRate deve ser > 0, recebi 0"],
    [() => sgd({ learningRate: 1, momentum: 1 }), "sgd: momentum deve estar em [0, 1), recebi 1"],
    [() => adam({ beta1: -0.1 }), "adam: beta1 deve estar em [0, 1), recebi -0.1"],
    [() => adam({ beta2: 1 }), "adam: beta2 deve estar em [0, 1), recebi 1"],
    [() => adam({ epsilon: 0 }), "adam: epsilon deve ser > 0, recebi 0"],
    [() => adam({ clipNorm: -1 }), "adam: clipNorm deve ser > 0, recebi -1"],
    [() => adamW({ weightDecay: -1 }), "adamW: weightDecay deve ser ≥ 0, recebi -1"],
    [() => adam().apply([], []), "adam: esperava ao menos uma variável, recebi nenhuma"],
    [() => adam().apply([], [w]), "adam: esperava um gradiente por variável (1), recebi 0"],
    [
      () => tf.tidy(() => adam().apply([tf.zeros([3, 2])], [w])),
      `adam: esperava o gradiente de ${w.name} [2,3], recebi [3,2]`,
    ],
    [
      () => {
        const other = adam();
        other.restore({ step: 1, slots: [[new Float32Array(6)]] });
        tf.tidy(() => other.apply([tf.zeros([2, 3])], [w]));
      },
      `adam: esperava 2 lista(s) de 6 números para ${w.name}, recebi 6`,
    ],
  ];
  for (const [run, message] of refused) assert.throws(run, { message });
  w.dispose();
});

test("clipByGlobalNorm: a norma de todos juntos; os que cabem ficam iguais, e nada mais fica na memória", () => {
  const gradients = [tf.tensor1d([3, 0]), tf.tensor2d([[4]])];
  const before = tf.memory().numTensors;
  const flat = (clipNorm: number) => {
    const clipped = clipByGlobalNorm(gradients, clipNorm);
    const values = clipped.flatMap((gradient) => [...gradient.dataSync()]);
    tf.dispose(clipped);
    return values;
  };
  assertClose(flat(1), [0.6, 0, 0.8], 1e-6); // tf.clip_by_global_norm: g · 1/5
  assert.deepEqual(flat(5), [3, 0, 4]);
  assert.deepEqual(flat(50), [3, 0, 4]);
  assert.equal(tf.memory().numTensors, before);
  assert.throws(() => clipByGlobalNorm(gradients, 0), RangeError);
  assert.throws(() => clipByGlobalNorm([], 1), TypeError);
});

const onlyNative = { skip: engine.name !== "nativo" };

test(
  "no motor nativo, nada fica na memória do TensorFlow, nem os números do leitor mudam",
  onlyNative,
  () => {
    const backend = tf.backend() as unknown as { getNumOfTFTensors(): number };
    for (const make of [
      adam,
      () => adamW({ clipNorm: 1 }),
      () => sgd({ learningRate: 0.1, momentum: 0.9 }),
    ]) {
      const mine = Float32Array.of(1, 2, 3);
      const w = tf.tidy(() => tf.variable(tf.tensor(mine)));
      w.dataSync();
      const gradient = tf.keep(tf.tidy(() => tf.add(tf.ones([3]), 0)));
      const before = backend.getNumOfTFTensors();
      const optimizer = make();
      optimizer.apply([gradient], [w]);
      const after = backend.getNumOfTFTensors();
      for (let step = 0; step < 10; step++) optimizer.apply([gradient], [w]);
      optimizer.save();
      assert.equal(backend.getNumOfTFTensors(), after);
      assert.notDeepEqual(w.dataSync(), mine);
      assert.deepEqual(mine, Float32Array.of(1, 2, 3));
      optimizer.dispose();
      assert.equal(backend.getNumOfTFTensors(), before + 1); // a variável, que só o primeiro passo enviou
      tf.dispose([w, gradient]);
    }
  },
);

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { dropout } from "../layers/dropout";
import { denseNetwork } from "../layers/dense";
import { variablesOf } from "../layers/weights";
import { softmaxCrossEntropy } from "../losses";
import { adam } from "../optimizers";
import { seeded, tfSeed, type Source } from "../random";
import { tf } from "../tensor";
import { compile, draw } from "./compile";
import { rowNorms } from "./norm";

const source = seeded("compile");
const random = (...shape: number[]) => tf.randomUniform(shape, -1, 1, "float32", tfSeed(source));
const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

/** Uma rede pequena, sempre a mesma, e seus dados. */
function setting() {
  const net = denseNetwork([3, 16, 2], seeded("compile/rede"));
  const variables = variablesOf(net);
  const loss = (x: tf.Tensor, y: tf.Tensor) =>
    tf.mean(tf.squaredDifference(net.apply(x) as tf.Tensor, y)) as tf.Scalar;
  return { net, variables, loss };
}
const [x, y] = [random(8, 3), random(8, 2)];

/** As perdas de alguns passos de Adam, e os pesos do fim. */
function steps(loss: () => tf.Scalar, variables: tf.Variable[], n = 6, options = {}) {
  const optimizer = adam({ learningRate: 0.01, ...options });
  const losses = Array.from({ length: n }, () =>
    tf.tidy(() => optimizer.minimize(loss, variables).dataSync()[0]),
  );
  optimizer.dispose();
  return [losses, ...variables.map(values)];
}

test("no lugar da original em minimize, também com clipNorm: os mesmos bits", () => {
  for (const options of [{}, { clipNorm: 0.1 }]) {
    const [a, b] = [setting(), setting()];
    const compiled = compile(b.loss, b.variables);
    const expected = steps(() => a.loss(x, y), a.variables, 6, options);
    assert.deepEqual(
      steps(() => compiled(x, y), b.variables, 6, options),
      expected,
    );
    assert.equal(compiled(x, y).dataSync()[0], a.loss(x, y).dataSync()[0]); // fora de um gradiente
    compiled.dispose();
  }
});

test("os gradientes em relação aos argumentos, com e sem variáveis, e no meio de uma conta", () => {
  const { loss, variables } = setting();
  const [compiled, alone] = [compile(loss, variables), compile(loss)];
  const expected = tf.grads(loss)([x, y]).map(values);
  assert.deepEqual(tf.grads(compiled)([x, y]).map(values), expected);
  assert.deepEqual(tf.grads(alone)([x, y]).map(values), expected);
  const around = (loss: (x: tf.Tensor, y: tf.Tensor) => tf.Scalar) =>
    values(tf.grad((x: tf.Tensor) => tf.mul(loss(tf.mul(x, 2), y), 3))(x));
  around(loss).forEach((v, i) => assert.ok(Math.abs(around(compiled)[i] - v) < 1e-6 * Math.max(1, Math.abs(v)))); // prettier-ignore
});

test("um argumento de que não se deriva pode passar por uma comparação", () => {
  const w = tf.variable(tf.scalar(2));
  const loss = (x: tf.Tensor) => tf.sum(tf.mul(w, tf.where(tf.greater(x, 0), x, 0))) as tf.Scalar;
  const compiled = compile(loss, [w]);
  const grad = (f: typeof loss) => values(tf.variableGrads(() => f(x), [w]).grads[w.name]);
  assert.deepEqual(grad(compiled), grad(loss));
});

test("uma variável sem uso fica sem gradiente, e a que a perda captura é uma entrada viva", () => {
  const [used, unused, captured] = [1, 2, 3].map((v) => tf.variable(tf.scalar(v)));
  const compiled = compile((x: tf.Tensor) => tf.sum(tf.mul(tf.mul(x, used), captured)) as tf.Scalar, [used, unused]); // prettier-ignore
  const ones = tf.ones([2]);
  const run = () => tf.variableGrads(() => compiled(ones), [used, unused]);
  assert.equal(run().grads[unused.name], undefined);
  assert.deepEqual(values(run().grads[used.name]), [6]);
  captured.assign(tf.scalar(5));
  assert.deepEqual([values(run().grads[used.name]), values(run().value)], [[10], [10]]);
  used.assign(tf.scalar(4));
  assert.deepEqual(values(compiled(ones)), [40]);
});

test("derivar em relação a uma variável fora da lista é um erro, e não um gradiente que falta", () => {
  const [listed, other] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
  const loss = (x: tf.Tensor) => tf.sum(tf.mul(tf.mul(x, listed), other)) as tf.Scalar;
  const [compiled, none] = [compile(loss, [listed]), compile(loss)];
  assert.throws(() => tf.variableGrads(() => compiled(x), [listed, other]), /não está entre as variáveis/); // prettier-ignore
  assert.throws(() => tf.variableGrads(() => none(x), [other]), /não está entre as variáveis/);
  assert.ok(tf.variableGrads(() => compiled(x), [listed]).grads[listed.name]);
});

test("dois argumentos que hoje são o mesmo tensor podem amanhã não ser", () => {
  const compiled = compile((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.sub(tf.mul(2, a), b)) as tf.Scalar); // prettier-ignore
  assert.deepEqual(values(compiled(tf.ones([3]), tf.ones([3]))), [3]);
  const same = tf.ones([4]);
  assert.deepEqual(values(compiled(same, same)), [4]);
  assert.deepEqual(values(compiled(tf.ones([4]), tf.zeros([4]))), [8]);
  const w = tf.variable(tf.ones([5]));
  const both = compile((a: tf.Tensor) => tf.sum(tf.sub(tf.mul(2, w), a)) as tf.Scalar, [w]);
  assert.deepEqual(values(both(w)), [5]);
  assert.deepEqual(values(both(tf.zeros([5]))), [10]);
});

test("fora de um gradiente, qualquer tensor; dentro, só um número", () => {
  const { net } = setting();
  const compiled = compile((x: tf.Tensor) => net.apply(x) as tf.Tensor);
  assert.deepEqual(values(compiled(x)), values(net.apply(x) as tf.Tensor));
  assert.throws(() => tf.grad((x) => tf.sum(compiled(x)))(x), /deve dar um número .* deu \[8,2\]/);
});

for (const [name, make] of Object.entries({
  "uma fonte como argumento": () => (x: tf.Tensor, source: Source) => dropout(x, 0.3, source),
  "uma fonte capturada": (own: Source) => (x: tf.Tensor) => dropout(x, 0.3, own),
  "dois sorteios de uma fonte, um número feito dela": () => (x: tf.Tensor, source: Source) =>
    tf.add(
      tf.mul(
        dropout(x, 0.5, source),
        draw(source, (s) => tf.scalar(s())),
      ),
      dropout(x, 0.2, source),
    ),
}))
  test(`${name}: os mesmos sorteios da original`, () => {
    const w = tf.variable(tf.ones([3]));
    const [a, b] = [seeded("compile/fonte"), seeded("compile/fonte")];
    const body = (own: Source) => {
      const f = make(own);
      return (x: tf.Tensor, source: Source) => tf.sum(tf.square(tf.mul(f(x, source), w))) as tf.Scalar; // prettier-ignore
    };
    const [plain, compiled] = [body(a), compile(body(b), [w])];
    for (let i = 0; i < 4; i++) {
      const expected = tf.variableGrads(() => plain(x, a), [w]);
      const got = tf.variableGrads(() => compiled(x, b), [w]);
      assert.deepEqual(values(got.value), values(expected.value));
      assert.deepEqual(values(got.grads[w.name]), values(expected.grads[w.name]));
    }
    assert.equal(a(), b()); // o traçado não tira nada da fonte
    // O gradiente em x usa os sorteios da mesma ida.
    const inX = (f: typeof plain, s: Source) => values(tf.grad((x) => f(x, s))(x));
    assert.deepEqual(inX(compiled, b), inX(plain, a));
  });

let counter = 0;
let rate = 0.1;
const outside = tf.ones([8, 3]);
for (const [name, f, message] of [
  [
    "um contador",
    (x: tf.Tensor) => tf.mul(x, counter++),
    /um número que entra em Mul mudou \(\d+ e \d+\)/,
  ],
  [
    "um sorteio fora de draw",
    (x: tf.Tensor, s: Source) => tf.add(x, s()),
    /um número que entra em Add\w* mudou/,
  ],
  [
    "uma semente",
    (x: tf.Tensor, s: Source) => tf.mul(x, tf.randomNormal([8, 3], 0, 1, "float32", tfSeed(s))),
    /entra em Mul mudou/,
  ],
  [
    "um sorteio do TensorFlow.js sem semente",
    (x: tf.Tensor) => tf.mul(x, tf.randomNormal([8, 3])),
    /entra em Mul mudou/,
  ],
  [
    "um sorteio do TensorFlow",
    (x: tf.Tensor) =>
      tf.mul(x, tf.cast(tf.multinomial(tf.ones([1, 3]) as tf.Tensor2D, 3, 7), "float32")),
    /sorteia com Multinomial/,
  ],
  ["dataSync", (x: tf.Tensor) => tf.mul(x, x.dataSync()[0]), /lê o valor de um tensor/],
  ["um tensor de fora", (x: tf.Tensor) => tf.mul(x, outside), /tensor \[8,3\] feito fora dela/],
  [
    "um tensor de fora, ainda em JavaScript",
    (x: tf.Tensor) => tf.mul(x, tf.clone(fresh)),
    /feito fora dela/,
  ],
  [
    "operações que mudam",
    (x: tf.Tensor) => (counter++ % 2 ? tf.sin(x) : tf.cos(x)),
    /uma vez pede (Sin|Cos); outra, (Sin|Cos)/,
  ],
  [
    "um atributo que muda",
    (x: tf.Tensor) => tf.leakyRelu(x, counter++ / 100),
    /um atributo ou entrada de LeakyRelu mudou/,
  ],
  [
    "um parâmetro de sorteio que muda",
    (x: tf.Tensor, s: Source) => dropout(x, (rate += 0.01), s),
    /parâmetro de sorteio/,
  ],
] as const)
  // prettier-ignore
  test(`nada se congela em silêncio: ${name}`, () => {
    const compiled = compile((x: tf.Tensor, s: Source) => tf.sum(f(x, s)) as tf.Scalar);
    const before = tf.memory().numTensors;
    assert.throws(() => compiled(x, source), message);
    assert.throws(() => tf.grad((x) => compiled(x, source))(x), message);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(values(tf.mul(outside, 2)), Array(24).fill(2)); // o motor voltou ao normal
  });
const fresh = tf.ones([8, 3]);

test("um argumento com tensores dentro é recusado; um objeto vale por ele mesmo", () => {
  const { net } = setting();
  const lists = compile((pair: tf.Tensor[]) => tf.sum(pair[0]) as tf.Scalar);
  assert.throws(() => lists([x, y]), /argumento 1 guarda tensores/);
  const scaled = compile((x: tf.Tensor, by: { k: number }, name: string) => tf.sum(tf.mul(x, by.k + name.length)) as tf.Scalar); // prettier-ignore
  const [one, two] = [{ k: 1 }, { k: 2 }];
  const at = (by: { k: number }, name: string) => values(scaled(tf.ones([2]), by, name))[0];
  assert.deepEqual([at(one, ""), at(two, ""), at(one, "abc"), at(one, "")], [2, 4, 8, 2]);
  one.k = 5; // vale o que contém
  assert.equal(at(one, ""), 10);
  const through = compile((x: tf.Tensor, model: { net: tf.LayersModel }) => tf.sum(model.net.apply(x) as tf.Tensor) as tf.Scalar); // prettier-ignore
  assert.deepEqual(values(through(x, { net })), values(tf.sum(net.apply(x) as tf.Tensor)));
});

test("outra forma traça outra vez, e muitas formas são um aviso", (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const compiled = compile((x: tf.Tensor) => tf.sum(tf.square(x)) as tf.Scalar);
  for (let n = 1; n <= 14; n++) assert.deepEqual(values(compiled(tf.ones([n]))), [n]);
  assert.equal(warn.mock.callCount(), 1);
  assert.match(String(warn.mock.calls[0].arguments[0]), /já são 12 grafos/);
});

test("uma rede que se constrói na primeira chamada", () => {
  const layer = tf.layers.dense({ units: 2 });
  const compiled = compile((x: tf.Tensor) => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar);
  const value = values(compiled(x));
  assert.deepEqual(value, values(tf.sum(layer.apply(x) as tf.Tensor)));
  layer.weights[0].write(tf.zeros([3, 2]));
  layer.weights[1].write(tf.zeros([2]));
  assert.deepEqual(values(compiled(x)), [0]);
});

test("uma GAN: duas perdas, cada uma com as suas variáveis, e a outra rede viva", () => {
  const build = () => {
    const G = denseNetwork([2, 8, 2], seeded("compile/G"));
    const D = denseNetwork([2, 8, 1], seeded("compile/D"));
    const score = (x: tf.Tensor) => D.apply(x) as tf.Tensor;
    const make = (z: tf.Tensor) => G.apply(z) as tf.Tensor;
    const lossD = (real: tf.Tensor, z: tf.Tensor) =>
      tf.mean(tf.add(tf.softplus(tf.neg(score(real))), tf.softplus(score(make(z))))) as tf.Scalar;
    const lossG = (z: tf.Tensor) => tf.mean(tf.softplus(tf.neg(score(make(z))))) as tf.Scalar;
    return { lossD, lossG, g: variablesOf(G), d: variablesOf(D) };
  };
  const [a, b] = [build(), build()];
  const [real, z] = [random(16, 2), random(16, 2)];
  const play = ({ g, d }: typeof a, lossD: typeof a.lossD, lossG: typeof a.lossG) => {
    const [optD, optG] = [adam({ learningRate: 0.01 }), adam({ learningRate: 0.01 })];
    for (let i = 0; i < 5; i++) {
      optD.minimize(() => lossD(real, z), d).dispose();
      optG.minimize(() => lossG(z), g).dispose();
    }
    return [...g, ...d].map(values);
  };
  const expected = play(a, a.lossD, a.lossG);
  assert.deepEqual(play(b, compile(b.lossD, b.d), compile(b.lossG, b.g)), expected);
});

test("uma penalidade de gradiente compilada: os mesmos bits", () => {
  const build = () => {
    const net = denseNetwork([2, 16, 1], seeded("compile/crítico"));
    const critic = (x: tf.Tensor) => tf.sum(tf.tanh(net.apply(x) as tf.Tensor));
    const loss = (x: tf.Tensor) =>
      tf.mean(tf.square(tf.sub(rowNorms(tf.grad(critic)(x)), 1))) as tf.Scalar;
    return { loss, variables: variablesOf(net) };
  };
  const [a, b] = [build(), build()];
  const x = random(16, 2);
  const compiled = compile(b.loss, b.variables);
  const expected = steps(() => a.loss(x), a.variables);
  assert.deepEqual(
    steps(() => compiled(x), b.variables),
    expected,
  );
});

test("uma compilada dentro de outra, e dentro de dois gradientes, é a original", () => {
  const { loss, variables } = setting();
  const inner = compile(loss, variables);
  const outer = compile(
    (x: tf.Tensor, y: tf.Tensor) => tf.mul(inner(x, y), 2) as tf.Scalar,
    variables,
  );
  assert.deepEqual(values(outer(x, y)), values(tf.mul(loss(x, y), 2)));
  const curvature = (f: typeof loss) =>
    values(tf.grad((x) => tf.sum(tf.square(tf.grad((x) => f(x, y))(x))))(x));
  assert.deepEqual(curvature(inner), curvature(loss));
});

test("a memória não cresce em muitos passos, nem com muitas funções; dispose libera e deixa usar", () => {
  const { loss, variables } = setting();
  const compiled = compile(loss, variables);
  const optimizer = adam();
  const step = () => optimizer.minimize(() => compiled(x, y), variables).dispose();
  for (let i = 0; i < 200; i++) step();
  const [tensors, start] = [tf.memory().numTensors, process.memoryUsage().rss];
  for (let i = 0; i < 10_000; i++) step();
  assert.equal(tf.memory().numTensors, tensors);
  assert.ok(process.memoryUsage().rss - start < 60e6, `${(process.memoryUsage().rss - start) / 1e6} MB`); // prettier-ignore
  for (let i = 0; i < 200; i++) {
    const one = compile((x: tf.Tensor) => tf.sum(tf.mul(x, i)) as tf.Scalar);
    assert.deepEqual(values(tf.tidy(() => one(tf.ones([2])))), [2 * i]);
    if (i % 2) one.dispose();
  }
  compiled.dispose();
  assert.deepEqual(values(compiled(x, y)), values(loss(x, y)));
});

test("uma função compilada que ninguém mais tem devolve seus grafos", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { binding } = tf.backend() as unknown as { binding: { getNumOfSavedModels(): number } };
  const left = async () => {
    for (let i = 0; i < 10; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return binding.getNumOfSavedModels();
  };
  const before = await left();
  const make = () => {
    const one = compile((x: tf.Tensor) => tf.sum(tf.square(x)) as tf.Scalar);
    tf.tidy(() => one(tf.ones([3])));
    assert.equal(binding.getNumOfSavedModels(), before + 1);
  };
  make();
  assert.equal(await left(), before);
});

test("erros de dentro do grafo são erros, e não a queda do processo", () => {
  const w = tf.variable(random(5, 2));
  const lookup = compile(
    (i: tf.Tensor) => tf.sum(tf.gather(w, i as tf.Tensor1D)) as tf.Scalar,
    [w],
  );
  assert.deepEqual(values(lookup(tf.tensor1d([0, 4], "int32"))).length, 1);
  assert.throws(() => lookup(tf.tensor1d([0, 9], "int32")), /9.*\[0, 5\)/);
  const gone = tf.ones([2]);
  const sum = compile((x: tf.Tensor) => tf.sum(x) as tf.Scalar);
  sum(gone);
  gone.dispose();
  assert.throws(() => sum(gone), /argumento 1 é um tensor já descartado/);
  assert.deepEqual(values(sum(tf.ones([2]))), [2]);
});

test("tensores vazios, inteiros, booleanos, escalares e constantes", () => {
  const cases: [(x: tf.Tensor) => tf.Tensor, tf.Tensor][] = [
    [(x) => tf.sum(x), tf.zeros([0, 3])],
    [(x) => tf.concat([x, tf.ones([2, 3])], 0), tf.zeros([0, 3])],
    [(x) => tf.add(x, 1), tf.tensor1d([1, 2], "int32")],
    [(x) => tf.logicalNot(x), tf.tensor1d([true, false], "bool")],
    [(x) => tf.mul(x, tf.scalar(2)), tf.scalar(3)],
    [() => tf.ones([2]), tf.ones([1])],
    [(x) => x, tf.ones([3])],
    [(x) => tf.cast(x, "int32"), tf.tensor1d([1.7, -2.2])],
    [(x) => tf.reshape(x, [3, 1]), tf.ones([3])],
  ];
  for (const [f, input] of cases) {
    const compiled = compile(f as (x: tf.Tensor) => tf.Scalar);
    for (let i = 0; i < 2; i++) {
      const [got, expected] = [compiled(input), f(input)];
      assert.deepEqual([got.shape, got.dtype, values(got)], [expected.shape, expected.dtype, values(expected)]); // prettier-ignore
    }
  }
});

test("classes como alvo, em lotes de dois tamanhos", () => {
  const net = denseNetwork([3, 4], seeded("compile/classes"));
  const loss = (x: tf.Tensor, y: tf.Tensor) => softmaxCrossEntropy(net.apply(x) as tf.Tensor, y);
  const compiled = compile(loss, variablesOf(net));
  for (const n of [8, 3, 8])
    assert.deepEqual(
      values(compiled(tf.slice(x, [0, 0], [n, 3]), tf.tensor1d(Array(n).fill(2), "int32"))),
      values(loss(tf.slice(x, [0, 0], [n, 3]), tf.tensor1d(Array(n).fill(2), "int32"))),
    );
});

test("no WebAssembly, a perda como é", { timeout: 60_000 }, () => {
  const code = `
    const { engine, tf } = require("./lib/tensor");
    const { compile } = require("./lib/tensor/compile");
    let calls = 0;
    const w = tf.variable(tf.scalar(3));
    const loss = compile((x) => (calls++, tf.sum(tf.mul(x, w))), [w]);
    for (let i = 0; i < 3; i++) tf.variableGrads(() => loss(tf.ones([2])), [w]);
    console.log(engine.name, calls, loss(tf.ones([2])).dataSync()[0]);`;
  const env = { ...process.env, CADERNO_ENGINE: "wasm" };
  const out = execFileSync(process.execPath, ["--import", "tsx", "-e", code], {
    env,
    encoding: "utf8",
  });
  assert.match(out, /wasm 3 6/);
});

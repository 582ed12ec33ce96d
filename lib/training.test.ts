import assert from "node:assert/strict";
import { test } from "node:test";
import { batches } from "./datasets/batches";
import { adam, sgd } from "./optimizers";
import { seeded } from "./random";
import { tf } from "./tensor";
import { assertClose } from "./testing";
import { fit, trainingRun, type FitOptions, type Moment } from "./training";

const x = tf.tensor2d(Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]));
const y = tf.tidy(() => tf.add(tf.matMul(x, tf.tensor2d([[2], [-1]])), 0.5) as tf.Tensor2D);

/** Uma regressão linear que soma ruído da fonte aos dados: tudo o que um treino pode levar. */
function linear(learningRate = 0.05) {
  const w = tf.variable(tf.zeros([2, 1]));
  const b = tf.variable(tf.zeros([1]));
  const variables = [w, b];
  const optimizer = adam({ learningRate });
  const noise = seeded("ruído");
  const run = trainingRun({ variables, optimizers: [optimizer], sources: { noise } });
  const loss = (x: tf.Tensor, y: tf.Tensor) =>
    tf.mean(tf.square(tf.sub(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b), tf.add(y, noise() / 100)))) as tf.Scalar; // prettier-ignore
  const step = ([x, y]: [tf.Tensor2D, tf.Tensor2D]) => ({
    perda: optimizer.minimize(() => loss(x, y), variables),
  });
  const options = (more: Partial<FitOptions<[tf.Tensor2D, tf.Tensor2D]>> = {}) => ({
    epochs: 3,
    batches: (epoch: number): Iterable<[tf.Tensor2D, tf.Tensor2D]> =>
      batches([x, y], 16, seeded(`lotes/${epoch}`)),
    step,
    ...more,
  });
  const weights = () => variables.flatMap((v) => [...v.dataSync()]);
  return { run, variables, optimizer, step, options, weights };
}

async function uninterrupted() {
  const model = linear();
  const before = tf.memory().numTensors;
  await fit(model.run, model.options());
  kept = tf.memory().numTensors - before;
  return { weights: model.weights(), history: model.run.history };
}

/** Quantos tensores um treino sem parada deixa: as médias do otimizador, onde elas são tensores. */
let kept = 0;

test("fit aprende, e o histórico é a média dos lotes de cada época", async () => {
  const model = linear(0.2);
  const seen: number[] = [];
  const history = await fit(
    model.run,
    model.options({ epochs: 60, callbacks: [{ onStepEnd: (_, __, { perda }) => { seen.push(perda); } }], onEpochEnd: (epoch) => ({ época: epoch }) }), // prettier-ignore
  );
  assertClose(model.weights(), [2, -1, 0.5], 0.02);
  assert.equal(history.length, 60);
  assert.equal(history[7].época, 7);
  assertClose([history[7].perda], [(seen[21] + seen[22] + seen[23]) / 3], 1e-12);
  assert.equal(model.run.progress.step, 180);
});

test("dois treinos iguais são iguais até o último bit, e um completo volta na hora", async () => {
  const [a, b] = [await uninterrupted(), await uninterrupted()];
  assert.deepEqual(a, b);
  const model = linear();
  await fit(model.run, model.options());
  const again = await fit(model.run, model.options({ step: () => assert.fail("outro passo") }));
  assert.deepEqual(again, a.history);
});

for (const at of [0, 2, 3, 7, 8])
  test(`■ no passo ${at}: para no lote seguinte, e a célula de novo continua exatamente dali`, async () => {
    const whole = await uninterrupted();
    const model = linear();
    const listeners = process.listenerCount("SIGINT");
    const before = tf.memory().numTensors;
    const interrupt = {
      onStepEnd: ({ step }: Moment) => {
        if (step === at) process.kill(process.pid, "SIGINT");
      },
    };
    // Um passo de mais de 20 ms, para que fit passe a vez logo depois de cada um.
    const slow = { onStepBegin: () => busy(25) };
    await assert.rejects(fit(model.run, model.options({ callbacks: [interrupt, slow] })), {
      name: "Interrompido",
      message: /treino interrompido \(■\) na época \d.*rodar a célula de novo continua dali/,
    });
    assert.ok(model.run.progress.step - at <= 3, `parou no passo ${model.run.progress.step}`);
    assert.equal(process.listenerCount("SIGINT"), listeners);
    await fit(model.run, model.options());
    assert.deepEqual({ weights: model.weights(), history: model.run.history }, whole);
    assert.equal(tf.memory().numTensors - before, kept);
  });

test("um callback que falha, antes, depois do passo ou no fim da época, deixa o treino onde estava", async () => {
  const whole = await uninterrupted();
  for (const name of ["onStepBegin", "onStepEnd", "onEpochEnd"] as const) {
    const model = linear();
    let failures = 0;
    const failing = { [name]: () => { if (model.run.progress.step >= 4 && failures++ === 0) throw new Error("meu"); } }; // prettier-ignore
    const before = tf.memory().numTensors;
    await assert.rejects(fit(model.run, model.options({ callbacks: [failing] })), { message: "meu" }); // prettier-ignore
    await fit(model.run, model.options({ callbacks: [failing] }));
    assert.deepEqual({ weights: model.weights(), history: model.run.history }, whole);
    assert.equal(tf.memory().numTensors - before, kept);
  }
  const model = linear();
  let calls = 0;
  const onEpochEnd = (epoch: number) => {
    if (++calls === 2) throw new Error("avaliação");
    return { época: epoch };
  };
  await assert.rejects(fit(model.run, model.options({ onEpochEnd })), { message: "avaliação" });
  await fit(model.run, model.options({ onEpochEnd }));
  assert.deepEqual(model.weights(), whole.weights);
  assert.deepEqual(model.run.history.map(({ época }) => época), [0, 1, 2]); // prettier-ignore
});

test("um passo que falha antes de mudar os pesos é repetido com as mesmas fontes", async () => {
  const whole = await uninterrupted();
  const model = linear();
  let failed = false;
  const step = model.step;
  await assert.rejects(
    fit(model.run, model.options({
      step: (batch, at) => {
        if (at.step === 4 && !failed) {
          failed = true;
          model.run.sources.noise();
          throw new Error("meu");
        }
        return step(batch);
      },
    })),
    { message: "meu" },
  ); // prettier-ignore
  await fit(model.run, model.options());
  assert.deepEqual({ weights: model.weights(), history: model.run.history }, whole);
});

test("perda NaN ou infinita: para dizendo o passo, o lote e o que fazer", async () => {
  await uninterrupted();
  for (const bad of [NaN, Infinity]) {
    const model = linear();
    const step = model.step;
    const failing = model.options({
      step: (batch, at) => (at.step === 4 ? { perda: tf.scalar(bad) } : step(batch)),
    });
    const before = tf.memory().numTensors;
    await assert.rejects(fit(model.run, failing), {
      name: "RangeError",
      message:
        /fit: perda = (NaN|Infinity) no passo 4 \(época 2, lote 1\).*divida-a por 10.*clipNorm/,
    });
    assert.equal(model.run.progress.step, 4);
    assert.equal(tf.memory().numTensors - before, kept);
  }
  const exploding = linear();
  exploding.optimizer.learningRate = 1e30;
  await assert.rejects(fit(exploding.run, exploding.options()), /perda = (NaN|Infinity) no passo/);
});

test("dados que não servem são recusados antes do primeiro passo, e nada fica na memória", async () => {
  const row = (n: number) => tf.zeros([n, 2]) as tf.Tensor2D;
  const column = (n: number) => tf.zeros([n, 1]) as tf.Tensor2D;
  type Pair = [tf.Tensor2D, tf.Tensor2D];
  const cases: [string, () => Iterable<Pair> | AsyncIterable<Pair>, RegExp][] = [
    ["linhas", () => [[row(4), column(3)]], /mesmo número de linhas .*recebi \[4,2\] e \[3,1\]/],
    ["sem lotes", () => [], /ao menos um lote na época 1, recebi nenhum/],
    ["lote vazio", () => [[row(0), column(0)]], /ao menos uma linha, recebi \[0,2\] e \[0,1\]/],
    ["NaN", () => [[tf.tensor2d([[1, NaN]]), column(1)]], /tensor 0 do primeiro lote, \[1,2\], tem NaN/], // prettier-ignore
    ["forma", () => [[tf.zeros([4, 3]), column(4)]], /primeiro passo recusou um lote de formas \[4,3\] e \[4,1\], e nada foi treinado/], // prettier-ignore
    ["não tensores", () => [[1, 2] as unknown as Pair], /esperava lotes de tensores/],
    ["assíncrono", async function* () { yield [row(4), column(3)] as Pair; }, /mesmo número de linhas/], // prettier-ignore
  ];
  for (const [name, data, message] of cases) {
    const model = linear();
    const before = tf.memory().numTensors;
    await assert.rejects(fit(model.run, model.options({ batches: data })), message, name);
    assert.deepEqual(model.weights(), [0, 0, 0], name);
    assert.equal(model.run.progress.step, 0);
    assert.equal(tf.memory().numTensors, before, name);
    await fit(model.run, model.options());
    assert.deepEqual(model.weights(), (await uninterrupted()).weights, name); // nem a fonte andou
  }
});

test("fit recusa um passo que não devolve escalares", async () => {
  const cases: [unknown, RegExp][] = [
    [{ perda: tf.zeros([2]) }, /perda fosse um escalar, recebi \[2\]/],
    [Promise.resolve({ perda: 1 }), /sem async/],
    [undefined, /números por nome/],
    [{ perda: "1" }, /recebi string/],
  ];
  for (const [value, message] of cases) {
    const model = linear();
    await assert.rejects(fit(model.run, model.options({ step: () => value as never })), message);
  }
  assert.throws(() => trainingRun({ variables: [], optimizers: [] }), /ao menos uma variável/);
  const model = linear();
  await assert.rejects(fit(model.run, model.options({ epochs: 0 })), /epochs deve ser um inteiro/);
});

test("um lote feito antes de fit continua de quem o fez; um assíncrono treina igual", async () => {
  const whole = linear();
  const rows: [tf.Tensor2D, tf.Tensor2D] = [x, y];
  await fit(whole.run, whole.options({ batches: () => [rows] }));
  assert.ok(!x.isDisposed && !y.isDisposed);
  const model = linear();
  await fit(model.run, model.options({ batches: async function* () { yield rows; } })); // prettier-ignore
  assert.deepEqual(model.weights(), whole.weights());
});

test("as duas mudanças de uma GAN cabem em um passo", async () => {
  const [g, d] = [tf.scalar(1).variable(), tf.scalar(1).variable()];
  const optimizers = [sgd({ learningRate: 0.1 }), sgd({ learningRate: 0.1 })];
  const run = trainingRun({ variables: [g, d], optimizers });
  const [history] = await fit(run, {
    epochs: 1,
    batches: () => [tf.ones([4, 1])],
    step: (batch) => ({
      discriminador: optimizers[0].minimize(() => tf.mean(tf.mul(batch, tf.mul(d, g))), [d]),
      gerador: optimizers[1].minimize(() => tf.mul(d, g) as tf.Scalar, [g]),
    }),
  });
  // d ← 1 − 0,1·g = 0,9; depois g ← 1 − 0,1·d = 0,91.
  assertClose([d.dataSync()[0], g.dataSync()[0]], [0.9, 0.91], 1e-6);
  assertClose([history.discriminador, history.gerador], [1, 0.9], 1e-6);
});

test("mil passos: nenhum tensor a mais, e a memória do processo fica plana", async () => {
  const wide = tf.zeros([100, 250]) as tf.Tensor2D;
  const w = tf.variable(tf.zeros([250, 10]));
  const optimizer = adam();
  const run = trainingRun({ variables: [w], optimizers: [optimizer] });
  const train = (epochs: number) =>
    fit(run, {
      epochs,
      batches: (epoch) => batches(wide, 50, seeded(`mil/${epoch}`)),
      step: (x) => ({
        perda: optimizer.minimize(() => tf.sum(tf.matMul(x, w as tf.Tensor2D)) as tf.Scalar, [w]),
      }),
    });
  const rss = () => process.memoryUsage().rss / 2 ** 20;
  await train(500); // aquece: o coletor do V8 e o alocador do TensorFlow tomam o seu
  const [tensors, memory] = [tf.memory().numTensors, rss()];
  await train(1000);
  const grown = rss() - memory;
  assert.equal(run.progress.step, 2000);
  assert.equal(tf.memory().numTensors, tensors);
  // Um lote tem 50 kB: se ficassem os mil, seriam 50 MB.
  assert.ok(grown < 25, `RSS cresceu ${grown.toFixed(1)} MB`);
});

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { adam } from "./optimizers";
import { cosine, scheduled } from "./schedule";
import { tf } from "./tensor";
import { assertClose } from "./testing";
import { fit, trainingRun } from "./training";

test("cosine: a forma fechada no começo, no quarto, no meio e no fim", () => {
  const rate = cosine({ peak: 2, steps: 100 });
  // (1 + cos π/4)/2 = (2 + √2)/4
  assertClose([0, 25, 50, 75].map(rate), [2, (2 + Math.SQRT2) / 2, 1, (2 - Math.SQRT2) / 2], 1e-12);
  assert.ok(rate(99) > 0 && rate(99) < 0.001);
  assert.equal(rate(500), rate(99));
});

test("cosine: o aquecimento sobe em linha reta até o topo, e dali desce sempre", () => {
  const rate = cosine({ peak: 1, steps: 50, warmup: 10 });
  assertClose([0, 4, 9, 10, 30].map(rate), [0.1, 0.5, 1, 1, 0.5], 1e-12);
  for (let step = 11; step < 50; step++) assert.ok(rate(step) < rate(step - 1));
});

test("scheduled: cada passo usa a sua taxa", async () => {
  const w = tf.variable(tf.scalar(1));
  const optimizer = adam();
  const rates: number[] = [];
  await fit(trainingRun({ variables: [w], optimizers: [optimizer] }), {
    epochs: 2,
    batches: () => [tf.ones([1]), tf.ones([1])],
    step: () => {
      rates.push(optimizer.learningRate);
      return { perda: optimizer.minimize(() => tf.square(w) as tf.Scalar, [w]) };
    },
    callbacks: [scheduled(optimizer, cosine({ peak: 0.1, steps: 4, warmup: 2 }))],
  });
  assertClose(rates, [0.05, 0.1, 0.1, 0.05], 1e-12);
});

test("cosine recusa o que não serve", () => {
  assert.throws(() => cosine({ peak: 0, steps: 10 }), /peak deve ser > 0/);
  assert.throws(() => cosine({ peak: 1, steps: 5, warmup: 5 }), /steps deve ser um inteiro ≥ 6/);
});

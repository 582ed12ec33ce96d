import assert from "node:assert/strict";
import { test } from "node:test";
import { ema } from "./ema";
import { tf } from "./tensor";
import { assertClose } from "./testing";
import { trainingRun } from "./training";

const at = { epoch: 0, batch: 0, step: 0 };

test("ema: depois de n passos com pesos parados, m = dⁿ·w₀ + (1 − dⁿ)·w₁", () => {
  const w = tf.variable(tf.tensor1d([1, -2]));
  const average = ema([w], 0.9);
  const run = trainingRun({ variables: [w], optimizers: [] });
  w.assign(tf.tensor1d([3, 4]));
  const before = tf.memory().numTensors;
  for (let n = 0; n < 20; n++) average.onStepEnd?.(at, run, {});
  const d = 0.9 ** 20;
  assertClose(average.variables[0].dataSync(), [d + 3 * (1 - d), -2 * d + 4 * (1 - d)], 1e-5);
  assert.equal(tf.memory().numTensors, before);
});

test("ema.use: as médias no lugar dos pesos, que voltam, também depois de um erro", () => {
  const w = tf.variable(tf.scalar(1));
  const average = ema([w], 0.5);
  w.assign(tf.scalar(7));
  const before = tf.memory().numTensors;
  assert.equal(average.use(() => w.dataSync()[0]), 1); // prettier-ignore
  assert.equal(w.dataSync()[0], 7);
  assert.throws(() => average.use(() => { throw new Error("meu"); }), /meu/); // prettier-ignore
  assert.throws(() => average.use(async () => 1), /sem async/);
  assert.equal(w.dataSync()[0], 7);
  assert.equal(average.variables[0].dataSync()[0], 1);
  assert.equal(tf.memory().numTensors, before);
});

test("ema recusa o que não serve", () => {
  const w = tf.variable(tf.scalar(1));
  for (const decay of [1, -0.1, NaN]) assert.throws(() => ema([w], decay), RangeError);
  assert.throws(() => ema([], 0.9), TypeError);
});

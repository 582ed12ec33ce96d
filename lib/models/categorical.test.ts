import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "../random";
import { tf } from "../tensor";
import { sampleCategorical } from "./categorical";

test("sampleCategorical: as frequências de softmax, a menos de quatro erros-padrão, e se repete", () => {
  const n = 20_000;
  const chances = [0.1, 0.6, 0.3];
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const logits = tf.tile(tf.log(tf.tensor1d(chances)).reshape([1, 1, 3]), [n / 4, 4, 1]);
    const drawn = sampleCategorical(tf.add(logits, 5), seeded("a"));
    assert.deepEqual([drawn.shape, drawn.dtype], [[n / 4, 4], "int32"]);
    const values = Array.from(drawn.dataSync());
    chances.forEach((p, k) => {
      const share = values.filter((v) => v === k).length / n;
      assert.ok(Math.abs(share - p) < 4 * Math.sqrt((p * (1 - p)) / n), `${k}: ${share}`);
    });
    assert.deepEqual(Array.from(sampleCategorical(logits, seeded("a")).dataSync()), values);
    assert.notDeepEqual(Array.from(sampleCategorical(logits, seeded("b")).dataSync()), values);
  });
  assert.equal(tf.memory().numTensors, before);
  assert.throws(() => sampleCategorical(tf.scalar(1), seeded("a")), /esperava logits/);
});

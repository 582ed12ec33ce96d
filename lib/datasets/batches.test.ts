import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "../random";
import { tf } from "../tensor";
import { batches } from "./batches";

test("batches: cada linha uma vez, x e y juntos, o último menor, e nenhum tensor fica", () => {
  const x = tf.tensor2d(Array.from({ length: 20 }, (_, i) => [i, -i]));
  const y = tf.tensor1d(Array.from({ length: 20 }, (_, i) => i), "int32"); // prettier-ignore
  const before = tf.memory().numTensors;
  const lots = batches([x, y], 8, seeded("lotes"));
  const sizes: number[] = [];
  const seen: number[] = [];
  for (const [bx, by] of lots) {
    sizes.push(bx.shape[0]);
    const labels = [...by.dataSync()];
    assert.deepEqual([...bx.dataSync()], labels.flatMap((i) => [i, -i])); // prettier-ignore
    seen.push(...labels);
    tf.dispose([bx, by]);
  }
  assert.equal(lots.length, 3);
  assert.deepEqual(sizes, [8, 8, 4]);
  assert.notDeepEqual(seen.slice(0, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...seen].sort((a, b) => a - b), [...y.dataSync()]); // prettier-ignore
  assert.equal(tf.memory().numTensors, before);
  tf.dispose([x, y]);
});

test("batches: um tensor só dá tensores; a mesma fonte repete a ordem", () => {
  const x = tf.range(0, 10);
  const order = (name: string) => [...batches(x, 3, seeded(name))].flatMap((batch) => [...batch.dataSync()]); // prettier-ignore
  assert.deepEqual(order("a"), order("a"));
  assert.notDeepEqual(order("a"), order("b"));
});

test("batches recusa o que não serve", () => {
  const source = seeded("erros");
  const x = tf.zeros([4, 2]);
  const refuses = (run: () => unknown, name: string, message: RegExp) =>
    assert.throws(run, { name, message });
  refuses(() => batches([x, tf.zeros([3])], 2, source), "TypeError", /linhas .*recebi 4 e 3/);
  refuses(() => batches(x, 0, source), "RangeError", /batchSize deve ser um inteiro ≥ 1/);
  refuses(() => batches(tf.zeros([0, 2]), 2, source), "TypeError", /ao menos uma linha/);
  refuses(() => batches([], 2, source), "TypeError", /ao menos um tensor/);
  for (const bad of [NaN, Infinity])
    refuses(() => batches([x, tf.tensor1d([0, 1, bad, 3])], 2, source), "RangeError", /tensor 1 \[4\] tem NaN/); // prettier-ignore
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { dropout } from "./dropout";
import { seeded } from "../random";
import { tf } from "../tensor";
import { assertClose } from "../testing";

test("dropout: fração zerada, os outros divididos por 1 − rate, média conservada", () => {
  const y = tf.tidy(() => dropout(tf.ones([500, 400]), 0.3, seeded("dropout/fração")).dataSync());
  const zeros = y.filter((value) => value === 0).length;
  assert.ok(Math.abs(zeros / 200_000 - 0.3) < 4 * Math.sqrt((0.3 * 0.7) / 200_000)); // quatro desvios
  assert.deepEqual([...new Set(y)].sort(), [0, Math.fround(1 / 0.7)]);
});

test("dropout: posições vizinhas são independentes", () => {
  const y = tf.tidy(() => dropout(tf.ones([200_000]), 0.5, seeded("dropout/pares")).dataSync());
  for (const lag of [1, 2, 3, 64]) {
    let both = 0;
    for (let i = lag; i < y.length; i++) if (y[i] > 0 && y[i - lag] > 0) both++;
    assert.ok(Math.abs(both / (y.length - lag) - 0.25) < 0.005, `distância ${lag}: ${both}`);
  }
});

test("dropout: a mesma fonte repete as máscaras, e cada chamada faz outra", () => {
  const draw = (name: string) => {
    const source = seeded(name);
    return tf.tidy(() => [1, 2].map(() => [...dropout(tf.ones([64]), 0.5, source).dataSync()]));
  };
  assert.deepEqual(draw("dropout/a"), draw("dropout/a"));
  assert.notDeepEqual(draw("dropout/a"), draw("dropout/b"));
  assert.notDeepEqual(draw("dropout/a")[0], draw("dropout/a")[1]);
});

test("dropout: o gradiente é a máscara; rate 0 não muda nada; nada fica na memória", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.linspace(1, 2, 50);
    const ratio = tf.div(dropout(x, 0.4, seeded("g")), x).dataSync();
    const gradient = tf
      .grad((z) => tf.sum(dropout(z, 0.4, seeded("g"))))(x)
      .dataSync();
    assertClose(gradient, ratio, 1e-6);
    assert.deepEqual(dropout(x, 0, seeded("g")).dataSync(), x.dataSync());
  });
  assert.equal(tf.memory().numTensors, before);
});

test("dropout: recusa rate fora de [0, 1)", () => {
  for (const rate of [-0.1, 1, NaN])
    assert.throws(() => dropout(tf.ones([2]), rate, seeded("r")), {
      name: "RangeError",
      message: `dropout: rate deve estar em [0, 1), recebi ${rate}`,
    });
});

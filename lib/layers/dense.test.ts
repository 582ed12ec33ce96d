import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "../random";
import { tf } from "../tensor";
import { assertClose } from "../testing";
import { denseNetwork } from "./dense";
import { heNormal, stateOf, variablesOf } from "./weights";

const values = (network: tf.LayersModel) => variablesOf(network).map((v) => [...v.dataSync()]);

test("denseNetwork: a conta é a das camadas, com ReLU entre elas e a última linear", () => {
  const network = denseNetwork([3, 8, 6], seeded("dense/conta"));
  const x = [[0.5, -1, 2]];
  const [W1, b1, W2, b2] = variablesOf(network);
  const byHand = tf.tidy(() => {
    const h = tf.maximum(tf.add(tf.matMul(tf.tensor2d(x), W1 as tf.Tensor2D), b1), 0);
    return [...tf.add(tf.matMul(h as tf.Tensor2D, W2 as tf.Tensor2D), b2).dataSync()];
  });
  const output = tf.tidy(() => [...(network.predict(tf.tensor2d(x)) as tf.Tensor).dataSync()]);
  assertClose(output, byHand, 1e-6);
  assert.ok(byHand.some((value) => value < 0), "a saída não passa por ReLU"); // prettier-ignore
  network.dispose();
});

test("denseNetwork: a mesma fonte dá os mesmos pesos, e cada camada tira os seus", () => {
  const [a, b, c] = ["x", "x", "y"].map((name) => denseNetwork([5, 5, 5], seeded(`dense/${name}`)));
  assert.deepEqual(values(a), values(b));
  assert.notDeepEqual(values(a), values(c));
  const [W1, , W2] = values(a);
  assert.notDeepEqual(W1, W2);
  for (const network of [a, b, c]) network.dispose();
});

test("heNormal: variância de 2 / entradas, em uma camada grande", () => {
  const network = denseNetwork([400, 500, 1], seeded("dense/he"));
  const [weights, biases] = values(network);
  const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
  // 0,77374 é a variância da normal padrão truncada em ±2 (scipy.stats.truncnorm). A de n sorteios erra menos de √(2/n), relativa:
  // aqui 0,3 %; aceito cinco vezes isso.
  assert.ok(Math.abs(variance / (0.77374 * (2 / 400)) - 1) < 0.016, `variância ${variance}`);
  assert.ok(biases.every((bias) => bias === 0));
  network.dispose();
});

test("stateOf tem também as médias da normalização; variablesOf, só o que se treina", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 3, kernelInitializer: heNormal(seeded("dense/bn")) }),
      tf.layers.batchNormalization(),
    ],
  }); // prettier-ignore
  assert.equal(variablesOf(model).length, 4); // pesos, vieses, gamma, beta
  assert.equal(stateOf(model).length, 6);
  assert.equal(variablesOf(model, model).length, 8);
  model.dispose();
});

test("denseNetwork: recusa tamanhos que não são uma rede", () => {
  const source = seeded("dense/erro");
  assert.throws(() => denseNetwork([3], source), /ao menos dois tamanhos, .* recebi 1/);
  assert.throws(() => denseNetwork([3, 0, 1], source), /tamanho 1 deve ser um inteiro ≥ 1, recebi 0/);
  assert.throws(() => denseNetwork([3, 2.5], source), /recebi 2.5/);
}); // prettier-ignore

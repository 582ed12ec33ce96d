import assert from "node:assert/strict";
import { test } from "node:test";
import { denseNetwork } from "../layers/dense";
import { seeded } from "../random";
import { tf } from "../tensor";
import { activeUnits, elbo, encode, iwaeBound, klToPrior, logWeights, reparametrize, samplePrior, standardNoise, type Vae } from "./vae"; // prettier-ignore

const near = (value: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value}, esperava ${expected}`);

/**
 * Um VAE linear de uma dimensão: z ~ N(0, 1), x | z ~ N(a·z, s²), e portanto x ~ N(0, a² + s²) e z | x ~ N(a·x/(a² + s²),
 * s²/(a² + s²)). O codificador dá μ = slope·x e log σ² = logVar.
 */
const [a, s] = [1.5, 0.7];
const total = a * a + s * s;
const exact = (x: number) => -0.5 * (Math.log(2 * Math.PI * total) + (x * x) / total);
function linear(slope: number, logVar: number): Vae {
  const encoder = denseNetwork([1, 2], seeded("vae/linear"));
  encoder.setWeights([tf.tensor2d([[slope, 0]]), tf.tensor1d([0, logVar])]);
  const decoder = denseNetwork([1, 1], seeded("vae/linear"));
  decoder.setWeights([tf.tensor2d([[a]]), tf.tensor1d([0])]);
  return { encoder, decoder };
}
const gaussian = (x: tf.Tensor, mean: tf.Tensor) =>
  tf.sum(tf.sub(tf.div(tf.squaredDifference(x, mean), -2 * s * s), 0.5 * Math.log(2 * Math.PI * s * s)), 1); // prettier-ignore
const xs = [-2, -0.3, 0.5, 3];
const x = tf.tensor2d(xs.map((value) => [value]));

test("com o q exato, o peso é log p(x) em qualquer sorteio", () => {
  const vae = linear(a / total, Math.log((s * s) / total));
  const values = tf.tidy(() =>
    logWeights(vae, x, standardNoise([4, 1], seeded("vae/exato")), gaussian).dataSync(),
  );
  values.forEach((value, i) => near(value, exact(xs[i]), 1e-5));
});

test("com o q exato, a ELBO média é log p(x), a menos do erro do sorteio", () => {
  const vae = linear(a / total, Math.log((s * s) / total));
  const n = 20_000;
  const many = tf.fill([n, 1], xs[3]);
  const noise = standardNoise([n, 1], seeded("vae/elbo"));
  const values = tf.tidy(() => Array.from(elbo(vae, many, noise, gaussian).dataSync()));
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  near(mean, exact(xs[3]), 5 * Math.sqrt(variance / n));
});

test("com outro q, a ELBO fica abaixo, pela distância KL, e o IWAE sobe com k até log p(x)", () => {
  const vae = linear(0.2, Math.log(0.5));
  const n = 2000;
  const many = tf.fill([n, 1], 1);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / n;
  const [mu, variance] = [a / total, (s * s) / total];
  // KL(N(0,2; 0,5) ‖ q exato), pela fórmula fechada.
  const gap = 0.5 * (Math.log(variance / 0.5) + (0.5 + (0.2 - mu) ** 2) / variance - 1);
  const bounds = [1, 4, 16, 256].map((k) =>
    mean(iwaeBound(vae, many, k, seeded(`vae/iwae/${k}`), gaussian)),
  );
  near(bounds[0], exact(1) - gap, 0.1);
  for (let i = 1; i < bounds.length; i++) assert.ok(bounds[i] > bounds[i - 1], String(bounds));
  near(bounds[3], exact(1), 0.01);
});

test("o KL é o da fórmula: zero na priori, ½μ² com σ = 1, e a média de log q − log p", () => {
  const code = (mean: number[], logVar: number[]) => ({ mean: tf.tensor2d([mean]), logVar: tf.tensor2d([logVar]) }); // prettier-ignore
  near(klToPrior(code([0, 0], [0, 0])).dataSync()[0], 0, 1e-7);
  near(klToPrior(code([3, -1], [0, 0])).dataSync()[0], 5, 1e-6);
  const [mu, logVar, n] = [0.8, -1.2, 100_000];
  const z = standardNoise([n], seeded("vae/kl")).dataSync();
  const ratios = Array.from(z, (e) => {
    const at = mu + Math.exp(logVar / 2) * e;
    return -0.5 * (e * e + logVar) + 0.5 * at * at;
  });
  const average = ratios.reduce((sum, v) => sum + v, 0) / n;
  const deviation = Math.sqrt(ratios.reduce((sum, v) => sum + (v - average) ** 2, 0) / n);
  near(klToPrior(code([mu], [logVar])).dataSync()[0], average, (5 * deviation) / Math.sqrt(n));
});

test("o gradiente passa pelo sorteio: diferenças finitas da média e da log-variância", () => {
  const noise = standardNoise([64, 2], seeded("vae/gradiente"));
  const value = (mean: tf.Tensor, logVar: tf.Tensor) =>
    tf.mean(tf.sin(reparametrize({ mean, logVar } as never, noise))) as tf.Scalar;
  const at = [tf.fill([64, 2], 0.4), tf.fill([64, 2], -0.6)] as const;
  const gradients = tf.grads(value as never)([...at]);
  for (const which of [0, 1]) {
    const step = 1e-2;
    const moved = (sign: number) => {
      const args = at.map((t, i) => (i === which ? tf.add(t, sign * step) : t));
      return value(args[0], args[1]).dataSync()[0];
    };
    near(tf.sum(gradients[which]).dataSync()[0], (moved(1) - moved(-1)) / (2 * step), 1e-3);
  }
});

test("β pesa só o KL", () => {
  const vae = linear(0.2, Math.log(0.5));
  const noise = standardNoise([4, 1], seeded("vae/beta"));
  const [one, four] = [1, 4].map((beta) => elbo(vae, x, noise, gaussian, beta).dataSync());
  const kl = klToPrior(encode(vae, x)).dataSync();
  kl.forEach((value, i) => near(one[i] - four[i], 3 * value, 1e-5));
});

test("ativas são as coordenadas que variam de uma imagem para outra", () => {
  const encoder = denseNetwork([2, 6], seeded("vae/ativas"));
  // Médias: 2·x₁, 0,05·x₂ e 7; x tem variância ¼ em cada coordenada.
  encoder.setWeights([tf.tensor2d([2, 0, 0, 0, 0, 0, 0, 0.05, 0, 0, 0, 0], [2, 6]), tf.tensor1d([0, 0, 7, 0, 0, 0])]); // prettier-ignore
  const vae = { encoder, decoder: denseNetwork([3, 2], seeded("vae/ativas")) };
  assert.deepEqual(activeUnits(vae, tf.tensor2d([[0, 0], [1, 1], [0, 1], [1, 0]])), [0]); // prettier-ignore
});

test("sorteios da priori: a forma, a repetição e os momentos do modelo linear", () => {
  const vae = linear(0, 0);
  const draw = () => Array.from(samplePrior(vae, 20_000, seeded("vae/priori")).dataSync());
  const values = draw();
  assert.deepEqual(draw(), values);
  const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
  near(variance, a * a, 5 * a * a * Math.sqrt(2 / values.length));
});

test("erros, e nenhum tensor para trás", () => {
  const vae = linear(0.2, 0);
  const odd = { ...vae, encoder: denseNetwork([1, 3], seeded("vae/ímpar")) };
  assert.throws(() => encode(odd, x), { name: "TypeError", message: /lado a lado.*deu \[4,3\]/ });
  assert.throws(() => iwaeBound(vae, x, 0, seeded("vae"), gaussian), /iwaeBound: k/);
  const column = (x: tf.Tensor, mean: tf.Tensor) => tf.reshape(gaussian(x, mean), [-1, 1]);
  assert.throws(() => elbo(vae, x, tf.zeros([4, 1]), column), /por imagem, \[4\], e deu \[4,1\]/);
  assert.throws(() => samplePrior(vae, 1.5, seeded("vae")), /samplePrior: n/);
  iwaeBound(vae, x, 3, seeded("vae"), gaussian);
  const before = tf.memory().numTensors;
  iwaeBound(vae, x, 3, seeded("vae"), gaussian);
  activeUnits(vae, x);
  samplePrior(vae, 2, seeded("vae")).dispose();
  assert.equal(tf.memory().numTensors, before);
});

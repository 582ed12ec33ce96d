import assert from "node:assert/strict";
import { test } from "node:test";
import { digits8, digits8Split } from "../datasets/digits8";
import { split } from "../datasets/labelledImages";
import { seeded, type Source } from "../random";
import { tf } from "../tensor";
import { normal } from "../distributions";
import { accuracy } from "./score";
import { frechetDistance, frechetInterval } from "./frechet";
import { digitJudge } from "./judge";
import { memorization, nearestSquared, precisionRecall } from "./neighbours";
import { classVariation, reference, sampleQuality } from "./sampleQuality";

const near = (value: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value}, esperava ${expected}`);

test("frechetDistance: o valor do scipy (numpy.cov, scipy.linalg.sqrtm)", () => {
  const A = [[1, 2, 0], [3, 1, 4], [0, 5, 2], [2, 2, 2], [4, 0, 1], [1, 3, 5]]; // prettier-ignore
  const B = [
    [2, 1, 1],
    [0, 4, 3],
    [5, 2, 0],
    [3, 3, 3],
    [1, 0, 2],
  ];
  near(frechetDistance(A, B), 3.788003801915479, 1e-9);
});

test("frechetDistance: em uma dimensão, (μ₁ − μ₂)² + (σ₁ − σ₂)², e zero consigo mesma", () => {
  const A = [[0], [2], [4]]; // média 2, desvio 2
  const B = [[5], [6], [7]]; // média 6, desvio 1
  near(frechetDistance(A, B), 16 + 1, 1e-9);
  near(frechetDistance(A, A), 0, 1e-9);
});

test("frechetInterval: contém a distância, com a largura da teoria", () => {
  const draw = (mean: number, name: string) => {
    const source = seeded(name);
    return Array.from({ length: 2000 }, () => [normal(mean, 1).sample(source)]);
  };
  const [A, B] = [draw(1, "a"), draw(0, "b")];
  const [low, high] = frechetInterval(A, B, seeded("c"), { repeats: 400 });
  const distance = frechetDistance(A, B);
  assert.ok(low < distance && distance < high, `${low} < ${distance} < ${high}`);
  // Perto de (μ₁ − μ₂)², cuja derivada é 2·(μ₁ − μ₂), e o erro-padrão da média é 1/√2000.
  const width = (3.92 * 2 * Math.sqrt(distance)) / Math.sqrt(2000);
  near(high - low, width, 0.2 * width);
});

test("precisionRecall: à mão, em uma reta", () => {
  // Bolas de k = 1: em 0 e em 1 o raio é 1; em 10, 9; nas amostras, ½, ½ e 4.
  const real = [[0], [1], [10]];
  assert.deepEqual(precisionRecall(real, [[-0.5], [-1], [-5]], { k: 1 }), { precision: 2 / 3, recall: 1 / 3 }); // prettier-ignore
  assert.deepEqual(precisionRecall(real, real, { k: 1 }), { precision: 1, recall: 1 });
  assert.throws(() => precisionRecall(real, real, { k: 3 }), /precisionRecall: k/);
});

test("memorization: treino 100 %, teste perto de 5 %", () => {
  const { train, test } = reference();
  assert.equal(memorization(train, train, test), 1);
  near(memorization(test, train, test), 0.05, 0.003);
  assert.equal(nearestSquared([[0, 0]], [[3, 4], [6, 8]])[0], 25); // prettier-ignore
});

test("classVariation: 0 em partes iguais, 0,9 numa classe só", () => {
  near(classVariation(Array.from({ length: 50 }, (_, i) => i % 10)), 0, 1e-12);
  near(classVariation([3, 3, 3]), 0.9, 1e-12);
});

test("o juiz acerta ao menos 96 % do teste, e se repete", () => {
  const { test } = split(digits8(), digits8Split);
  const images = reference().test;
  const judge = digitJudge();
  assert.ok(accuracy(judge.predict(images), test.labels) >= 0.96);
  assert.equal(judge.features(images)[0].length, 64);
  const before = tf.memory().numTensors;
  judge.features(images);
  assert.equal(tf.memory().numTensors, before);
  const features = judge.features(images)[7];
  judge.dispose();
  assert.ok(tf.memory().numTensors < before);
  assert.deepEqual(digitJudge().features(images)[7], features);
  assert.equal(tf.memory().numTensors, before);
});

const { train, test: testImages } = reference();

/** Controles de qualidade conhecida, mil imagens de cada. */
function controls(source: Source) {
  const pick = (n: number) => Math.floor(n * source());
  const each = (f: (k: number) => number) =>
    Array.from({ length: 1000 }, () => Float32Array.from({ length: 64 }, (_, k) => f(k)));
  return {
    test: testImages,
    train,
    blurred: train.map(blurred),
    independent: each((k) => train[pick(1000)][k]),
    noise: each(() => pick(17)),
  };
}

/** Cada pixel, a média dos nove em volta. */
function blurred(image: Float32Array): Float32Array {
  return image.map((_, k) => {
    const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [(k >> 3) + dy, (k & 7) + dx])); // prettier-ignore
    const inside = around.filter(([y, x]) => y >= 0 && y < 8 && x >= 0 && x < 8);
    return inside.reduce((sum, [y, x]) => sum + image[8 * y + x], 0) / inside.length;
  });
}

test("as medidas põem os controles na ordem certa", () => {
  const sets = controls(seeded("evaluation/controles"));
  const quality = Object.fromEntries(
    Object.entries(sets).map(([name, samples]) => [name, sampleQuality(samples)]),
  ) as Record<keyof ReturnType<typeof controls>, ReturnType<typeof sampleQuality>>;
  const { test, train, blurred, independent, noise } = quality;
  // O teste consigo mesmo: o melhor que há em tudo.
  near(test.frechet, 0, 1e-3);
  assert.deepEqual([test.precision, test.recall], [1, 1]);
  // O treino é o piso; o que não são dígitos fica muito acima dele.
  for (const worse of [blurred, independent, noise]) {
    assert.ok(worse.frechet > 5 * train.frechet);
    assert.ok(worse.precision < train.precision - 0.1);
    assert.ok(worse.recall < train.recall - 0.3);
    assert.ok(worse.classVariation > train.classVariation + 0.1);
    assert.ok(worse.memorized < 0.05);
  }
  assert.ok(independent.frechet < noise.frechet);
  assert.ok(independent.recall > noise.recall);
  assert.equal(train.memorized, 1);
  assert.ok(train.frechetInterval[0] < train.frechetInterval[1]);
});

test("sampleQuality recusa o que não são níveis de 0 a 16", () => {
  assert.throws(() => sampleQuality([new Float32Array(64).fill(17)]), /níveis de 0 a 16.*linha 0/);
  assert.throws(() => sampleQuality([[1, 2]]), TypeError);
});

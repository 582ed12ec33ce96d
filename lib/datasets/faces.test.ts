import assert from "node:assert/strict";
import { test } from "node:test";
import { PCA } from "../pca";
import { seeded } from "../random";
import { faceFactors, faceLandmarks, faceLines, faces, rotateFace } from "./faces";

const neutral = faceLandmarks([0, 0, 0]);
const change = [0, 1, 2].map((k) => {
  const factors = [0, 0, 0];
  factors[k] = 1;
  return faceLandmarks(factors).map((x, i) => x - neutral[i]);
});
const norm2 = (x: ArrayLike<number>) => Array.from(x).reduce((sum, v) => sum + v * v, 0);
const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-12) => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++)
    assert.ok(Math.abs(a[i] - b[i]) < tolerance, `${i}: ${a[i]} e ${b[i]}`);
};

test("um rosto são 100 medidas, lineares nos três fatores", () => {
  assert.equal(neutral.length, 100);
  assert.equal(faceFactors.length, 3);
  const face = faceLandmarks(Float64Array.of(0.5, -2, 1.5));
  close(face, neutral.map((x, i) => x + 0.5 * change[0][i] - 2 * change[1][i] + 1.5 * change[2][i])); // prettier-ignore
});

test("cada fator faz o que o nome diz", () => {
  const width = (face: Float64Array) => face[2 * 4] - face[2 * 12]; // pontos 4 e 12: os lados da cabeça
  const cornerOfMouth = (face: Float64Array) => face[2 * 40 + 1] - face[2 * 42 + 1]; // acima do meio do lábio de cima
  const openEye = (face: Float64Array) => face[2 * 17 + 1] - face[2 * 21 + 1];
  assert.ok(width(faceLandmarks([2, 0, 0])) > 1.2 * width(neutral));
  assert.ok(cornerOfMouth(faceLandmarks([0, 1, 0])) > cornerOfMouth(neutral));
  assert.ok(cornerOfMouth(faceLandmarks([0, -2, 0])) < 0);
  assert.ok(openEye(faceLandmarks([0, 0, 2])) > 1.4 * openEye(neutral));
  assert.ok(openEye(faceLandmarks([0, 0, -2.5])) > 0, "os olhos nunca viram do avesso");
});

test("os rostos medidos têm a média e a variância prometidas", () => {
  const n = 20_000;
  const source = seeded("faces/moments");
  const noise = 0.1;
  const model = faces(noise);
  const sums = new Float64Array(100);
  const squares = new Float64Array(100);
  for (let i = 0; i < n; i++) {
    model.sample(source).forEach((x, j) => {
      sums[j] += x - neutral[j];
      squares[j] += (x - neutral[j]) ** 2;
    });
  }
  for (let j = 0; j < 100; j++) {
    const variance = noise ** 2 + change.reduce((sum, c) => sum + c[j] ** 2, 0);
    assert.ok(Math.abs(sums[j] / n) < 5 * Math.sqrt(variance / n), `média de ${j}`);
    assert.ok(
      Math.abs(squares[j] / n - variance) < 5 * variance * Math.sqrt(2 / n),
      `variância de ${j}`,
    );
  }
});

test("a densidade é a do modelo linear gaussiano", () => {
  const noise = 0.07;
  const model = faces(noise);
  // log N(x; m, C), C = WWᵀ + σ²I: na média só |C| conta, = σ^(2·97) |σ²I₃ + WᵀW|
  const g = change.map((a) => change.map((b) => a.reduce((sum, v, i) => sum + v * b[i], 0)));
  const m = g.map((row, i) => row.map((v, j) => v + (i === j ? noise ** 2 : 0)));
  const determinant =
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  const atMean =
    -0.5 * (100 * Math.log(2 * Math.PI) + 194 * Math.log(noise) + Math.log(determinant));
  assert.ok(Math.abs(model.logDensity(neutral) - atMean) < 1e-8);
  // A média de log p nos sorteios é menos a entropia: atMean − 100/2, com variância 100/2.
  const source = seeded("faces/entropy");
  const n = 2_000;
  let total = 0;
  for (let i = 0; i < n; i++) total += model.logDensity(model.sample(source));
  assert.ok(Math.abs(total / n - (atMean - 50)) < 4 * Math.sqrt(50 / n), `${total / n}`);
});

test("três componentes principais explicam 95 % ou mais, e não tudo", () => {
  const source = seeded("faces/pca");
  const model = faces();
  const X = Array.from({ length: 2_000 }, () => model.sample(source));
  const share = PCA.fit(X, { nComponents: 3 }).explainedVarianceRatio.reduce((a, b) => a + b, 0);
  assert.ok(share > 0.95 && share < 0.99, `${share}`);
});

test("rotateFace gira em volta do meio e conserva as distâncias", () => {
  const face = faceLandmarks([1, -1, 0.5]);
  close(rotateFace(face, 0), face);
  close(rotateFace(face, Math.PI), face.map((x) => -x)); // prettier-ignore
  const quarter = rotateFace(face, Math.PI / 2);
  assert.ok(Math.abs(quarter[0] + face[1]) < 1e-12 && Math.abs(quarter[1] - face[0]) < 1e-12);
  close(rotateFace(rotateFace(face, 0.4), 0.9), rotateFace(face, 1.3));
  assert.ok(Math.abs(norm2(rotateFace(face, 0.7)) - norm2(face)) < 1e-9);
});

test("um só ângulo pede dois componentes, e um fica com metade: o que a PCA não faz", () => {
  const X = Array.from({ length: 360 }, (_, i) => rotateFace(neutral, (2 * Math.PI * i) / 360));
  const { explainedVarianceRatio: ratio } = PCA.fit(X, { nComponents: 3 });
  close(Array.from(ratio), [0.5, 0.5, 0], 1e-9);
});

test("os traços são lineares nas medidas e passam por elas", () => {
  const [a, b] = [faceLandmarks([1, 0, -1]), faceLandmarks([-0.5, 2, 0.3])];
  const flat = (face: ArrayLike<number>) => faceLines(face).flat(2);
  const sum = flat(a.map((x, i) => 2 * x - b[i]));
  close(sum, flat(a).map((x, i) => 2 * x - flat(b)[i]), 1e-9); // prettier-ignore
  const drawn = new Set(faceLines(a).flat().map(String));
  for (let i = 0; i < 50; i++) assert.ok(drawn.has(String([a[2 * i], a[2 * i + 1]])), `ponto ${i}`);
  assert.equal(faceLines(a).length, 9);
});

test("recusa rostos tortos", () => {
  assert.throws(() => faceLandmarks([1, 2]), { name: "TypeError", message: /3 fatores, recebi 2/ });
  assert.throws(() => faceLandmarks([1, NaN, 0]), {
    name: "RangeError",
    message: /"sorriso".*NaN/,
  });
  assert.throws(() => faces(0), { name: "RangeError", message: /noise.*0/ });
  assert.throws(() => faceLines([1, 2]), { name: "TypeError", message: /100 números.*recebi 2/ });
  assert.throws(() => rotateFace(neutral, Infinity), { name: "RangeError", message: /Infinity/ });
});

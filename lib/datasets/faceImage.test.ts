import assert from "node:assert/strict";
import { test } from "node:test";
import { faceImage } from "./faceImage";
import { faceLandmarks } from "./faces";

const neutral = faceLandmarks([0, 0, 0]);

test("faceImage: tons de 0 a 1, fundo vazio nos cantos", () => {
  const image = faceImage(neutral);
  assert.equal(image.length, 32 * 32);
  assert.ok(image.every((tone) => tone >= 0 && tone <= 1));
  for (const corner of [0, 31, 31 * 32, 32 * 32 - 1]) assert.equal(image[corner], 0);
});

test("faceImage: o topo da cabeça, em y = 10 cm, e o queixo, em y = −10 cm, estão na coluna do meio", () => {
  const side = 48; // pixels de 0,5 cm: y = 10 é a borda entre as linhas 3 e 4; y = −10, entre 43 e 44
  const image = faceImage(neutral, side);
  const column = Array.from({ length: side }, (_, row) => image[row * side + 24]);
  const middleOf = (from: number, to: number) => {
    const tones = column.slice(from, to);
    const ink = tones.reduce((a, b) => a + b, 0);
    return tones.reduce((sum, tone, i) => sum + tone * (from + i + 0.5), 0) / ink;
  };
  assert.ok(Math.abs(middleOf(0, 8) - 4) < 0.1);
  assert.ok(Math.abs(middleOf(40, 48) - 44) < 0.1);
});

test("faceImage: um segmento só dá a largura do traço", () => {
  // Todos os pontos em y = 0, de x = −5 a x = 5: um traço de 0,7 cm, ou 1,4 pixel de 0,5 cm por coluna.
  const flat = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? -5 + i / 9.8 : 0));
  const image = faceImage(flat, 48);
  const sum = (column: number) =>
    Array.from({ length: 48 }, (_, row) => image[row * 48 + column]).reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum(24) - 1.4) < 1e-6);
  assert.equal(sum(4), 0);
});

test("faceImage: o traço macio, com os pesos 1, 2, 1", () => {
  // O traço reto de antes ocupa 1,4 pixel: 0,7 em cada uma das duas linhas do meio, e dali às vizinhas.
  const flat = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? -5 + i / 9.8 : 0));
  const image = faceImage(flat, 48);
  const column = Array.from({ length: 48 }, (_, row) => image[row * 48 + 24]).slice(22, 26);
  const expected = [0.175, 0.525, 0.525, 0.175];
  assert.ok(column.every((tone, i) => Math.abs(tone - expected[i]) < 1e-6));
});

test("faceImage: a borda do quadro não passa ao outro lado", () => {
  // Um traço em x = 12 cm, a borda direita: nada na coluna da esquerda.
  const edge = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 12 : -5 + i / 10));
  const image = faceImage(edge);
  const columnSum = (k: number) => image.filter((_, i) => i % 32 === k).reduce((a, b) => a + b, 0);
  assert.ok(columnSum(31) > 1 && columnSum(0) === 0);
});

test("faceImage: sorrir muda a boca e não muda a testa", () => {
  const [serious, smiling] = [-1.5, 1.5].map((smile) => faceImage(faceLandmarks([0, smile, 0])));
  const changed = (from: number, to: number) =>
    serious.slice(32 * from, 32 * to).some((tone, i) => tone !== smiling[32 * from + i]);
  assert.ok(changed(18, 27) && !changed(0, 8));
});

test("faceImage: recusa o que não é rosto", () => {
  assert.throws(() => faceImage([1, 2, 3]), /esperava 100 números/);
  assert.throws(() => faceImage(neutral, 4), /faceImage: side/);
});

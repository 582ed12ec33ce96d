import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { seeded } from "../random";
import { tf } from "../tensor";
import { readCifar10 } from "./cifar10";
import { idxImages } from "./fashionMnist";

const bytes = (n: number, name: string) => {
  const source = seeded(name);
  return Buffer.from(Array.from({ length: n }, () => Math.floor(256 * source())));
};

/** Um IDX de bytes: zero, zero, 8 (byte), número de dimensões; cada dimensão; os valores. */
function idx(shape: number[], values: Buffer): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  shape.forEach((length, i) => head.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([head, values]);
}
const tones = bytes(5 * 784, "roupas");
const images = gzipSync(idx([5, 28, 28], tones));
const labels = gzipSync(idx([5], Buffer.from([9, 0, 3, 1, 7])));

test("idxImages: pixels e rótulos na ordem, de 0 a 1", () => {
  const data = idxImages(images, labels);
  assert.equal(data.side, 28);
  assert.deepEqual([...data.labels], [9, 0, 3, 1, 7]);
  assert.deepEqual([...data.images[3]], [...tones.subarray(3 * 784, 4 * 784)].map((tone) => Math.fround(tone / 255))); // prettier-ignore
});

for (const [name, x, y, message] of [
  ["gzip truncado", images.subarray(0, 500), labels, /imagens: gzip truncado/],
  ["não é gzip", Buffer.from("<html>"), labels, /imagens: gzip truncado ou alterado/],
  ["trocados", labels, images, /imagens: não é um IDX de bytes com 3 dimensões/],
  ["valores a menos", gzipSync(idx([5, 28, 28], tones.subarray(1))), labels, /esperava 3920 valores, recebi 3919/],
  ["valores a mais", gzipSync(idx([4, 28, 28], tones)), labels, /esperava 3136 valores, recebi 3920/],
  ["rótulos a menos", images, gzipSync(idx([4], Buffer.alloc(4))), /esperava 5 rótulos, recebi 4/],
  ["retangulares", gzipSync(idx([5, 14, 56], tones)), labels, /quadradas, recebi 14 × 56/],
  ["vazio", gzipSync(Buffer.alloc(0)), labels, /não é um IDX/],
] as const)
  test(`idxImages recusa: ${name}`, () => {
    assert.throws(() => idxImages(x, y), message);
  }); // prettier-ignore

const names = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"]; // prettier-ignore

/** Um cifar-10-binary.tar.gz com n imagens por arquivo, e a pasta e os textos do verdadeiro. */
async function cifar(n: number, change: (name: string, records: Buffer) => Buffer | null = (_, r) => r) {
  const tar = pack();
  tar.entry({ name: "cifar-10-batches-bin/", type: "directory" });
  tar.entry({ name: "cifar-10-batches-bin/batches.meta.txt" }, "airplane\nautomobile\n");
  tar.entry({ name: "cifar-10-batches-bin/readme.html" }, "<html></html>");
  const written = new Map<string, Buffer>();
  for (const name of [...names].reverse()) {
    const records = bytes(n * 3073, name);
    for (let i = 0; i < n; i++) records[i * 3073] %= 10;
    const changed = change(name, records);
    if (changed) tar.entry({ name: `cifar-10-batches-bin/${name}` }, changed);
    written.set(name, records);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return { archive: gzipSync(Buffer.concat(chunks)), written };
} // prettier-ignore

/** O arquivo aos pedaços, como vem do disco. */
async function* pieces(archive: Buffer, size = 10_000) {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}

test("readCifar10: na ordem dos nomes, com as três cores de cada ponto juntas", async () => {
  const { archive, written } = await cifar(7);
  for (const size of [997, 1e9]) {
    const { train, test } = await readCifar10(pieces(archive, size));
    assert.equal(train.labels.length, 35);
    assert.equal(test.labels.length, 7);
    names.forEach((name, file) => {
      const records = written.get(name) as Buffer;
      const part = file < 5 ? train : test;
      for (let i = 0; i < 7; i++) {
        const at = file < 5 ? 7 * file + i : i;
        assert.equal(part.labels[at], records[i * 3073]);
        for (const [row, column, channel] of [
          [0, 0, 0],
          [0, 1, 2],
          [5, 31, 1],
          [31, 31, 2],
        ])
          // prettier-ignore
          assert.equal(
            part.pixels[((at * 32 + row) * 32 + column) * 3 + channel],
            records[i * 3073 + 1 + channel * 1024 + row * 32 + column],
          );
      }
    });
    const tensor = tf.tidy(() => tf.div(tf.tensor4d(test.pixels, [7, 32, 32, 3]), 255).dataSync());
    assert.deepEqual([...tensor.slice(0, 9)], [...test.pixels.slice(0, 9)].map((v) => Math.fround(v / 255))); // prettier-ignore
  }
});

test("readCifar10 recusa o truncado, o alterado, o que falta e o que não é do formato", async () => {
  const { archive } = await cifar(3);
  for (const length of [0, 5, 1000, archive.length / 2, archive.length - 9])
    await assert.rejects(readCifar10(pieces(archive.subarray(0, length))), /cifar10: (arquivo truncado ou alterado|falta)/, `${length}`); // prettier-ignore
  const flipped = Buffer.from(archive);
  flipped[archive.length >> 1] ^= 255;
  await assert.rejects(readCifar10(pieces(flipped)), /cifar10: /);
  await assert.rejects(readCifar10(pieces(Buffer.from("<html>".repeat(100)))), /truncado ou alterado/); // prettier-ignore
  const missing = await cifar(3, (name, records) => (name === names[3] ? null : records));
  await assert.rejects(readCifar10(pieces(missing.archive)), /falta data_batch_4\.bin/);
  const short = await cifar(3, (name, records) => (name === names[5] ? records.subarray(1) : records)); // prettier-ignore
  await assert.rejects(readCifar10(pieces(short.archive)), /test_batch\.bin: esperava registros de 3073 bytes, recebi 9218/); // prettier-ignore
  const label = await cifar(3, (name, records) => {
    if (name === names[0]) records[3073] = 10;
    return records;
  });
  await assert.rejects(readCifar10(pieces(label.archive)), /rótulo 1 deve ser de 0 a 9, e é 10/);
});

test("data/README.md diz as somas que o código confere", () => {
  const readme = readFileSync(join(__dirname, "..", "..", "data", "README.md"), "utf8");
  for (const name of ["fashionMnist", "cifar10"]) {
    const code = readFileSync(join(__dirname, `${name}.ts`), "utf8");
    const sums = code.match(/"[0-9a-f]{64}"/g) ?? [];
    assert.ok(sums.length > 0);
    for (const sum of sums) assert.ok(readme.includes(sum.slice(1, -1)), `${name}: ${sum}`);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { encodePng } from "./png";

test("encodePng: cabeçalho, linhas e soma do fim", () => {
  const png = Buffer.from(encodePng(Uint8Array.of(0, 128, 255, 10, 20, 30), 3));
  assert.equal(png.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  assert.equal(png.readUInt32BE(16), 3); // largura
  assert.equal(png.readUInt32BE(20), 2); // altura
  assert.deepEqual([...png.subarray(24, 29)], [8, 0, 0, 0, 0]);
  // A soma de verificação do bloco IEND, vazio, é a mesma em todo arquivo PNG.
  assert.equal(png.subarray(-12).toString("hex"), "0000000049454e44ae426082");
  const length = png.readUInt32BE(33);
  assert.equal(png.toString("latin1", 37, 41), "IDAT");
  const lines = inflateSync(png.subarray(41, 41 + length));
  assert.deepEqual([...lines], [0, 0, 128, 255, 0, 10, 20, 30]);
});

test("encodePng recusa pixels que não enchem as linhas", () => {
  assert.throws(() => encodePng(new Uint8Array(5), 2), { name: "RangeError", message: /5 pixels/ });
  assert.throws(() => encodePng(new Uint8Array(0), 2), RangeError);
});

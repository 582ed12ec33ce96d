import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog, duration } from "./log.mjs";

function fakeStream(isTTY) {
  const stream = { isTTY, columns: 20, text: "", write: (text) => (stream.text += text) };
  return stream;
}

test("num terminal, o andamento se reescreve e cabe na linha", () => {
  const stream = fakeStream(true);
  const log = createLog(stream);
  log("um");
  log.progress("10 de 200 pacotes, quase");
  log.progress("20");
  log("dois");
  assert.equal(stream.text, "um\n10 de 200 pacotes, \r\x1b[K20\r\x1b[Kdois\n");
});

test("fora de um terminal, uma linha a cada dez segundos", () => {
  const stream = fakeStream(false);
  let now = 0;
  const log = createLog(stream, () => now);
  for (now = 0; now <= 25_000; now += 500) log.progress(`${now / 1000} s`);
  assert.equal(stream.text, "10 s\n20 s\n");
});

test("duração", () => {
  assert.deepEqual([0.2, 48.4, 60, 125].map(duration), ["0 s", "48 s", "1 min 00 s", "2 min 05 s"]);
});

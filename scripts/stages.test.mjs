import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runStages, takingTurns, timeTable, totals, twoAtOnce } from "./stages.mjs";

test("quem começou primeiro escreve na hora; o outro, quando ele acaba", () => {
  const written = [];
  const turn = takingTurns((text) => written.push(text));
  const a = turn();
  const b = turn();
  b.print("b1");
  a.print("a1");
  assert.deepEqual(written, ["a1"]);
  b.end();
  assert.deepEqual(written, ["a1"]);
  a.end();
  assert.deepEqual(written, ["a1", "b1"]);
  const c = turn();
  c.print("c1");
  assert.deepEqual(written, ["a1", "b1", "c1"]);
});

test("dois de cada vez, na ordem dada, e todos", async () => {
  let running = 0;
  let most = 0;
  const started = [];
  const doubled = await twoAtOnce([4, 3, 2, 1, 0], async (value) => {
    started.push(value);
    most = Math.max(most, ++running);
    await sleep(value);
    running--;
    return 2 * value;
  });
  assert.deepEqual(started, [4, 3, 2, 1, 0]);
  assert.deepEqual(doubled, [8, 6, 4, 2, 0]);
  assert.equal(most, 2);
});

const stage = (title, result) => ({
  title,
  run(print) {
    print(`${title} fala\n`);
    return result;
  },
});

test("as etapas rodam todas, também depois de uma falha ou de um erro, e somam", async () => {
  let text = "";
  const broken = { title: "c", run: () => Promise.reject(new Error("quebrou")) };
  const results = await runStages(
    [
      [stage("a", { passed: 2, failed: 0, skipped: 3 }), stage("b", { passed: 1, failed: 2 })],
      [broken],
      [stage("d", { passed: 1, failed: 0 })],
    ],
    (part) => (text += part),
  );
  assert.equal(totals(results), "4 passed, 3 failed, 3 skipped");
  assert.match(text, /── a\na fala\n✔ a: ok \(\d+,\d s\)\n/);
  assert.match(text, /── b\nb fala\n✖ b: 2 falha\(s\)/);
  assert.match(text, /Error: quebrou[^]*✖ c: 1 falha/);
  assert.deepEqual(
    results.map(({ title }) => title),
    ["a", "b", "c", "d"],
  );
});

test("a tabela diz quando cada etapa começou, quanto levou e qual falhou", () => {
  const lines = timeTable([
    { title: "Instalação", start: 0, seconds: 43.21, failed: 0 },
    { title: "Kernel", start: 43.21, seconds: 90, failed: 1 },
    { title: "Tipos", start: 43.21, seconds: 6.04, failed: 0 },
  ]).split("\n");
  assert.deepEqual(lines.slice(1), [
    "     0,0     43,2  ✔ Instalação",
    "    43,2     90,0  ✖ Kernel: 1 falha(s)",
    "    43,2      6,0  ✔ Tipos",
    "            133,2  ao todo",
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { restoreSource, saveSource, seeded, shuffle, tfSeed } from "./random";

test("seeded: o mesmo nome repete a sequência, outro nome dá outra", () => {
  const draw = (name: string) => Array.from({ length: 5 }, seeded(name));
  assert.deepEqual(draw("cap01/mapa"), draw("cap01/mapa"));
  assert.notDeepEqual(draw("cap01/mapa"), draw("cap01/mapb"));
});

test("seeded: a sequência é a do Alea, e não muda de uma versão para outra", () => {
  assert.equal(seeded("hello.")(), 0.4783254903741181); // o valor na documentação do seedrandom 3.0.5
  const source = seeded("referência");
  const first = [source(), source(), source()];
  assert.deepEqual(first, [0.26215961715206504, 0.5558020558673888, 0.7556588992010802]);
});

test("seeded: uniforme em [0, 1) — qui-quadrado de 100 caixas abaixo do quantil 0,9999", () => {
  const source = seeded("uniforme");
  const counts = new Float64Array(100);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(100 * source())]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 160.06, `qui-quadrado ${chiSquare}`); // scipy.stats.chi2.ppf(0.9999, 99)
});

test("seeded: recusa nome vazio", () => {
  assert.throws(() => seeded(""), { name: "TypeError", message: /esperava um nome/ });
  assert.throws(() => seeded(3 as unknown as string), TypeError);
});

test("shuffle: as 24 ordens de 4 itens saem com a mesma frequência, e a lista não muda", () => {
  const source = seeded("ordens");
  const items = ["a", "b", "c", "d"];
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = shuffle(items, source).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  const chiSquare = [...counts.values()].reduce(
    (sum, count) => sum + (count - 1000) ** 2 / 1000,
    0,
  );
  assert.ok(chiSquare < 57.07, `qui-quadrado ${chiSquare}`); // scipy.stats.chi2.ppf(0.9999, 23) = 57.07
  assert.deepEqual(items, ["a", "b", "c", "d"]);
});

test("tfSeed: inteiros de 1 a 2³¹ − 2, nunca 0, que o TensorFlow.js lê como sem semente", () => {
  assert.equal(
    tfSeed(() => 0),
    1,
  );
  assert.equal(
    tfSeed(() => 1 - 2 ** -32),
    2 ** 31 - 2,
  );
  assert.equal(tfSeed(seeded("cap02/pesos")), tfSeed(seeded("cap02/pesos")));
});

test("saveSource e restoreSource: a sequência continua exatamente de onde estava", () => {
  const source = seeded("estado");
  for (let i = 0; i < 1000; i++) source();
  const state = JSON.parse(JSON.stringify(saveSource(source)));
  const next = Array.from({ length: 50 }, source);
  const other = seeded("outra");
  restoreSource(other, state);
  assert.deepEqual(Array.from({ length: 50 }, other), next);
  restoreSource(source, state);
  assert.deepEqual(Array.from({ length: 50 }, source), next);
  assert.throws(() => saveSource(() => 0.5), { name: "TypeError", message: /feita por seeded/ });
});

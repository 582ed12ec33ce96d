import assert from "node:assert/strict";
import { test } from "node:test";
import { show } from "./show";

const plain = (...args: Parameters<typeof show>) =>
  show(...args)[Symbol.for("Jupyter.display") as never] as unknown as () => Record<string, string>;
const text = (...args: Parameters<typeof show>) => plain(...args)()["text/plain"];

test("quatro algarismos significativos, inteiros como são, à brasileira", () => {
  assert.equal(text({ a: 74.68030690537084 }), "a: 74,68");
  assert.equal(text({ a: 231.909, b: 0.71733 }), "a: 231,9\nb: 0,7173");
  assert.equal(text({ a: 12345.67 }), "a: 12.346");
  assert.equal(text({ a: 128750447 }), "a: 128.750.447");
  assert.equal(text({ a: -0.00123456 }), "a: −0,001235");
  assert.equal(text({ a: 1.19e-7 }), "a: 1,2 × 10⁻⁷");
  assert.equal(text({ a: 0.99996 }), "a: 1,000");
  assert.equal(text({ a: NaN }), "a: NaN");
});

test("casas pedidas, listas, textos e sim ou não", () => {
  assert.equal(text({ a: 1 / 3 }, 2), "a: 0,33");
  assert.equal(text({ a: [1.5, 2.25] }, 1), "a: 1,5; 2,3");
  assert.equal(text({ a: Float32Array.of(0.5, 3) }), "a: 0,5000; 3");
  assert.equal(text({ a: "frente fria", b: true, c: false }), "a: frente fria\nb: sim\nc: não");
});

test("o HTML escreve os nomes como são", () => {
  const html = plain({ "a<b": 1 })()["text/html"];
  assert.match(html, /a&#60;b&ensp;<strong>1<\/strong>/);
});

test("sem resultados, ou com outra coisa, é um erro que diz qual", () => {
  assert.throws(() => show({}), /esperava ao menos um resultado/);
  assert.throws(() => show({ perda: { a: 1 } as never }), /"perda" deve ser .*recebi object/);
  assert.throws(() => show({ perda: null as never }), /recebi null/);
  assert.throws(() => show({ perda: [] }), TypeError);
  assert.throws(() => show({ perda: 1.5 }, -1), RangeError);
});

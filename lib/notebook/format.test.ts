import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, formatNumber } from "./format";

test("formatNumber escreve números como no Brasil", () => {
  assert.equal(formatNumber(1234567.891, 2), "1.234.567,89");
  assert.equal(formatNumber(-0.5, 1), "−0,5");
  assert.equal(formatNumber(2), "2");
  assert.equal(formatNumber(0.12345), "0,123");
  assert.equal(formatNumber(3, 2), "3,00");
  assert.equal(formatNumber(Infinity), "∞");
  assert.equal(formatNumber(-Infinity), "−∞");
  assert.equal(formatNumber(NaN), "NaN");
  assert.throws(() => formatNumber(1, -1), { name: "RangeError", message: /digits.*-1/ });
});

test("formatNumber não dá sinal ao zero", () => {
  assert.equal(formatNumber(-0.04, 1), "0,0");
  assert.equal(formatNumber(-0.06, 1), "−0,1");
  assert.equal(formatNumber(-0), "0");
  assert.equal(formatNumber(-0.0004), "0");
  assert.equal(formatNumber(-10, 0), "−10");
});

test("escapeHtml não deixa nada a que o HTML obedeça", () => {
  assert.equal(
    escapeHtml(`<a href="x">&'</a>`),
    "&#60;a href=&#34;x&#34;&#62;&#38;&#39;&#60;/a&#62;",
  );
  assert.equal(escapeHtml("ação 1 + 2"), "ação 1 + 2");
});

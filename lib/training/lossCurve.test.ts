import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose } from "../testing";
import { addPoint, drawCurve, lossCurve } from "./lossCurve";

test("a curva guarda no máximo 200 trechos, e neles as médias de todos os passos", () => {
  const curve = lossCurve();
  for (let i = 0; i < 1000; i++) addPoint(curve, { a: i, b: -2 * i });
  const { a, b } = curve.means;
  assert.ok(a.length <= 200 && a.length > 90, `${a.length}`);
  assert.equal(curve.width, 8);
  assert.equal(a.reduce((sum, { count }) => sum + count, 0), 1000); // prettier-ignore
  a.forEach(({ mean, count }, k) => assertClose([mean], [8 * k + (count - 1) / 2], 1e-9));
  assertClose(b.map(({ mean }) => mean), a.map(({ mean }) => -2 * mean), 1e-9); // prettier-ignore
  assert.match(drawCurve(curve), />1\.000 passos</);
});

test("o desenho tem descrição, escapa os nomes e não sai da moldura", () => {
  const curve = lossCurve();
  assert.equal(drawCurve(curve), "");
  for (const value of [3, 1, 2]) addPoint(curve, { "<b>": value });
  const html = drawCurve(curve);
  assert.match(html, /aria-label="Curva do treino, 3 passos: &#60;b&#62; de 3,00 a 2,00\."/);
  assert.ok(!html.includes("<b>"));
  const [, path] = /<path d="(M[^"V]+)" fill="none" stroke="#/.exec(html) ?? [];
  assert.equal(path, "M54.0 8.0L233.0 76.0L412.0 42.0");
});

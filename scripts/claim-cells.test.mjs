import assert from "node:assert/strict";
import { test } from "node:test";
import { claimsOf, settleClaims } from "./claim-cells.mjs";

const settle = (source, metadata = {}) => settleClaims({ source, metadata });

test("as afirmações vão para a primeira linha, e a célula fica recolhida", () => {
  const source = 'claims({\n  "13,7 %": near(a, 13.7, 0.05),\n  menor: a < b,\n});';
  const settled = settle(source, { tags: ["extra"] });
  assert.equal(settled.source, `// conferido: 13,7 %; menor\n${source}`);
  const metadata = { jupyter: { source_hidden: true }, tags: ["extra", "conferido"] };
  assert.deepEqual(settled.metadata, metadata);
  assert.deepEqual(settle(settled.source, metadata), settled, "formatar de novo não muda nada");
});

test("uma afirmação que mudou muda a linha", () => {
  const settled = settle('// conferido: a velha\nclaims({ "a nova": true });');
  assert.match(settled.source, /^\/\/ conferido: a nova\n/);
});

test("muitas afirmações são cortadas na largura da célula", () => {
  const words = "uma afirmação de umas quarenta letras ao todo";
  const [line] = settle(`claims({ "${words}": true, "${words}!": true });`).source.split("\n");
  assert.ok(line.length <= 80 && line.endsWith("…"), line);
});

test("outras células ficam como são", () => {
  for (const source of ["1 + 1;", 'console.log("claims({})");', "const claims = 3;"])
    assert.deepEqual(settle(source), { source, metadata: {} });
});

test("claims com mais alguma coisa, ou com as afirmações em outro lugar, é um erro", () => {
  assert.throws(() => claimsOf("const a = 1;\nclaims({ a: true });"), /não faz mais nada/);
  assert.throws(() => claimsOf("claims(all);"), /escreva as afirmações ali mesmo/);
  assert.throws(() => claimsOf("claims({ ...all });"), /escreva as afirmações ali mesmo/);
});

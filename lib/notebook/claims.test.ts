import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, near } from "./claims";

test("near compara a diferença com a tolerância", () => {
  assert.equal(near(1.04, 1, 0.05), true);
  assert.equal(near(0.94, 1, 0.05), false);
  assert.equal(near(1.5, 1, 0.5), false); // a própria tolerância já é longe
  assert.equal(near(NaN, NaN, 1), false);
  assert.equal(near(Infinity, Infinity, 1), true);
  assert.equal(near(Infinity, -Infinity, 1), false);
  for (const tolerance of [0, -1, NaN])
    assert.throws(() => near(1, 1, tolerance), /near: a tolerância deve ser > 0, recebi (0|-1|NaN)/); // prettier-ignore
});

test("claims diz quais afirmações não se confirmam, e só essas", () => {
  claims({ "dois é menos que três": 2 < 3 });
  assert.throws(() => claims({ primeira: true, segunda: false, terceira: false }), {
    name: "AssertionError",
    message: "não se confirma: “segunda”, “terceira”",
  });
});

test("com when: false nada se confere, mas a forma, sim", () => {
  claims({ "só no treino padrão": false }, { when: false });
  claims({ "só no treino padrão": true }, { when: true });
  assert.throws(() => claims({ errada: false }, { when: true }), /errada/);
  assert.throws(() => claims({}, { when: false }), /ao menos uma afirmação/);
});

test("uma afirmação que não é verdadeira nem falsa é um engano de quem escreve", () => {
  const wrong = { "perto de 3": 3 } as unknown as Record<string, boolean>;
  assert.throws(() => claims(wrong), /"perto de 3" deve ser true ou false, recebi number/);
});

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { asUserError, explain, UserError } from "./errors.mjs";

afterEach(() => delete process.env.CADERNO_DEBUG);

test("um erro de quem usa sai com o próximo passo e sem pilha de chamadas", () => {
  const text = explain(new UserError("Sem rede.", "Confira a internet\ne rode de novo."));
  assert.equal(text, "✖ Sem rede.\n  Confira a internet\n  e rode de novo.");
});

test("com CADERNO_DEBUG, a pilha também", () => {
  process.env.CADERNO_DEBUG = "1";
  assert.match(explain(new UserError("Sem rede.")), /errors\.test\.mjs/);
});

test("um defeito sai com a pilha", () => {
  assert.match(
    explain(new TypeError("x is not a function")),
    /defeito nosso[\s\S]*errors\.test\.mjs/,
  );
});

for (const [code, message] of [
  ["ENOSPC", /disco encheu/],
  ["EDQUOT", /disco encheu/],
  ["EACCES", /Sem permissão para escrever em \/a\/b/],
  ["EPERM", /Sem permissão/],
  ["EROFS", /Sem permissão/],
])
  test(`o erro ${code} do sistema tem explicação`, () => {
    const error = asUserError(Object.assign(new Error(code), { code, path: "/a/b" }));
    assert.ok(error instanceof UserError);
    assert.match(error.message, message);
    assert.ok(error.next.length > 0);
  });

test("os outros erros voltam como vieram", () => {
  const error = Object.assign(new Error("x"), { code: "ENOENT" });
  assert.equal(asUserError(error), error);
});

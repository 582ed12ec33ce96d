import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./root.mjs";

const entry = join(root, "scripts", "run.cjs");

const run = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

for (const version of ["0.12.18", "8.17.0", "18.20.8", "19.9.0"])
  test(`o Node ${version} recebe uma explicação`, () => {
    const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" }); require(${JSON.stringify(entry)})`;
    const { status, stdout, stderr } = run("-e", pretend);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      new RegExp(`^✖ Preciso do Node 20 ou mais novo; este é o ${version}\\.\\n.*nodejs\\.org`),
    );
  });

test("run.cjs só tem sintaxe que um Node antigo lê", () => {
  const code = readFileSync(entry, "utf8").replace(/^\s*\/\/.*$/gm, "");
  for (const modern of [
    /\b(const|let|class|async|await|import)\b/,
    /=>/,
    /`/,
    /\?[.?]/,
    /\.\.\./,
    /,\s*[)\]}]/,
  ])
    assert.doesNotMatch(code, modern);
});

test("um comando desconhecido: diz quais existem e sai com 1", () => {
  const { status, stderr } = run(entry, "instalar");
  assert.equal(status, 1);
  assert.match(stderr, /Não conheço o comando instalar\. Existem: start, test, check/);
});

test("um arquivo de scripts/ que não é comando não roda", () => {
  assert.match(run(entry, "stages").stderr, /Não conheço o comando stages/);
});

test("um erro de quem usa: mensagem, sem pilha, sai com 1", () => {
  const { status, stderr } = run(entry, "execute", "99");
  assert.equal(status, 1);
  assert.match(stderr, /^✖ Não há capítulo 99\.\n {2}Existem: 00, 01/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});

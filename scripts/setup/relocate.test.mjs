import assert from "node:assert/strict";
import { test } from "node:test";
import { relocateScript } from "./relocate.mjs";

const [from, to] = ["/casa/ana/caderno/.venv", "/casa/ana/meus cadernos/é/.venv"];

test("a primeira linha de um programa passa a aguentar espaços", () => {
  assert.equal(
    relocateScript(`#!${from}/bin/python3.11\nimport sys\n`, from, to),
    `#!/bin/sh\n'''exec' "${to}/bin/python3.11" "$0" "$@"\n' '''\nimport sys\n`,
  );
});

test("a forma longa, que o pip já usa, só troca o caminho", () => {
  const long = (folder) =>
    `#!/bin/sh\n'''exec' "${folder}/bin/python" "$0" "$@"\n' '''\nimport sys\n`;
  assert.equal(relocateScript(long(to), to, from), long(from));
});

test("activate", () => {
  assert.equal(relocateScript(`VIRTUAL_ENV="${from}"\n`, from, to), `VIRTUAL_ENV="${to}"\n`);
});

test("um programa de outro Python fica como está", () => {
  const other = "#!/usr/bin/python3\nprint(1)\n";
  assert.equal(relocateScript(other, from, to), other);
});

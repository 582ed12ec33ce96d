import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readJson } from "./setup/stamp.mjs";
import { root } from "./root.mjs";

// Uma cópia recém-clonada, sem node_modules: nenhum comando pode precisar de um pacote antes de instalá-lo. A instalação para no
// primeiro passo, por falta de Python.

let copy;
before(() => {
  copy = mkdtempSync(join(tmpdir(), "clone-"));
  for (const name of ["package.json", "package-lock.json", "requirements.txt", "scripts", "kernel"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
});
after(() => rmSync(copy, { recursive: true, force: true }));

const { scripts } = readJson(join(root, "package.json"));
for (const name of Object.keys(scripts).filter((name) => name !== "doctor"))
  test(`num clone sem nada, ${name} começa por instalar`, () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(copy, "scripts", "run.cjs"), name],
      { cwd: copy, encoding: "utf8", env: { ...process.env, PYTHON: "/nao/existe" } },
    );
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^✖ Preciso do Python 3\.9 ou mais novo; não achei nenhum/);
  });

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { findPython, pythonCandidates } from "./python.mjs";

const skip = process.platform === "win32" && "os Pythons de mentira são scripts de sh";

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pythons com espaço é-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Um Python de mentira no PATH, que responde como o de verdade. */
function fake(name, version, missing = []) {
  const answer = { version: version.split(".").map(Number), path: join(folder, name), missing };
  write(name, `echo '${JSON.stringify(answer)}'`);
}

function write(name, code) {
  writeFileSync(join(folder, name), `#!/bin/sh\n${code}\n`);
  chmodSync(join(folder, name), 0o755);
}

const find = (env = {}) => findPython({ PATH: folder, ...env }, "linux");

const failure = (env) => {
  try {
    find(env);
  } catch (error) {
    return `${error.message}\n${error.next}`;
  }
  return "achou";
};

test("o Python desta máquina serve", () => {
  const { version, path } = findPython();
  assert.ok(version[0] === 3 && version[1] >= 9);
  assert.ok(path.length > 0);
});

test("python3, depois python, depois os nomes com versão", { skip }, () => {
  fake("python3", "3.8.18");
  fake("python", "2.7.18");
  fake("python3.11", "3.11.2");
  assert.equal(find().path, join(folder, "python3.11"));
  fake("python", "3.9.0");
  assert.equal(find().path, join(folder, "python"));
  fake("python3", "3.14.1");
  assert.equal(find().path, join(folder, "python3"));
});

test("PYTHON escolhe, e não há outro", { skip }, () => {
  fake("python3", "3.12.0");
  fake("meu", "3.10.1");
  assert.equal(find({ PYTHON: join(folder, "meu") }).path, join(folder, "meu"));
  assert.match(failure({ PYTHON: "/nao/existe" }), /não achei nenhum em PYTHON=\/nao\/existe/);
});

test("no Windows, o lançador py primeiro", () => {
  assert.deepEqual(pythonCandidates({}, "win32")[0], ["py", "-3"]);
});

test("nenhum: diz o que instalar", { skip }, () => {
  assert.match(
    failure(),
    /Preciso do Python 3\.9 ou mais novo; não achei nenhum\.\n.*apt install python3 python3-venv/,
  );
});

test("velho demais: diz qual achou", { skip }, () => {
  fake("python3", "3.8.18");
  assert.match(failure(), /Preciso do Python 3\.9 ou mais novo; achei só o 3\.8\.18/);
});

test("Python 2, que não conhece -I", { skip }, () => {
  write("python", '[ "$1" = --version ] && echo "Python 2.7.18" >&2 || exit 2');
  assert.match(failure(), /achei só o 2\.7\.18/);
});

test("sem ensurepip, como no Debian sem python3-venv", { skip }, () => {
  fake("python3", "3.11.2", ["ensurepip"]);
  assert.match(
    failure(),
    /3\.11\.2 .* está incompleto: falta o módulo ensurepip\.\n.*sudo apt install python3-venv/,
  );
});

test("o python.exe da loja do Windows, que não é um Python", { skip }, () => {
  write("python3", "echo Python was not found; exit 49");
  assert.match(failure(), /não achei nenhum/);
});

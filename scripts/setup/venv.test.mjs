import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { root as repository } from "../root.mjs";
import { fingerprint, readJson, writeJson } from "./stamp.mjs";
import { extraReady, followMove, pipProgress, venvReady } from "./venv.mjs";

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ambiente é-"));
  for (const name of ["requirements.txt", "requirements-test.txt", "requirements-site.txt"])
    copyFileSync(join(repository, name), join(root, name));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const skip = process.platform === "win32" && "no Windows o ambiente não tem atalhos";

/** Um ambiente como o venv faz, sobre um "Python" que é um arquivo qualquer. */
function fakeVenv() {
  mkdirSync(join(root, "sistema"));
  writeFileSync(join(root, "sistema", "python3.11"), "");
  writeFileSync(join(root, "sistema", "python3.12"), "");
  mkdirSync(join(root, ".venv", "bin"), { recursive: true });
  writeFileSync(join(root, ".venv", "pyvenv.cfg"), `home = ${join(root, "sistema")}\n`);
  symlinkSync(join(root, "sistema", "python3.11"), join(root, ".venv", "bin", "python"));
  writeJson(join(root, ".venv", "caderno.json"), {
    root,
    packages: fingerprint(join(root, "requirements.txt")),
    base: join(root, "sistema", "python3.11"),
  });
}

test("pronto só com carimbo, com as versões de agora e com o mesmo Python", { skip }, () => {
  assert.equal(venvReady(root), false);
  fakeVenv();
  assert.equal(venvReady(root), true);

  const list = join(root, "requirements.txt");
  const text = readFileSync(list, "utf8");
  writeFileSync(list, text.replaceAll("\n", "\r\n")); // o git no Windows
  assert.equal(venvReady(root), true);
  writeFileSync(list, text.replace(/jupyterlab==\S+/, "jupyterlab==9.9.9"));
  assert.equal(venvReady(root), false);
  writeFileSync(list, text);

  rmSync(join(root, "sistema", "python3.11")); // o sistema foi atualizado
  assert.equal(venvReady(root), false);
  symlinkSync("python3.12", join(root, "sistema", "python3.11"));
  assert.equal(venvReady(root), false);
});

test("um carimbo pela metade é como não ter carimbo", { skip }, () => {
  fakeVenv();
  writeFileSync(join(root, ".venv", "caderno.json"), '{"root": "/x", "pack');
  assert.equal(venvReady(root), false);
});

test("o que só os testes ou o site usam tem carimbo próprio", { skip }, () => {
  fakeVenv();
  assert.equal(extraReady(root, "test"), false);
  const packages = fingerprint(join(root, "requirements-test.txt"));
  writeJson(join(root, ".venv", "caderno-testes.json"), { packages });
  assert.equal(extraReady(root, "test"), true);
  assert.equal(extraReady(root, "site"), false);
});

test("a pasta mudou de lugar: os programas do ambiente vão atrás", { skip }, () => {
  fakeVenv();
  const stamp = join(root, ".venv", "caderno.json");
  writeJson(stamp, { ...readJson(stamp), root: "/lugar/antigo" });
  const program = join(root, ".venv", "bin", "jupyter");
  writeFileSync(program, "#!/lugar/antigo/.venv/bin/python\nimport sys\n");
  followMove(root);
  assert.equal(
    readFileSync(program, "utf8"),
    `#!/bin/sh\n'''exec' "${root}/.venv/bin/python" "$0" "$@"\n' '''\nimport sys\n`,
  );
  assert.equal(readJson(stamp).root, root);
  assert.equal(venvReady(root), true);
});

for (const [output, line] of [
  ["", null],
  ["Collecting jupyterlab==4.6.6 (from -r x (line 3))\n", "baixando jupyterlab"],
  [
    "Collecting a==1\n  Downloading jupyterlab-4.6.6-py3-none-any.whl (12.4 MB)\n",
    "baixando jupyterlab (12.4 MB)",
  ],
  ["  Using cached plotly-7.1.0-py3-none-any.whl (9.9 MB)\n", "baixando plotly"],
  ["Collecting a==1\nInstalling collected packages: a, b\n", "instalando os pacotes baixados"],
])
  test(`o pip em português: ${line}`, () => assert.equal(pipProgress(output), line));

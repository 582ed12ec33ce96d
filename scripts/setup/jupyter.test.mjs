import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { jupyterEnv, jupyterFilesReady, venvPython, writeJupyterFiles } from "./jupyter.mjs";

let root;
before(() => (root = mkdtempSync(join(tmpdir(), "cópia com espaços-"))));
after(() => rmSync(root, { recursive: true, force: true }));

const kernelspec = () =>
  JSON.parse(
    readFileSync(join(root, ".venv/share/jupyter/kernels/caderno-typescript/kernel.json"), "utf8"),
  );

test("escreve kernelspec, ajustes e configuração, uma vez só", () => {
  assert.equal(jupyterFilesReady(root), false);
  writeJupyterFiles(root);
  assert.equal(jupyterFilesReady(root), true);
  const { argv, display_name, language, metadata } = kernelspec();
  assert.equal(argv[0], process.execPath);
  assert.deepEqual(argv.slice(-2), [join(root, "kernel", "main.cjs"), "{connection_file}"]);
  assert.deepEqual(
    [display_name, language, metadata.debugger],
    ["TypeScript", "typescript", false],
  );
});

test("um kernelspec que aponta para outro lugar é refeito", () => {
  const file = join(root, ".venv/share/jupyter/kernels/caderno-typescript/kernel.json");
  writeFileSync(file, JSON.stringify({ ...kernelspec(), argv: ["/antigo/node"] }));
  assert.equal(jupyterFilesReady(root), false);
  writeJupyterFiles(root);
  assert.equal(kernelspec().argv[0], process.execPath);
});

test("nenhuma pasta do Jupyter fica na pasta pessoal, e nada de fora entra", () => {
  process.env.JUPYTER_PATH = process.env.PYTHONPATH = "/de/fora";
  const env = jupyterEnv(root);
  delete process.env.JUPYTER_PATH;
  delete process.env.PYTHONPATH;
  for (const name of [
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
  ])
    assert.ok(env[name].startsWith(join(root, ".jupyter")), name);
  assert.deepEqual(
    [env.JUPYTER_PATH, env.PYTHONPATH, env.PYTHONHOME],
    [undefined, undefined, undefined],
  );
  assert.equal(env.HOME ?? homedir(), homedir());
});

test("o Python do projeto é o do .venv", () => {
  assert.ok(venvPython(root).startsWith(join(root, ".venv")));
  assert.ok(statSync(root).isDirectory());
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { root } from "./root.mjs";
import { jupyterArguments } from "./start.mjs";

test("o JupyterLab abre o primeiro caderno, com o repositório como raiz", () => {
  assert.deepEqual(jupyterArguments([], false), [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${root}`,
    "--LabApp.default_url=/lab/tree/notebooks/00-comece-aqui.ipynb",
  ]);
});

test("os argumentos de quem chama vão por último e sem mudança", () => {
  const args = ["--no-browser", "--port", "8899"];
  assert.deepEqual(jupyterArguments(args, false).slice(-3), args);
});

test("--allow-root só para o administrador", () => {
  assert.ok(jupyterArguments([], true).includes("--allow-root"));
  assert.ok(!jupyterArguments([], false).includes("--allow-root"));
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { root as repository } from "../root.mjs";
import { bindingFile, tfjsNode } from "./engine-files.mjs";
import { findCompiler, installNative, libraryFolder } from "./engine-native.mjs";
import { venvPython } from "./venv.mjs";
import { hasZig } from "./zig.mjs";

// Uma máquina sem compilador: a biblioteca do TensorFlow já está, falta a ligação, e no PATH não há nada.

let folder, path;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "sem compilador "));
  path = process.env.PATH;
  const library = join(folder, ".engine", basename(libraryFolder(repository)));
  mkdirSync(library, { recursive: true });
  for (const name of readdirSync(libraryFolder(repository)))
    if (name !== "tfjs_binding.node")
      symlinkSync(join(libraryFolder(repository), name), join(library, name));
  cpSync(tfjsNode(repository), tfjsNode(folder), { recursive: true });
  rmSync(join(tfjsNode(folder), "lib"), { recursive: true, force: true });
  const headers = join("node_modules", "node-api-headers");
  symlinkSync(join(repository, headers), join(folder, headers));
  process.env.PATH = "";
});
after(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

test(
  "sem compilador, a ligação se compila com um que sai depois, e calcula",
  { skip: !hasZig() && "não há Zig para esta máquina", timeout: 600_000 },
  async () => {
    assert.equal(findCompiler(), null);
    const lines = [];
    const log = Object.assign((line) => lines.push(line), { progress() {} });
    await installNative({ root: folder, python: venvPython(repository), log });
    assert.match(lines[0], /sem compilador C\+\+ nesta máquina: baixo um/);
    assert.deepEqual(readdirSync(join(folder, ".engine")), [basename(libraryFolder(repository))]);
    const script = `const b = require(${JSON.stringify(bindingFile(folder))});
      const id = b.createTensor([2], b.TF_FLOAT, Float32Array.of(3, 4));
      const type = { name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT };
      console.log([...b.tensorDataSync(b.executeOp("Square", [type], [id], 1)[0].id)].join());`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    assert.equal(stdout.trim(), "9,16");
  },
);

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import {
  bindingFile,
  bytesOf,
  engineFolder,
  keepEngine,
  platform,
  removeOrphans,
  requireDisk,
  run,
  tfjsNode,
  workFolder,
} from "./engine-files.mjs";
import {
  compilerArguments,
  findCompiler,
  libraryFolder,
  nativeStarted,
  WHEELS,
} from "./engine-native.mjs";
import { removeOfficial } from "./engine-official.mjs";
import {
  describe,
  engineReady,
  installEngine,
  isInPlace,
  order,
  provedVersion,
  readStamp,
} from "./engine.mjs";
import { createLog } from "./log.mjs";
import { writeJson } from "./stamp.mjs";

let root;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "motor é-"))));
afterEach(() => {
  delete process.env.CADERNO_ENGINE;
  rmSync(root, { recursive: true, force: true });
});

function write(file, text = "x") {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const wheel = () => join(engineFolder(root), "wheel", "tensorflow.whl");

test("primeiro a oficial, depois a compilação, por fim o WebAssembly", () => {
  assert.deepEqual(order(root), ["official", "native", "wasm"]);
});

test("com o pacote já baixado ou já extraído, a compilação continua de onde parou", () => {
  write(wheel());
  assert.equal(nativeStarted(root), true);
  assert.deepEqual(order(root), ["native", "wasm"]);
  rmSync(engineFolder(root), { recursive: true });
  write(join(libraryFolder(root), "libtensorflow_cc.so.2"));
  assert.deepEqual(order(root), ["native", "wasm"]);
});

test("uma maneira escolhida é a única", () => {
  write(wheel());
  for (const way of ["official", "native", "wasm"]) assert.deepEqual(order(root, way), [way]);
});

test("uma maneira que não existe: diz quais há", async () => {
  process.env.CADERNO_ENGINE = "gpu";
  await assert.rejects(
    installEngine({ root, python: "python3", log: createLog({ write() {} }) }),
    /CADERNO_ENGINE deve ser official, native, wasm; recebi gpu/,
  );
});

/** Um motor nativo instalado, com arquivos de mentira. */
function installed() {
  write(bindingFile(root), "ligação");
  write(join(libraryFolder(root), "libtensorflow_cc.so.2"), "biblioteca");
  return describe(root, "native", "2.16.2", 100);
}

test("no lugar: mesma máquina, mesmo Node, arquivos inteiros", () => {
  const stamp = installed();
  assert.equal(isInPlace(root, null), false);
  assert.equal(isInPlace(root, stamp), true);
  assert.equal(isInPlace(root, stamp, "native"), true);
  assert.equal(isInPlace(root, stamp, "official"), false);
  assert.equal(isInPlace(root, { ...stamp, node: "v8.0.0" }), false);
  assert.equal(isInPlace(root, { ...stamp, platform: "plan9-mips" }), false);
  write(bindingFile(root), "lig");
  assert.equal(isInPlace(root, stamp), false);
  rmSync(bindingFile(root));
  assert.equal(isInPlace(root, stamp), false);
});

test("a versão provada se acha entre avisos", () => {
  const warning =
    "(node:1) [DEP0040] DeprecationWarning: o módulo punycode\n(Use `node --trace-deprecation`)\n";
  assert.equal(provedVersion(`${warning}versão 2.16.2\n${warning}`), "2.16.2");
  assert.equal(provedVersion(warning), undefined);
});

test("um compilador que apareceu depois faz o WebAssembly ceder a vez", () => {
  const stamp = { ...describe(root, "wasm", "4.22.0", 0), compiler: false };
  assert.equal(isInPlace(root, stamp), findCompiler() === null);
  assert.equal(isInPlace(root, { ...stamp, compiler: true }), true);
});

test("escolher o WebAssembly não pede instalação; um registro estragado pede", () => {
  assert.equal(engineReady(root, "wasm"), true);
  write(join(engineFolder(root), "engine.json"), '{"engine": "nat');
  assert.equal(readStamp(root), null);
  assert.equal(engineReady(root), false);
  writeJson(join(engineFolder(root), "engine.json"), installed());
  assert.equal(engineReady(root), true);
});

test("argumentos do compilador no Linux e no macOS", () => {
  const linux = compilerArguments({ root, output: "/t/x.node", system: "linux" });
  assert.ok(
    linux.includes("-shared") && linux.includes("-fPIC") && linux.includes("-DNAPI_VERSION=8"),
  );
  assert.ok(linux.includes(join(libraryFolder(root), "libtensorflow_framework.so.2")));
  // As bibliotecas são achadas a partir da ligação: a pasta do projeto pode mudar de lugar.
  const path = `../../../../../.engine/tensorflow-2.16.2-${platform}`;
  assert.ok(linux.includes(`$ORIGIN/${path}`));
  const mac = compilerArguments({ root, output: "/t/x.node", system: "darwin" });
  assert.ok(mac.includes("-bundle") && mac.includes(`@loader_path/${path}`));
  assert.ok(mac.includes(join(libraryFolder(root), "libtensorflow_cc.2.dylib")));
  assert.deepEqual(linux.slice(-2), ["-o", "/t/x.node"]);
});

test("cada pacote do TensorFlow tem nome, plataforma e soma", () => {
  for (const { name, tag, bytes, sha256 } of Object.values(WHEELS)) {
    assert.match(name, /^tensorflow(-cpu)?$/);
    assert.match(tag, /^(manylinux|macosx)_/);
    assert.ok(bytes > 2e8);
    assert.match(sha256, /^[0-9a-f]{64}$/);
  }
});

test("o compilador é o primeiro do PATH que existe", { skip: process.platform !== "linux" }, () => {
  write(join(root, "b", "clang++"));
  assert.equal(findCompiler(`${root}/a:${root}/b`), join(root, "b", "clang++"));
  write(join(root, "b", "g++"));
  assert.equal(findCompiler(`${root}/a:${root}/b`), join(root, "b", "g++"));
  assert.equal(findCompiler(""), null);
});

test("o que um processo morto no meio deixou é apagado; o de um vivo, não", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  write(join(engineFolder(root), `tmp-${pid}`, "extracted", "metade"));
  write(join(engineFolder(root), `tmp-${process.ppid}`, "dele"));
  write(wheel());
  const work = workFolder(engineFolder(root));
  assert.deepEqual(
    readdirSync(engineFolder(root)).sort(),
    [`tmp-${process.pid}`, `tmp-${process.ppid}`, "wheel"].sort(),
  );
  assert.equal(work, join(engineFolder(root), `tmp-${process.pid}`));
  removeOrphans(join(root, "não existe"));
});

test("o instalador oficial morto no meio não deixa rastro na vez seguinte", () => {
  for (const name of [
    "deps/lib/libtensorflow.so",
    "lib/napi-v8/x",
    "scripts/_tmp.zip",
    "package.json",
  ])
    write(join(tfjsNode(root), name));
  removeOfficial(root);
  assert.deepEqual(readdirSync(tfjsNode(root)).sort(), ["package.json", "scripts"]);
  assert.deepEqual(readdirSync(join(tfjsNode(root), "scripts")), []);
});

test("a troca de node_modules leva o motor, se o tfjs-node é da mesma versão", () => {
  const [old, next] = ["velho", "novo"].map((name) => join(root, name));
  const inside = (folder, ...names) => join(folder, "@tensorflow", "tfjs-node", ...names);
  for (const folder of [old, next]) write(inside(folder, "package.json"), '{"version":"4.22.0"}');
  write(inside(old, "deps", "lib", "libtensorflow.so"));
  write(inside(old, "lib", "napi-v8", "tfjs_binding.node"));
  write(inside(next, "package.json"), '{"version":"4.23.0"}');
  keepEngine(old, next);
  assert.equal(existsSync(inside(next, "deps")), false);
  write(inside(next, "package.json"), '{"version":"4.22.0"}');
  keepEngine(old, next);
  assert.ok(existsSync(inside(next, "deps", "lib", "libtensorflow.so")));
  assert.ok(existsSync(inside(next, "lib", "napi-v8", "tfjs_binding.node")));
  keepEngine(join(root, "não existe"), next);
});

test("o tamanho de uma pasta não conta atalhos duas vezes", () => {
  write(join(root, "lib", "arquivo"), "x".repeat(50_000));
  const before = bytesOf(root);
  if (process.platform !== "win32") symlinkSync("lib", join(root, "lib64"));
  assert.ok(before >= 50_000 && bytesOf(root) - before < 100);
});

test("falta de espaço: diz quanto falta", () => {
  assert.throws(
    () => requireDisk(root, 1e18),
    /Faltam \d+ MB de espaço em disco \(este passo precisa de 1000000000000 MB\)/,
  );
  requireDisk(root, 1);
});

test("um programa que passa do limite é encerrado, e o motivo volta", async () => {
  const endless = "console.log('começo'); setInterval(() => {}, 1000)";
  const watch = (output) => (output.includes("começo") ? "passou do limite" : undefined);
  const { stopped, signal } = await run(process.execPath, ["-e", endless], { watch });
  assert.deepEqual([stopped, signal], ["passou do limite", "SIGKILL"]);
});

test("um programa que não existe é um erro comum, não uma exceção", async () => {
  const { code, output } = await run("/nao/existe", [], {});
  assert.equal(code, -1);
  assert.match(output, /ENOENT/);
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertClose } from "./testing";

const root = join(__dirname, "..");
const binding = join(root, "node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node");
const installed = existsSync(binding) && process.env.CADERNO_ENGINE !== "wasm";
const needsNative = { skip: installed ? false : "o TensorFlow nativo não está instalado" };

/**
 * Treina uma rede convolucional por 3 passos e escreve o que ficou nos pesos e na memória. (Com SGD e não Adam, que divide
 * o gradiente pelo seu tamanho e esconderia um erro de escala.)
 */
const training = `
  const { tf, engine } = require("./lib/tensor");
  let state = 7;
  const numbers = (shape, scale) => tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return scale * (state / 1073741824 - 1);
  }), shape);
  const model = tf.sequential({ layers: [
    tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 4, kernelSize: 3, activation: "relu" }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, activation: "relu" }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 3 }),
  ] });
  model.setWeights(model.getWeights().map((w) => numbers(w.shape, 0.5)));
  const [x, y] = [numbers([8, 12, 12, 1], 1), tf.oneHot([0, 1, 2, 0, 1, 2, 0, 1], 3)];
  const optimizer = tf.train.momentum(0.05, 0.9);
  const losses = [];
  const memory = [];
  for (let step = 0; step < 3; step++) {
    const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.predict(x)), true);
    losses.push(loss.dataSync()[0]);
    loss.dispose();
    memory.push([tf.memory().numTensors, tf.memory().numDataBuffers]);
  }
  const weights = model.getWeights().flatMap((w) => [...w.dataSync()]);
  process.stdout.write(JSON.stringify({ engine, backend: tf.getBackend(), losses, memory, weights }));
`;

/** Roda em outro processo, porque o motor se escolhe uma vez por processo. */
function run(env: Record<string, string>, before = "", code = training) {
  const child = spawnSync(process.execPath, ["--import", "tsx", "-e", before + code], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CADERNO_ENGINE: "", ...env },
  });
  assert.equal(child.status, 0, child.stderr);
  return { ...JSON.parse(child.stdout), stderr: child.stderr };
}

const wasm = run({ CADERNO_ENGINE: "wasm" });

test("CADERNO_ENGINE=wasm: o motor é o WebAssembly, e ele diz isso", () => {
  assert.deepEqual([wasm.engine.name, wasm.backend], ["wasm", "wasm"]);
  assert.match(wasm.engine.description, /^TensorFlow\.js 4\.22\.0 em WebAssembly, 1 núcleo$/);
  assert.equal(wasm.stderr, "");
});

test("WebAssembly: a rede aprende, e de um passo para outro não sobra tensor", () => {
  assert.ok(wasm.losses[2] < wasm.losses[0], `${wasm.losses}`);
  assert.deepEqual(wasm.memory[2], wasm.memory[1]);
});

test("nativo: três passos de treino dão os mesmos pesos que no WebAssembly", needsNative, () => {
  const native = run({});
  assert.deepEqual([native.engine.name, native.backend], ["nativo", "tensorflow"]);
  assert.match(native.engine.description, /^TensorFlow \d+\.\d+\.\d+ nativo, \d+ núcleos?$/);
  assertClose(native.losses, wasm.losses, 1e-4);
  assertClose(native.weights, wasm.weights, 1e-4);
  assert.deepEqual(native.memory[2], native.memory[1]);
  assert.equal(native.stderr, "");
});

test("nativo sem util.isNullOrUndefined, que saiu do Node 23", needsNative, () => {
  const native = run({}, `delete require("node:util").isNullOrUndefined;`);
  assert.equal(native.engine.name, "nativo");
  assertClose(native.losses, wasm.losses, 1e-4);
});

test("nativo que não carrega: avisa em português e usa o WebAssembly", () => {
  const broken = `
    require("node:fs").existsSync = () => true;
    const Module = require("node:module");
    const load = Module._load;
    Module._load = function (name, ...rest) {
      if (name === "@tensorflow/tfjs-node") throw new Error("libtensorflow.so.2: não existe\\nmais uma linha");
      return load.call(this, name, ...rest);
    };`;
  const { engine, stderr } = run({}, broken, `process.stdout.write(JSON.stringify({ engine: require("./lib/tensor").engine }));`); // prettier-ignore
  assert.equal(engine.name, "wasm");
  assert.equal(stderr, "O TensorFlow nativo não carregou (libtensorflow.so.2: não existe); uso o WebAssembly. Para consertar: npm start.\n"); // prettier-ignore
});

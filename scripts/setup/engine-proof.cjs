// Processo à parte: carrega o motor, multiplica duas matrizes e dá um passo de gradiente.
// Uso: node engine-proof.cjs native|wasm. Escreve "versão x.y.z" ou sai com erro.
const assert = require("node:assert/strict");
const util = require("node:util");

util.isNullOrUndefined ??= (value) => value === null || value === undefined; // saiu do Node 23

async function load(engine) {
  if (engine === "native") return require("@tensorflow/tfjs-node");
  const tf = require("@tensorflow/tfjs");
  require("@tensorflow/tfjs-backend-wasm");
  assert.ok(await tf.setBackend("wasm"));
  return tf;
}

async function prove(engine) {
  const tf = await load(engine);
  const product = tf.matMul(
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tf.tensor2d([
      [5, 6],
      [7, 8],
    ]),
  );
  assert.deepEqual([...product.dataSync()], [19, 22, 43, 50]);

  // perda (3w - 6)²: em w = 1 a derivada é -18, e um passo de 0,1 leva a 2,8
  const weight = tf.variable(tf.scalar(1));
  tf.train.sgd(0.1).minimize(() => tf.square(weight.mul(3).sub(6)));
  assert.ok(Math.abs(weight.dataSync()[0] - 2.8) < 1e-5);

  return engine === "native" ? tf.backend().binding.TF_Version : tf.version["tfjs-core"];
}

prove(process.argv[2]).then(
  (version) => console.log(`versão ${version}`),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

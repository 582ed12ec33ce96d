// Os mesmos treinos de training_torch.py e training_keras.py. Com CADERNO_BENCH=eager, sem `compile`; com stock, no tfjs-node como
// vem do npm.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import nodeUtil from "node:util";
import type * as Tf from "@tensorflow/tfjs";
import { seeded, tfSeed } from "../lib/random";
import type { Case } from "./serve";

type Loss = (outputs: Tf.Tensor, targets: Tf.Tensor) => Tf.Scalar;

/** O que se usa do otimizador de cada lado. */
interface Optimizer {
  minimize(loss: () => Tf.Scalar, variables: Tf.Variable[]): Tf.Scalar;
  /** Volta ao que era antes do primeiro passo. */
  reset(): void;
}

/** Um modelo: as variáveis e a saída; as formas de um exemplo e do seu alvo. */
interface Model {
  variables: Tf.Variable[];
  apply(x: Tf.Tensor): Tf.Tensor;
  batch: number;
  input: number[];
  /** Classes, ou a própria entrada. */
  target: "classes" | "image";
}

export const STEPS = 10;

const stock = process.env.CADERNO_BENCH === "stock";
const tf: typeof Tf = stock ? stockEngine() : require("../lib/tensor").tf;

function stockEngine(): typeof Tf {
  const util = nodeUtil as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  return require("@tensorflow/tfjs-node");
}

/** O otimizador, as perdas e o compilador de cada lado. */
function tools(): {
  classes: Loss;
  makeOptimizer: () => Optimizer;
  compile: (loss: Loss, variables: Tf.Variable[]) => Loss;
} {
  if (stock) {
    return {
      compile: (loss) => loss,
      classes: (z, y) =>
        tf.losses.softmaxCrossEntropy(tf.oneHot(y as Tf.Tensor1D, 10), z) as Tf.Scalar,
      makeOptimizer() {
        const make = () => tf.train.adam(0.001, 0.9, 0.999, 1e-8);
        let optimizer = make();
        return {
          minimize: (loss, variables) => optimizer.minimize(loss, true, variables)!,
          reset() {
            optimizer.dispose();
            optimizer = make();
          },
        };
      },
    };
  }
  const { adam } = require("../lib/optimizers") as typeof import("../lib/optimizers");
  const losses = require("../lib/losses") as typeof import("../lib/losses");
  const eager = process.env.CADERNO_BENCH === "eager";
  const { compile } = require("../lib/tensor/compile") as typeof import("../lib/tensor/compile");
  return {
    classes: losses.softmaxCrossEntropy,
    makeOptimizer() {
      const optimizer = adam();
      return { ...optimizer, reset: () => optimizer.restore({ step: 0, slots: [] }) };
    },
    compile: eager ? (loss) => loss : compile,
  };
}

export function prepare(folder: string): Record<string, Case<number[]>> {
  const models = {
    mlp: mlp(),
    cnn: cnn(),
    unet: unet(),
    lstm: lstm(),
    transformer: transformer(),
    small: small(64, 64),
    small3: small(128, 128, 128),
  };
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => [name, training(folder, name, model)]),
  );
}

function training(folder: string, name: string, model: Model): Case<number[]> {
  const source = seeded(`bench/treino/${name}`);
  const uniform = (size: number, scale: number) =>
    Float32Array.from({ length: size }, () => scale * (2 * source() - 1));
  const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1);
  // Pesos como os de Glorot; vieses em zero, escalas em um: como cada modelo os começou.
  const initial = model.variables.map((w) => {
    if (w.rank < 2) return w.dataSync().slice() as Float32Array;
    const fans = sizeOf(w.shape) / w.shape[w.rank - 1];
    return uniform(w.size, Math.sqrt(3 / fans));
  });
  const inputs = uniform(STEPS * model.batch * sizeOf(model.input), 1);
  const labels = Int32Array.from({ length: STEPS * model.batch }, () => Math.floor(10 * source()));
  const save = (what: string, values: ArrayLike<number>) =>
    writeFileSync(join(folder, `${name}.${what}.f32`), Float32Array.from(values));
  save(
    "weights",
    initial.flatMap((values) => Array.from(values)),
  );
  save("inputs", inputs);
  save("labels", labels);
  const shapes = { batch: model.batch, input: model.input, weights: model.variables.map((w) => w.shape) }; // prettier-ignore
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...shapes, steps: STEPS }));

  const { classes, makeOptimizer, compile } = tools();
  const image: Loss = (y, x) => tf.mean(tf.square(tf.sub(y, x))) as Tf.Scalar;
  const lossOf = model.target === "classes" ? classes : image;
  const loss = compile((x, y) => lossOf(model.apply(x), y), model.variables);
  const stride = model.batch * sizeOf(model.input);
  const batches = Array.from({ length: STEPS }, (_, i) => {
    const x = tf.tensor(inputs.slice(i * stride, (i + 1) * stride), [model.batch, ...model.input]);
    const y = tf.tensor1d(labels.slice(i * model.batch, (i + 1) * model.batch), "int32");
    return [x, model.target === "classes" ? y : x] as const;
  });
  const optimizer = makeOptimizer();
  const reset = () => {
    optimizer.reset();
    tf.tidy(() => model.variables.forEach((w, i) => w.assign(tf.tensor(initial[i].slice(), w.shape)))); // prettier-ignore
  };
  reset();
  return {
    run: () =>
      batches.map(([x, y]) =>
        tf.tidy(() => optimizer.minimize(() => loss(x, y), model.variables).dataSync()[0]),
      ),
    check(values) {
      reset(); // a rodada seguinte começa dos mesmos pesos
      return values;
    },
  };
}

const seed = () => tfSeed(seeded("bench/treino"));

/** As camadas com pesos do TensorFlow.js, no modo de treino. */
function layered(layers: Tf.layers.Layer[], batch: number, target: Model["target"]): Model {
  const model = tf.sequential({ layers });
  return fromLayers(model, batch, target);
}

function fromLayers(model: Tf.LayersModel, batch: number, target: Model["target"]): Model {
  return {
    variables: model.trainableWeights.map((w) => w.read() as Tf.Variable),
    apply: (x) => model.apply(x, { training: true }) as Tf.Tensor,
    batch,
    input: model.inputs[0].shape.slice(1) as number[],
    target,
  };
}

function mlp(): Model {
  const { dense } = tf.layers;
  const layers = [
    dense({ units: 512, activation: "relu", inputShape: [784] }),
    dense({ units: 256, activation: "relu" }),
    dense({ units: 10 }),
  ];
  return layered(layers, 128, "classes");
}

/** De pontos do plano a pontos do plano. */
function small(...widths: number[]): Model {
  const hidden = widths.map((units, i) =>
    tf.layers.dense({ units, activation: "relu", ...(i === 0 && { inputShape: [2] }) }),
  );
  return layered([...hidden, tf.layers.dense({ units: 2 })], 128, "image");
}

function cnn(): Model {
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const block = (filters: number, inputShape?: number[]) => [
    conv2d({ filters, kernelSize: 3, padding: "same", useBias: false, inputShape }),
    batchNormalization(),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  ];
  const head = [flatten(), dense({ units: 128, activation: "relu" }), dense({ units: 10 })];
  return layered([...block(16, [28, 28, 1]), ...block(32), ...head], 128, "classes");
}

/** Desce uma escala, sobe, junta o que guardou, e devolve uma imagem. */
function unet(): Model {
  const conv = (filters: number, kernelSize = 3, activation?: "relu") =>
    tf.layers.conv2d({ filters, kernelSize, padding: "same", activation });
  const input = tf.input({ shape: [28, 28, 1] });
  const fine = conv(32, 3, "relu").apply(input) as Tf.SymbolicTensor;
  const down = tf.layers.maxPooling2d({ poolSize: 2 }).apply(fine);
  const coarse = conv(64, 3, "relu").apply(down);
  const up = tf.layers.upSampling2d({ size: [2, 2] }).apply(coarse) as Tf.SymbolicTensor;
  const joined = conv(32, 3, "relu").apply(tf.layers.concatenate().apply([up, fine]));
  const output = conv(1, 1).apply(joined) as Tf.SymbolicTensor;
  return fromLayers(tf.model({ inputs: input, outputs: output }), 32, "image");
}

function lstm(): Model {
  const recurrent = tf.layers.lstm({
    units: 128,
    recurrentActivation: "sigmoid",
    unitForgetBias: false,
    recurrentInitializer: tf.initializers.glorotUniform({ seed: seed() }),
    inputShape: [32, 64],
  });
  return layered([recurrent, tf.layers.dense({ units: 10 })], 128, "classes");
}

/** Atenção de 4 cabeças e rede de duas camadas, cada uma depois de normalizar e somada à entrada; média no tempo; 10 classes. */
function transformer(): Model {
  const [heads, length, width, hidden] = [4, 64, 128, 512];
  const matrix = (...shape: number[]) => tf.variable(tf.zeros(shape));
  const norm = () => tf.layers.layerNormalization({ epsilon: 1e-5, inputShape: [length, width] });
  const [norm1, norm2] = [norm(), norm()];
  for (const layer of [norm1, norm2]) layer.build([null, length, width]);
  const bias = (size: number) => tf.variable(tf.zeros([size]));
  const [gain1, shift1, gain2, shift2] = [norm1, norm2].flatMap((layer) => layer.weights.map((w) => w.read() as Tf.Variable)); // prettier-ignore
  const [qkv, qkvBias] = [matrix(width, 3 * width), bias(3 * width)];
  const [out, outBias] = [matrix(width, width), bias(width)];
  const [up, upBias] = [matrix(width, hidden), bias(hidden)];
  const [down, downBias] = [matrix(hidden, width), bias(width)];
  const [last, lastBias] = [matrix(width, 10), bias(10)];
  const linear = (x: Tf.Tensor, w: Tf.Tensor, b: Tf.Tensor) =>
    tf.add(tf.matMul(x.reshape([-1, w.shape[0]]) as Tf.Tensor2D, w as Tf.Tensor2D), b);
  const gelu = tf.layers.activation({ activation: "gelu" });
  return {
    variables: [gain1, shift1, qkv, qkvBias, out, outBias, gain2, shift2, up, upBias, down, downBias, last, lastBias], // prettier-ignore
    apply(x) {
      const batch = x.shape[0];
      const parts = linear(norm1.apply(x) as Tf.Tensor, qkv, qkvBias);
      const split = parts.reshape([batch, length, 3, heads, width / heads]).transpose([2, 0, 3, 1, 4]); // prettier-ignore
      const [q, k, v] = tf.unstack(split);
      const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width / heads));
      const mixed = tf.matMul(tf.softmax(scores), v).transpose([0, 2, 1, 3]);
      const attended = tf.add(x, linear(mixed, out, outBias).reshape(x.shape));
      const inner = gelu.apply(linear(norm2.apply(attended) as Tf.Tensor, up, upBias)) as Tf.Tensor;
      const result = tf.add(attended, linear(inner, down, downBias).reshape(x.shape));
      return linear(tf.mean(result, 1), last, lastBias);
    },
    batch: 32,
    input: [length, width],
    target: "classes",
  };
}

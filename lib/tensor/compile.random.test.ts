import assert from "node:assert/strict";
import { test } from "node:test";
import { lcg } from "../testing";
import { engine, tf } from "../tensor";
import { compile } from "./compile";

// Programas sorteados sobre tensores de toda forma e tipo, vazios também: o compilado dá o mesmo que o comum, ou um erro onde ele dá um;
// nunca derruba o processo.
const draws = lcg(60_000, 5);
let next = 0;
const pick = <T>(list: readonly T[]): T => list[Math.floor(draws[next++] * list.length)];

const SHAPES = [[], [1], [0], [3], [2, 3], [0, 3], [2, 0], [1, 3], [2, 1], [2, 2, 3]];
const DTYPES = ["float32", "float32", "float32", "int32", "bool"] as const;

/** A conversão de NaN e de infinitos não é definida: cada processador dá o seu. */
const finite = (a: tf.Tensor) => tf.where(tf.isFinite(tf.cast(a, "float32")), a, tf.zerosLike(a));

type Operation = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const operations: Record<string, Operation> = {
  add: (a, b) => tf.add(a, b),
  mul: (a, b) => tf.mul(a, b),
  sub: (a, b) => tf.sub(a, b),
  div: (a, b) => tf.div(a, tf.add(tf.abs(b), 1)),
  maximum: (a, b) => tf.maximum(a, b),
  greater: (a, b) => tf.greater(a, b),
  equal: (a, b) => tf.equal(a, b),
  where: (a, b) => tf.where(tf.greater(a, 0), a, b),
  matMul: (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
  "matMul transposta": (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true),
  concat: (a, b) => tf.concat([a, b], 0),
  stack: (a) => tf.stack([a, a]),
  sum: (a) => tf.sum(a),
  "sum do último eixo": (a) => tf.sum(a, -1, true),
  mean: (a) => tf.mean(a, 0),
  max: (a) => tf.max(a, -1),
  argMax: (a) => tf.argMax(a, -1),
  softmax: (a) => tf.softmax(a),
  tanh: (a) => tf.tanh(a),
  exp: (a) => tf.exp(tf.clipByValue(a, -3, 3)),
  relu: (a) => tf.relu(a),
  square: (a) => tf.square(a),
  "cast para int32": (a) => tf.cast(finite(a), "int32"),
  "cast para bool": (a) => tf.cast(finite(a), "bool"),
  "cast para float32": (a) => tf.cast(a, "float32"),
  reshape: (a) => tf.reshape(a, [-1]),
  transpose: (a) => tf.transpose(a),
  expandDims: (a) => tf.expandDims(a, 0),
  squeeze: (a) => tf.squeeze(a),
  slice: (a) => tf.slice(a, 0, 1),
  pad: (a) => tf.pad(a, a.shape.map((): [number, number] => [1, 0])), // prettier-ignore
  tile: (a) => tf.tile(a, a.shape.map(() => 2)), // prettier-ignore
  reverse: (a) => tf.reverse(a),
  gather: (a, b) => tf.gather(a, tf.cast(tf.clipByValue(tf.cast(b, "float32"), 0, 0), "int32")),
  oneHot: (a) => tf.oneHot(tf.cast(finite(a), "int32"), 3),
  cumsum: (a) => tf.cumsum(a, 0),
  "uma constante": () => tf.tensor1d([1, 2, 3]),
  zerosLike: (a) => tf.zerosLike(a),
};

interface Program {
  readonly name: string;
  readonly inputs: readonly tf.Tensor[];
  f(...inputs: tf.Tensor[]): tf.Tensor;
}

function program(): Program {
  const inputs = Array.from({ length: 3 }, () => {
    const shape = pick(SHAPES);
    const dtype = pick(DTYPES);
    const values = Array.from({ length: tf.util.sizeFromShape(shape) }, () => 4 * draws[next++] - 2); // prettier-ignore
    return tf.tensor(values.map((v) => (dtype === "bool" ? Number(v > 0) : dtype === "int32" ? Math.round(v) : v)), shape, dtype); // prettier-ignore
  });
  const names = Object.keys(operations);
  const steps = Array.from({ length: 1 + Math.floor(4 * draws[next++]) }, () => {
    const [a, b] = [draws[next++], draws[next++]];
    return { name: pick(names), a, b };
  });
  const f = (...given: tf.Tensor[]) => {
    const values = [...given];
    for (const { name, a, b } of steps) {
      const at = (u: number) => values[Math.floor(u * values.length)];
      values.push(operations[name](at(a), at(b)));
    }
    return values[values.length - 1];
  };
  const kinds = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(" ");
  return { name: `${steps.map(({ name }) => name).join(", ")} de ${kinds}`, inputs, f };
}

/** O valor, ou o erro. */
function outcome(f: () => tf.Tensor) {
  try {
    return tf.tidy(() => {
      const y = f();
      return { dtype: y.dtype, shape: y.shape, values: Array.from(y.dataSync()) };
    });
  } catch (error) {
    assert.ok(error instanceof Error);
    return null;
  }
}

type Outcome = ReturnType<typeof outcome>;

/** O mesmo erro ou o mesmo valor, a menos de arredondamento. */
function assertSame(got: Outcome, expected: Outcome, name: string): void {
  const kind = (one: Outcome) => one && `${one.dtype}[${one.shape}]`;
  assert.equal(kind(got), kind(expected), name);
  const far = got?.values.findIndex((v, i) => {
    const right = expected!.values[i];
    return !Object.is(v, right) && !(Math.abs(v - right) <= 1e-6 * Math.max(1, Math.abs(right)));
  });
  assert.ok(far === undefined || far < 0, `${name}: ${got?.values} em vez de ${expected?.values}`);
}

if (engine.name === "nativo")
  test("programas sorteados: compilados, dão o mesmo ou um erro", () => {
    let failed = 0;
    for (let i = 0; i < 600; i++) {
      const { name, inputs, f } = program();
      const compiled = compile(f);
      const plain = outcome(() => f(...inputs));
      const [first, second] = [outcome(() => compiled(...inputs)), outcome(() => compiled(...inputs))]; // prettier-ignore
      assertSame(first, plain, name);
      assertSame(second, plain, name);
      if (!plain) failed++;
      compiled.dispose();
      tf.dispose([...inputs]);
    }
    assert.ok(failed > 50 && failed < 400, `${failed} de 600 programas são erros`);
  });

if (engine.name === "nativo")
  test("gradientes de programas sorteados: compilados, os mesmos", () => {
    for (let i = 0; i < 300; i++) {
      const { name, inputs, f } = program();
      const w = tf.variable(tf.tensor(Array.from({ length: inputs[0].size }, () => draws[next++]), inputs[0].shape)); // prettier-ignore
      const loss = (a: tf.Tensor, b: tf.Tensor) =>
        tf.sum(tf.cast(f(w, a, b), "float32")) as tf.Scalar;
      const compiled = compile(loss, [w]);
      const gradient = (of: typeof loss) =>
        outcome(() => tf.variableGrads(() => of(inputs[1], inputs[2]), [w]).grads[w.name] ?? tf.zerosLike(w)); // prettier-ignore
      assertSame(gradient(compiled), gradient(loss), name);
      compiled.dispose();
      tf.dispose([w, ...inputs]);
    }
  });

/** O traçado: roda uma função uma vez e anota, como um grafo, cada operação que ela pediu ao TensorFlow. */
import * as tf from "@tensorflow/tfjs";
import { hasFastMaxPool } from "../maxPool";
import { attribute, nativeBackend, run, typeOf, type Attribute } from "../native";
import type { Constant, Handle, Node } from "../graph";

/** Uma fonte de sorteios: números uniformes em [0, 1). */
export type Draw = () => number;

/** O que faz um tensor de sorteios: só da fonte e dos parâmetros. */
export type Make = (source: Draw, ...params: never[]) => tf.Tensor;

/** De onde vem, a cada chamada, o valor de uma entrada do grafo. */
export type Feed = { readonly node: string } & (
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "variable"; readonly variable: tf.Variable }
  | {
      readonly kind: "live";
      /** O índice do argumento que é a fonte, ou a própria fonte, se a função a pega de fora. */
      readonly source: number | Draw;
      readonly make: Make;
      readonly params: readonly unknown[];
    }
);

/** O grafo de uma função para argumentos de certas formas. As saídas são nomes de nós. */
export interface Trace {
  readonly nodes: readonly Node[];
  readonly feeds: readonly Feed[];
  readonly value: string;
  /** O gradiente em relação a cada tensor pedido; `null` se a função não depende dele. */
  readonly gradients: readonly (string | null)[];
  /** De que argumentos o valor depende: os índices. */
  readonly dependsOn: readonly number[];
  /** As variáveis que a função muda (as médias da normalização em lote), com o que recebem. */
  readonly updates: readonly { readonly variable: tf.Variable; readonly output: string }[];
  /** A função fez variáveis: este traçado as tem por constantes, e não serve. */
  readonly madeVariables: boolean;
}

/** Operações que sorteiam por conta própria: no grafo, seguiriam outra sequência. */
const RANDOM = /^(Multinomial|Random|TruncatedNormal|ParameterizedTruncatedNormal|Stateless)/;

interface Active {
  live(source: Draw, make: Make, params: readonly unknown[]): tf.Tensor;
}
let active: Active | null = null;

/** Um traçado está em curso? */
export const isTracing = (): boolean => active !== null;

/** `make(source, ...params)`; durante um traçado, uma entrada que se refaz a cada chamada do grafo. */
export function draw<P extends unknown[]>(
  source: Draw,
  make: (source: Draw, ...params: P) => tf.Tensor,
  ...params: P
): tf.Tensor {
  return active ? active.live(source, make as unknown as Make, params) : make(source, ...params);
}

/**
 * Traça `f(...args)` e seus gradientes. Não muda nada: as variáveis voltam ao que eram, e as fontes não andam (os sorteios do traçado
 * são de outra, com a semente `seed`).
 *
 * @param wrt em relação a que derivar: variáveis, ou índices de argumentos
 * @throws Error se a função usa o que ficaria congelado: um tensor de fora, um valor lido com `dataSync`, um sorteio do TensorFlow
 */
export function trace(
  f: (...args: never[]) => tf.Tensor,
  args: readonly unknown[],
  wrt: readonly (tf.Variable | number)[],
  seed: number,
): Trace {
  hasFastMaxPool(); // experimenta, se ainda não o fez: dentro do traçado não poderia
  const backend = nativeBackend() as unknown as Backend;
  const { binding } = backend;
  const own = { getInputTensorIds: backend.getInputTensorIds };
  const idsOf = (tensors: tf.Tensor[]) => own.getInputTensorIds.call(backend, tensors);
  const nodes: Node[] = [];
  const feeds: Feed[] = [];
  const outputs = new Map<number, string>(); // identificador do tensor → a saída do grafo que o dá
  const constants = new Map<number, Constant>();
  const inside = new WeakSet<object>(); // os dados que este traçado fez, ou que entram nele
  const stream = privateStream(seed);

  const add = (op: string, inputs: string[], attributes: Attribute[], constant?: Constant) => {
    const name = `n${nodes.length}`;
    nodes.push({ name, op, inputs, attributes, constant });
    return name;
  };
  const type = (dtype: number, name = "dtype") => attribute(name, "TYPE", dtype);
  const input = (tensor: tf.Tensor) => {
    const node = add("Placeholder", [], [type(typeOf(tensor)), attribute("shape", "SHAPE", tensor.shape)]); // prettier-ignore
    outputs.set(idsOf([tensor])[0], node);
    inside.add(tensor.dataId);
    return node;
  };
  const outputOf = (id: number): string => {
    const known = outputs.get(id);
    if (known !== undefined) return known;
    const constant = constants.get(id);
    if (!constant) throw new Error(`compile: o tensor ${id} não é deste traçado`);
    const node = add("Const", [], [type(constant.dtype)], constant);
    outputs.set(id, node);
    return node;
  };
  // Uma saída não pode ser também entrada, nem duas a mesma: passa por uma identidade.
  const output = (tensor: tf.Tensor) =>
    add("Identity", [outputOf(idsOf([tensor])[0])], [type(typeOf(tensor), "T")]);

  const tracing = Object.fromEntries(
    Object.getOwnPropertyNames(binding).map((key) => [key, binding[key]]),
  ) as typeof binding; // as propriedades da ligação não se deixam trocar: uma cópia dela, com outras funções
  tracing.createTensor = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    constants.set(id, { shape: [...shape], dtype, bytes: bytesOf(values, dtype, binding) });
    return id;
  };
  tracing.tensorDataSync = () => {
    throw new Error(
      "compile: a função lê o valor de um tensor (dataSync), que no grafo ficaria congelado. Faça a conta com tensores",
    );
  };
  tracing.executeOp = (op, attributes, ids, count) => {
    if (RANDOM.test(op))
      throw new Error(
        `compile: a função sorteia com ${op}, que o grafo não repete. Sorteie antes, e passe o tensor como argumento`,
      );
    const inputs = ids.map(outputOf);
    const result = binding.executeOp(op, attributes, ids, count);
    const given = attributes.filter(({ value }) => value !== null && value !== undefined);
    // O tfjs-node não diz o tipo a ExpandDims, e a Mean diz o de antes da conversão: fora de um grafo, o TensorFlow o deduz.
    const wrong = op === "ExpandDims" || op === "Mean";
    const typed = wrong ? [...given.filter(({ name }) => name !== "T"), type(result[0].dtype, "T")] : given; // prettier-ignore
    const node = add(op, inputs, typed);
    result.forEach(({ id }, i) => outputs.set(id, i === 0 ? node : `${node}:${i}`));
    return result;
  };

  const before = registeredVariables();
  const kept = before.map((variable) => ({ variable, dataId: variable.dataId, copy: variable.clone() })); // prettier-ignore
  const variableOf = new Map(kept.map(({ variable, dataId }) => [dataId, variable]));
  const record = {
    binding: tracing,
    move(dataId: object, ...rest: unknown[]) {
      inside.add(dataId);
      return Object.getPrototypeOf(backend).move.call(backend, dataId, ...rest);
    },
    createOutputTensor(metadata: unknown): tf.Tensor {
      const tensor = Object.getPrototypeOf(backend).createOutputTensor.call(backend, metadata);
      inside.add(tensor.dataId);
      return tensor;
    },
    getInputTensorIds(tensors: tf.Tensor[]) {
      for (const tensor of tensors) {
        if (!tensor.dataId || inside.has(tensor.dataId)) continue;
        const variable = variableOf.get(tensor.dataId);
        if (!variable)
          throw new Error(
            `compile: a função usa um tensor [${tensor.shape}] feito fora dela, que no grafo ficaria congelado. Passe-o como argumento`,
          );
        feeds.push({ kind: "variable", variable, node: input(variable) });
      }
      return idsOf(tensors);
    },
  };
  const stop = () => {
    backend.binding = binding;
    for (const key of ["move", "createOutputTensor", "getInputTensorIds"] as const) delete backend[key]; // prettier-ignore
  };
  const sources = args.map((arg) => typeof arg === "function" && (() => stream()));
  active = {
    live(source, make, params) {
      stop();
      try {
        const tensor = make(stream, ...(params as never[]));
        const index = sources.indexOf(source as never);
        feeds.push({ kind: "live", source: index < 0 ? source : index, make, params, node: input(tensor) }); // prettier-ignore
        return tensor;
      } finally {
        Object.assign(backend, record);
      }
    },
  };
  try {
    let traced: Trace;
    outsideGradients(() =>
      tf.tidy(() => {
        // Cada argumento ganha um identificador só seu: dois que hoje são o mesmo tensor podem amanhã não ser.
        const own = args.map((arg, index) => {
          if (!(arg instanceof tf.Tensor)) return sources[index] || arg;
          const [copy] = run("Identity", [arg], [type(typeOf(arg), "T")]);
          feeds.push({ kind: "argument", index, node: input(copy) });
          return copy;
        });
        Object.assign(backend, record);
        const targets = wrt.map((one) => (typeof one === "number" ? (own[one] as tf.Tensor) : one));
        const { value, grads } = gradientsOf(() => f(...(own as never[])), targets);
        const valueOutput = output(value);
        const needed = ancestors(nodes, valueOutput);
        traced = {
          nodes,
          feeds,
          value: valueOutput,
          dependsOn: feeds.flatMap((feed) =>
            feed.kind === "argument" && needed.has(feed.node) ? [feed.index] : [],
          ),
          gradients: grads.map((gradient) => (gradient ? output(gradient) : null)),
          updates: kept
            .filter(({ variable, dataId }) => variable.dataId !== dataId)
            .map(({ variable }) => ({ variable, output: output(variable) })),
          madeVariables: registeredVariables().length > before.length,
        };
      }),
    );
    return traced!;
  } finally {
    active = null;
    stop();
    for (const { variable, dataId, copy } of kept) {
      if (!variable.isDisposed && variable.dataId !== dataId) variable.assign(copy);
      copy.dispose();
    }
  }
}

/** Os nós de que um nó depende, e ele. */
function ancestors(nodes: readonly Node[], name: string): Set<string> {
  const needed = new Set([name]);
  // Cada nó vem depois dos que usa.
  for (const node of [...nodes].reverse())
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input.split(":")[0]);
  return needed;
}

/** O que dois traçados da mesma função têm de diferente, em palavras; `null` se são o mesmo grafo. */
export function difference(a: Trace, b: Trace): string | null {
  const where = a.nodes.findIndex((node, i) => !sameNode(node, b.nodes[i]));
  if (where >= 0) {
    const [x, y] = [a.nodes[where], b.nodes[where]];
    if (!x.constant || !y?.constant)
      return y && x.op === y.op
        ? `um atributo ou entrada de ${x.op} mudou`
        : `uma vez pede ${x.op}; outra, ${y?.op ?? "nada"}`;
    const user = a.nodes.find(({ inputs }) => inputs.some((name) => name.split(":")[0] === x.name));
    return `um número que entra em ${user?.op ?? "uma saída"} mudou (${valueText(x)} e ${valueText(y)})`;
  }
  if (a.nodes.length !== b.nodes.length) return `uma vez pede ${b.nodes[a.nodes.length].op} a mais`;
  const sameFeed = (x: Feed, y: Feed) =>
    x.kind === y.kind &&
    (x.kind !== "variable" || x.variable === (y as typeof x).variable) &&
    (x.kind !== "live" ||
      (x.source === (y as typeof x).source &&
        JSON.stringify(x.params) === JSON.stringify((y as typeof x).params)));
  return a.feeds.every((feed, i) => sameFeed(feed, b.feeds[i]))
    ? null
    : "uma variável, uma fonte ou um parâmetro de sorteio é outro";
}

function sameNode(a: Node, b: Node | undefined): boolean {
  return (
    b !== undefined &&
    a.op === b.op &&
    a.inputs.join() === b.inputs.join() &&
    text(a.attributes) === text(b.attributes) &&
    !a.constant === !b.constant &&
    (!a.constant ||
      (a.constant.shape.join() === b.constant!.shape.join() &&
        Buffer.compare(a.constant.bytes, b.constant!.bytes) === 0))
  );
}

const text = (attributes: readonly Attribute[]) =>
  JSON.stringify(attributes.map(({ name, type, value }) => [name, type, ArrayBuffer.isView(value) ? [...(value as Int32Array)] : value])); // prettier-ignore

/** O primeiro número de uma constante. */
function valueText({ constant }: Node): string {
  const { bytes, dtype } = constant!;
  const { TF_FLOAT, TF_BOOL } = nativeBackend().binding;
  if (bytes.length === 0) return "vazio";
  if (dtype === TF_BOOL) return String(bytes[0]);
  const list = dtype === TF_FLOAT ? Float32Array : Int32Array;
  const [first] = new list(bytes.slice(0, 4).buffer);
  return `${Number(first.toPrecision(4))}${bytes.length > 4 ? ", …" : ""}`;
}

function gradientsOf(
  f: () => tf.Tensor,
  wrt: readonly tf.Tensor[],
): { value: tf.Tensor; grads: (tf.Tensor | undefined)[] } {
  if (wrt.length === 0) return { value: f(), grads: [] };
  const scalar = () => {
    const value = f();
    if (value.rank !== 0)
      throw new TypeError(
        `compile: para derivar, a função deve dar um número (tf.Scalar), e deu [${value.shape}]`,
      );
    return value;
  };
  return (tf.engine() as unknown as Engine).gradients(scalar, [...wrt], undefined, true);
}

/** O traçado é uma conta à parte: não entra na fita do gradiente em que a função compilada é chamada. */
function outsideGradients<T>(f: () => T): T {
  const { state } = tf.engine() as unknown as Engine;
  const { gradientDepth, activeTape, kernelDepth } = state;
  Object.assign(state, { gradientDepth: 0, activeTape: undefined, kernelDepth: 0 });
  try {
    return f();
  } finally {
    Object.assign(state, { gradientDepth, activeTape, kernelDepth });
  }
}

const registeredVariables = () =>
  Object.values((tf.engine() as unknown as Engine).state.registeredVariables);

/** Sorteios só do traçado: um gerador congruencial, que não precisa ser bom, só outro a cada vez. */
function privateStream(seed: number): Draw {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 2 ** 31;
}

/** O que aqui se usa do motor do TensorFlow.js e que ele não declara. */
interface Engine {
  gradients(f: () => tf.Tensor, xs: tf.Tensor[], dy: undefined, allowNoGradients: boolean): { value: tf.Tensor; grads: (tf.Tensor | undefined)[] }; // prettier-ignore
  state: {
    registeredVariables: Record<string, tf.Variable>;
    gradientDepth: number;
    activeTape: unknown;
    kernelDepth: number;
  };
}

interface Binding {
  executeOp(op: string, attributes: Attribute[], ids: number[], count: number): Handle[];
  createTensor(shape: number[], dtype: number, values: ArrayBufferView): number;
  tensorDataSync(id: number): unknown;
  TF_FLOAT: number;
  TF_INT32: number;
  TF_BOOL: number;
  [other: string]: unknown;
}

interface Backend {
  binding: Binding;
  getInputTensorIds(tensors: tf.Tensor[]): number[];
  move?: unknown;
  createOutputTensor?: unknown;
}

/** Os valores de um tensor, como o TensorFlow os guarda. */
function bytesOf(values: ArrayBufferView, dtype: number, binding: Binding): Uint8Array {
  const list = values as unknown as ArrayLike<number>;
  const typed =
    dtype === binding.TF_FLOAT
      ? Float32Array.from(list, (v) => (v === v ? v : NaN)) // NaN tem muitas formas: uma só, para comparar
      : dtype === binding.TF_BOOL
        ? Uint8Array.from(list)
        : Int32Array.from(list); // int64 chega já em pares de int32
  return new Uint8Array(typed.buffer);
}

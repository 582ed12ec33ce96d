import * as tf from "@tensorflow/tfjs";
import { load, type Session } from "./graph";
import { difference, isTracing, trace, type Draw, type Trace } from "./compile/trace";
import { gradientDepth, isNative, nativeBackend } from "./native";

export { draw } from "./compile/trace";

/** Uma função compilada: chama-se como a original. */
export interface Compiled<Args extends readonly unknown[], Result extends tf.Tensor> {
  (...args: Args): Result;
  /** Libera a memória dos grafos; a função continua a servir, e traça de novo quando chamada. */
  dispose(): void;
}

/**
 * A mesma função, mais depressa: na primeira chamada, anota as operações de `loss` e as de seus gradientes em um grafo do TensorFlow;
 * daí em diante cada chamada é uma só, e não centenas. Usa-se no lugar da original:
 *
 *     const loss = compile((x: tf.Tensor, y: tf.Tensor) => softmaxCrossEntropy(run(model, x), y), variables);
 *     optimizer.minimize(() => loss(x, y), variables);
 *
 * Os pesos continuam a ser `tf.Variable` comuns. O que muda de uma chamada para outra (o lote, o ruído, o tempo) entra como argumento:
 * tensores e fontes (`Source`) seguem vivos; de números, textos e listas deles se faz um grafo por valor, como de tensores se faz um por
 * forma, e de um modelo, um por modelo. O que ficaria congelado é um erro: a função é traçada duas vezes, e o que muda entre elas (um contador, um sorteio que não
 * passa por `draw`) é recusado, como um tensor feito fora que não é variável. Fora de um gradiente, só a ida é calculada; dentro de
 * dois, e no WebAssembly, roda a função original.
 *
 * @param loss dá um número, para que se derive; fora de um gradiente, pode dar qualquer tensor
 * @param variables em relação a que se deriva; em relação aos argumentos float32, sempre se pode
 * @throws Error na primeira chamada, com o que ficaria congelado, e quando se deriva em relação a uma variável de fora da lista; TypeError se um argumento é uma lista ou objeto com tensores
 */
export function compile<Args extends readonly unknown[], Result extends tf.Tensor = tf.Scalar>(
  loss: (...args: Args) => Result,
  variables: readonly tf.Variable[] = [],
): Compiled<Args, Result> {
  const graphs = new Map<string, Graph>();
  const identities = new WeakMap<object, number>();
  let objects = 0;
  const plain = loss as unknown as (...args: never[]) => tf.Tensor;

  const describe = (arg: unknown, index: number): string => {
    if (arg instanceof tf.Tensor && arg.isDisposed)
      throw new Error(`compile: o argumento ${index + 1} é um tensor já descartado (dispose)`);
    if (arg instanceof tf.Tensor) return `${arg.dtype}[${arg.shape}]`;
    if (typeof arg === "function") return "fonte";
    if (typeof arg !== "object" || arg === null) return `${typeof arg} ${String(arg)}`;
    if (Object.values(arg).some((item) => item instanceof tf.Tensor))
      throw new TypeError(
        `compile: o argumento ${index + 1} guarda tensores; passe cada tensor como um argumento`,
      );
    if (isData(arg)) return JSON.stringify(arg);
    if (!identities.has(arg)) identities.set(arg, objects++);
    return `objeto ${identities.get(arg)}`;
  };
  const graphOf = (args: readonly unknown[], wrt: Wrt): Graph => {
    const key = `${args.map(describe).join(" ")} ${wrt.map((one) => (typeof one === "number" ? one : "w")).join()}`;
    let graph = graphs.get(key);
    if (!graph) {
      graphs.set(key, (graph = build(plain, args, wrt)));
      if (graphs.size === MANY)
        console.warn(
          `compile: já são ${MANY} grafos da mesma função, um por forma ou valor dos argumentos; traçar custa mais que rodar. Lotes do mesmo tamanho, e números em tf.scalar, evitam isso`,
        );
    }
    return graph;
  };
  const call = (...args: Args): Result => {
    if (!isNative() || isTracing() || gradientDepth() > 1) return loss(...args);
    if (gradientDepth() === 0)
      return tf.tidy(() => graphOf(args, []).run(args, []).value as Result);
    return differentiable(args, variables, graphOf) as Result;
  };
  const dispose = () => disposeAll(graphs);
  const compiled = Object.assign(call, { dispose });
  lost.register(compiled, graphs);
  return compiled;
}

/** Números, textos e listas deles valem pelo que contêm; um modelo, por ser ele. */
function isData(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  const plain = Array.isArray(value) || ArrayBuffer.isView(value) || Object.getPrototypeOf(value) === Object.prototype; // prettier-ignore
  return plain && Object.values(value).every(isData);
}

/** Com quantos grafos da mesma função se avisa. */
const MANY = 12;

const disposeAll = (graphs: Map<string, Graph>) => {
  for (const { session } of graphs.values()) session.dispose();
  graphs.clear();
};

/** Uma função compilada que ninguém mais tem devolve seus grafos. */
const lost = new FinalizationRegistry(disposeAll);

/** Em relação a que se deriva: variáveis, ou índices de argumentos. */
type Wrt = readonly (tf.Variable | number)[];

interface Graph {
  readonly session: Session;
  readonly trace: Trace;
  /**
   * Roda o grafo, e dá às variáveis que a função muda seus novos valores.
   *
   * @param outputs o que mais se pede
   * @param drawn os sorteios a usar, se já foram feitos: é o mesmo passo outra vez, e nenhuma variável muda
   */
  run(args: readonly unknown[], outputs: readonly string[], drawn?: readonly tf.Tensor[]): { value: tf.Tensor; rest: tf.Tensor[]; drawn: tf.Tensor[] }; // prettier-ignore
}

function build(f: (...args: never[]) => tf.Tensor, args: readonly unknown[], wrt: Wrt): Graph {
  let first = trace(f, args, wrt, 1);
  if (first.madeVariables) first = trace(f, args, wrt, 1);
  const problem = difference(first, trace(f, args, wrt, 2));
  if (problem)
    throw new Error(
      `compile: traçada duas vezes, a função não foi a mesma: ${problem}. O que muda de uma chamada para outra deve ser um argumento: um tensor, ou a fonte dos sorteios`,
    );
  const session = load(first.nodes);
  const inputs = first.feeds.map(({ node }) => node);
  const backend = nativeBackend();
  return {
    session,
    trace: first,
    run(args, outputs, given) {
      const drawn: tf.Tensor[] = [];
      const tensors = first.feeds.map((feed) => {
        if (feed.kind === "argument") return args[feed.index] as tf.Tensor;
        if (feed.kind === "variable") return feed.variable;
        const source = typeof feed.source === "number" ? (args[feed.source] as Draw) : feed.source;
        const tensor = given?.[drawn.length] ?? feed.make(source, ...(feed.params as never[]));
        drawn.push(tensor);
        return tensor;
      });
      const updates = given ? [] : first.updates;
      const names = [first.value, ...outputs, ...updates.map(({ output }) => output)];
      const handles = session.run(inputs, backend.getInputTensorIds(tensors), names);
      const [value, ...rest] = handles.map((handle) => backend.createOutputTensor(handle));
      updates.forEach(({ variable }, i) => variable.assign(rest[outputs.length + i]));
      return { value, rest: rest.slice(0, outputs.length), drawn };
    },
  };
}

/**
 * Roda o grafo com os gradientes das variáveis ou, se não há, com os dos argumentos, e o põe na fita como uma operação só. Tendo as duas
 * coisas, o gradiente de um argumento só se calcula, em outro grafo, se alguém o pede.
 */
function differentiable(
  args: readonly unknown[],
  variables: readonly tf.Variable[],
  graphOf: (args: readonly unknown[], wrt: Wrt) => Graph,
): tf.Tensor {
  const numbers = args.flatMap((arg, i) => arg instanceof tf.Tensor && arg.dtype === "float32" ? [i] : []); // prettier-ignore
  const wrt = variables.length > 0 ? variables : numbers;
  const graph = graphOf(args, wrt);
  const { gradients, dependsOn } = graph.trace;
  const known = wrt.flatMap((one, i) => {
    const output = gradients[i];
    return output
      ? [{ tensor: typeof one === "number" ? (args[one] as tf.Tensor) : one, output }]
      : [];
  });
  const later = wrt === numbers ? [] : numbers.filter((i) => dependsOn.includes(i));
  // As variáveis que a função pega de fora da lista também são entradas: quem as deriva por engano fica sabendo.
  const unlisted = graph.trace.feeds.flatMap((feed) =>
    feed.kind === "variable" && feed.variable.trainable && !variables.includes(feed.variable)
      ? [feed.variable]
      : [],
  );
  const inputs = [
    ...known.map(({ tensor }) => tensor),
    ...later.map((i) => args[i] as tf.Tensor),
    ...unlisted,
  ];
  return engine().runKernelFunc({
    inputs: Object.fromEntries(inputs.map((tensor, i) => [i, tensor])),
    forwardFunc(_, save) {
      const { value, rest, drawn } = graph.run(args, known.map(({ output }) => output)); // prettier-ignore
      const tensors = args.filter((arg): arg is tf.Tensor => arg instanceof tf.Tensor);
      save(later.length === 0 ? rest : [...rest, ...tensors, ...drawn]);
      return value;
    },
    backwardsFunc(dy, saved) {
      const kept = saved.slice(known.length);
      const again = args.map((arg) => (arg instanceof tf.Tensor ? kept.shift() : arg)); // sobram os sorteios
      const gradient = (i: number) => {
        if (i < known.length) return saved[i];
        if (i >= known.length + later.length)
          throw new Error(
            `compile: pediram o gradiente em relação a ${(inputs[i] as tf.Variable).name}, que não está entre as variáveis dadas a compile`,
          );
        const graph = graphOf(again, [later[i - known.length]]);
        const [output] = graph.trace.gradients;
        return output ? graph.run(again, [output], kept).rest[0] : tf.zerosLike(inputs[i]);
      };
      return Object.fromEntries(inputs.map((_, i) => [i, () => times(gradient(i), dy)]));
    },
  });
}

/** O gradiente que vem de fora é quase sempre 1: é a perda que se deriva. */
const times = (gradient: tf.Tensor, dy: tf.Tensor) =>
  dy.dataSync()[0] === 1 ? tf.clone(gradient) : tf.mul(gradient, dy);

interface Operation {
  inputs: Record<string, tf.Tensor>;
  forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): tf.Tensor;
  backwardsFunc(dy: tf.Tensor, saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
}

const engine = () => tf.engine() as unknown as { runKernelFunc(operation: Operation): tf.Tensor };

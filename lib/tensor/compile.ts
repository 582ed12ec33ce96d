import * as tf from "@tensorflow/tfjs";
import { load, type Session } from "./compile/graph";
import {
  difference,
  isDifferentiable,
  isTracing,
  trace,
  type Draw,
  type Trace,
} from "./compile/trace";
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
 * tensores e fontes (`Source`) seguem vivos; de números, textos e objetos se faz um grafo por valor, como de tensores se faz um por
 * forma. O que ficaria congelado é um erro: a função é traçada duas vezes, e o que muda entre elas (um contador, um sorteio que não
 * passa por `draw`) é recusado, como um tensor feito fora que não é variável. Fora de um gradiente, só a ida é calculada; dentro de
 * dois, e no WebAssembly, roda a função original.
 *
 * @param loss dá um número, para que se derive; fora de um gradiente, pode dar qualquer tensor
 * @param variables em relação a que se deriva; em relação aos argumentos float32, sempre se pode
 * @throws Error na primeira chamada, com o que ficaria congelado; TypeError se um argumento é uma lista ou objeto com tensores
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
    if (arg instanceof tf.Tensor) return `${arg.dtype}[${arg.shape}]`;
    if (typeof arg === "function") return "fonte";
    if (typeof arg !== "object" || arg === null) return `${typeof arg} ${String(arg)}`;
    if (Object.values(arg).some((item) => item instanceof tf.Tensor))
      throw new TypeError(
        `compile: o argumento ${index + 1} guarda tensores; passe cada tensor como um argumento`,
      );
    if (!identities.has(arg)) identities.set(arg, objects++);
    return `objeto ${identities.get(arg)}`;
  };
  const graphOf = (args: readonly unknown[], differentiated: boolean): Graph => {
    const key = `${differentiated} ${args.map(describe).join(" ")}`;
    let graph = graphs.get(key);
    if (!graph) {
      graphs.set(key, (graph = build(plain, args, differentiated ? variables : null)));
      if (graphs.size === MANY)
        console.warn(
          `compile: já são ${MANY} grafos da mesma função, um por forma ou valor dos argumentos; traçar custa mais que rodar. Lotes do mesmo tamanho, e números em tf.scalar, evitam isso`,
        );
    }
    return graph;
  };
  const call = (...args: Args): Result => {
    if (!isNative() || isTracing() || gradientDepth() > 1) return loss(...args);
    const differentiated = gradientDepth() === 1;
    const graph = graphOf(args, differentiated);
    const result = differentiated ? differentiable(graph, args, variables) : tf.tidy(() => graph.run(args, []).value); // prettier-ignore
    return result as Result;
  };
  const dispose = () => disposeAll(graphs);
  const compiled = Object.assign(call, { dispose });
  lost.register(compiled, graphs);
  return compiled;
}

/** Com quantos grafos da mesma função se avisa. */
const MANY = 12;

const disposeAll = (graphs: Map<string, Graph>) => {
  for (const { session } of graphs.values()) session.dispose();
  graphs.clear();
};

/** Uma função compilada que ninguém mais tem devolve seus grafos. */
const lost = new FinalizationRegistry(disposeAll);

interface Graph {
  readonly session: Session;
  readonly trace: Trace;
  /**
   * Roda o grafo, e dá às variáveis que a função muda seus novos valores.
   *
   * @param outputs o que mais se pede
   * @param drawn os sorteios a usar, se já foram feitos
   */
  run(args: readonly unknown[], outputs: readonly string[], drawn?: readonly tf.Tensor[]): { value: tf.Tensor; rest: tf.Tensor[]; drawn: tf.Tensor[] }; // prettier-ignore
}

function build(
  f: (...args: never[]) => tf.Tensor,
  args: readonly unknown[],
  variables: readonly tf.Variable[] | null,
): Graph {
  let first = trace(f, args, variables, 1);
  if (first.madeVariables) first = trace(f, args, variables, 1);
  const problem = difference(first, trace(f, args, variables, 2));
  if (problem)
    throw new Error(
      `compile: traçada duas vezes, a função não foi a mesma: ${problem}. O que muda de uma chamada para outra deve ser um argumento: um tensor, ou a fonte dos sorteios`,
    );
  const session = load(first.nodes, first.feeds.map(({ node }) => node)); // prettier-ignore
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
      // Quem pede com sorteios já feitos pede de novo o mesmo passo: as variáveis já mudaram.
      const updates = given ? [] : first.updates;
      const wanted = [...outputs, ...updates.map(({ output }) => output)];
      const names = given ? wanted : [first.value, ...wanted];
      const results = session.run(backend.getInputTensorIds(tensors), names).map((handle) => backend.createOutputTensor(handle)); // prettier-ignore
      const value = given ? results[0] : results.shift()!;
      updates.forEach(({ variable }, i) => variable.assign(results[outputs.length + i]));
      return { value, rest: results.slice(0, outputs.length), drawn };
    },
  };
}

/** Roda o grafo com os gradientes das variáveis, e o põe na fita como uma operação só. */
function differentiable(
  graph: Graph,
  args: readonly unknown[],
  variables: readonly tf.Variable[],
): tf.Tensor {
  const wrt = [...variables, ...args.filter(isDifferentiable)];
  const known = wrt.flatMap((tensor, i) => {
    const output = graph.trace.gradients[i];
    return output ? [{ tensor, output, isVariable: i < variables.length }] : [];
  });
  const first = known.filter(({ isVariable }) => isVariable); // as outras entradas, só se alguém as pede
  return engine().runKernelFunc({
    inputs: Object.fromEntries(known.map(({ tensor }, i) => [i, tensor])),
    forwardFunc(_, save) {
      const { value, rest, drawn } = graph.run(args, first.map(({ output }) => output)); // prettier-ignore
      const tensors = args.filter((arg): arg is tf.Tensor => arg instanceof tf.Tensor);
      save([...rest, ...tensors, ...drawn]);
      return value;
    },
    backwardsFunc(dy, saved) {
      const kept = saved.slice(first.length);
      const again = args.map((arg) => (arg instanceof tf.Tensor ? kept.shift()! : arg));
      const gradient = (i: number, output: string) =>
        i < first.length ? saved[i] : graph.run(again, [output], kept).rest[0];
      return Object.fromEntries(
        known.map(({ output }, i) => [i, () => times(gradient(i, output), dy)]),
      );
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

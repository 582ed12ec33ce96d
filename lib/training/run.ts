import type { Optimizer, OptimizerState } from "../optimizers";
import { restoreSource, saveSource, type Source, type SourceState } from "../random";
import { tf } from "../tensor";

/** Números de uma época, por nome: `{ perda: 0.21, acurácia: 0.93 }`. */
export type Metrics = Record<string, number>;

/** O que muda em um treino e o que ele já mostrou; `trainingRun` o faz, `fit` o leva adiante. */
export interface TrainingRun {
  /** Os pesos, na ordem dada. */
  readonly variables: readonly tf.Variable[];
  /** Os otimizadores, na ordem dada. */
  readonly optimizers: readonly Optimizer[];
  /** As fontes que os passos usam, por nome. */
  readonly sources: Readonly<Record<string, Source>>;
  /** Onde o treino está. Só `fit` e `loadCheckpoint` o mudam. */
  readonly progress: Progress;
  /** Uma entrada por época completa. */
  readonly history: Metrics[];
}

/** Até onde um treino chegou: o próximo lote a usar é o `batch` da época `epoch`. */
export interface Progress {
  /** Épocas completas. */
  epoch: number;
  /** Lotes já usados nesta época. */
  batch: number;
  /** Passos dados, desde o começo. */
  step: number;
  /** Soma e contagem de cada número registrado nesta época. */
  sums: Record<string, { sum: number; count: number }>;
  /** As fontes no começo desta época; vazio antes dele. */
  epochSources: Record<string, SourceState>;
}

/**
 * Reúne, na célula que faz o modelo, tudo o que um treino muda. É o que `fit` continua e o que um checkpoint grava:
 *
 *     const run = trainingRun({ variables, optimizers: [optimizer], sources: { ruido } });
 *
 * @param parts `variables`: todos os pesos, também os que não têm gradiente (médias da normalização em lote, EMA); `sources`: as
 * fontes que os passos usam e que não são feitas de novo a cada época; devem vir de `seeded`
 * @throws TypeError se não há variáveis, se uma se repete, ou se uma fonte não vem de `seeded`
 */
export function trainingRun(parts: {
  variables: readonly tf.Variable[];
  optimizers: readonly Optimizer[];
  sources?: Readonly<Record<string, Source>>;
}): TrainingRun {
  const { variables, optimizers, sources = {} } = parts;
  if (!Array.isArray(variables) || variables.length === 0)
    throw new TypeError("trainingRun: esperava ao menos uma variável, recebi nenhuma");
  for (const [i, variable] of variables.entries())
    if (!(variable instanceof tf.Variable))
      throw new TypeError(`trainingRun: esperava variáveis, e a ${i} não é uma (tf.Variable)`);
  if (new Set(variables).size < variables.length)
    throw new TypeError("trainingRun: esperava variáveis diferentes, recebi uma repetida");
  if (!Array.isArray(optimizers))
    throw new TypeError("trainingRun: esperava optimizers: [otimizador, …]");
  for (const source of Object.values(sources)) saveSource(source);
  const progress = { epoch: 0, batch: 0, step: 0, sums: {}, epochSources: {} };
  return { variables: [...variables], optimizers: [...optimizers], sources, progress, history: [] };
}

/** Tudo o que é preciso para continuar um treino, em listas comuns. */
export interface RunState {
  readonly variables: readonly { name: string; shape: number[]; dtype: string; values: Values }[];
  readonly optimizers: readonly OptimizerState[];
  readonly sources: Readonly<Record<string, SourceState>>;
  readonly progress: Progress;
  readonly history: readonly Metrics[];
}

type Values = Float32Array | Int32Array | Uint8Array;

/** Uma cópia do estado do treino. */
export function saveRun(run: TrainingRun): RunState {
  return {
    variables: run.variables.map((variable) => ({
      name: variable.name,
      shape: [...variable.shape],
      dtype: variable.dtype,
      values: variable.dataSync().slice() as Values,
    })),
    optimizers: run.optimizers.map((optimizer) => optimizer.save()),
    sources: saveSources(run.sources),
    progress: structuredClone(run.progress),
    history: run.history.map((metrics) => ({ ...metrics })),
  };
}

/**
 * Põe o treino no estado gravado.
 *
 * @throws RangeError, sem mudar nada, se o estado é de outro modelo: outras formas, nomes, otimizadores ou fontes
 */
export function restoreRun(run: TrainingRun, state: RunState): void {
  checkSame(run, state);
  run.optimizers.forEach((optimizer, i) => optimizer.restore(state.optimizers[i]));
  run.variables.forEach((variable, i) => {
    const { values, shape } = state.variables[i];
    tf.tidy(() => variable.assign(tf.tensor(values, shape, variable.dtype)));
  });
  restoreSources(run.sources, state.sources);
  Object.assign(run.progress, structuredClone(state.progress));
  run.history.splice(0, Infinity, ...state.history.map((metrics) => ({ ...metrics })));
}

function checkSame(run: TrainingRun, state: RunState): void {
  const describe = (variable: { name: string; shape: readonly number[]; dtype: string }) =>
    // O TensorFlow.js numera as camadas de um processo: o mesmo modelo, feito de novo, tem outros números.
    `${variable.name.replace(/\d+/g, "#")} [${variable.shape}] ${variable.dtype}`;
  const refuse = (what: string, expected: unknown, got: unknown): never => {
    throw new RangeError(
      `o estado é de outro modelo: ${what}: esperava ${expected}, recebi ${got}`,
    );
  };
  const count = (what: string, mine: readonly unknown[], theirs: readonly unknown[]) => {
    if (mine.length !== theirs.length) refuse(`número de ${what}`, mine.length, theirs.length);
  };
  count("variáveis", run.variables, state.variables);
  run.variables.forEach((variable, i) => {
    const [mine, theirs] = [describe(variable), describe(state.variables[i])];
    if (mine !== theirs) refuse(`variável ${i}`, mine, theirs);
  });
  count("otimizadores", run.optimizers, state.optimizers);
  run.optimizers.forEach((optimizer, i) => {
    // Os números da regra (quantas médias por variável) o próprio otimizador confere; aqui, o que já se sabe dele.
    const mine = optimizer.save().slots;
    const theirs = state.optimizers[i].slots;
    const shapes = (slots: OptimizerState["slots"]) =>
      slots.map((slot) => slot.map((values) => values.length).join("+")).join(", ");
    if (mine.length > 0 && theirs.length > 0 && shapes(mine) !== shapes(theirs))
      refuse(`acumuladores do otimizador ${i}`, shapes(mine), shapes(theirs));
  });
  const names = (sources: object) => Object.keys(sources).sort().join(", ") || "nenhuma";
  if (names(run.sources) !== names(state.sources))
    refuse("fontes", names(run.sources), names(state.sources));
}

/** O estado de cada fonte. */
export function saveSources(sources: TrainingRun["sources"]): Record<string, SourceState> {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, saveSource(source)]),
  );
}

/** Volta cada fonte ao estado dado. */
export function restoreSources(
  sources: TrainingRun["sources"],
  states: Readonly<Record<string, SourceState>>,
): void {
  for (const [name, source] of Object.entries(sources)) restoreSource(source, states[name]);
}

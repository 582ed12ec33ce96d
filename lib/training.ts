import { liveOutput } from "./notebook/display";
import { formatNumber } from "./notebook/format";
import { nextTurn, onInterrupt } from "./notebook/display/interrupt";
import { bar, interruption } from "./notebook/progress";
import { tf } from "./tensor";
import { checkBatch, shapesOf, tensorsOf, type Batch } from "./training/data";
import { addPoint, drawCurve, lossCurve, type LossCurve } from "./training/lossCurve";
import { restoreSources, saveSources, type Metrics, type TrainingRun } from "./training/run";
import { checkInteger } from "./validate";

export { trainingRun } from "./training/run";
export type { Metrics, Progress, TrainingRun } from "./training/run";

/** Onde está o treino: `step` conta desde o começo, `batch` desde o começo da época; todos a partir de 0. */
export interface Moment {
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
}

/** O que se faz ao lado dos passos: mudar a taxa, tirar médias dos pesos, gravar. */
export interface Callback {
  /** Antes de cada passo. */
  onStepBegin?(at: Moment, run: TrainingRun): void | Promise<void>;
  /** Depois de cada passo, com os números que ele registrou; `run.progress` já aponta para o próximo lote. */
  onStepEnd?(at: Moment, run: TrainingRun, values: Metrics): void | Promise<void>;
  /** Depois de cada época, com sua entrada do histórico. */
  onEpochEnd?(epoch: number, run: TrainingRun, metrics: Metrics): void | Promise<void>;
}

/** O que `fit` faz. */
export interface FitOptions<Data> {
  /** Quantas vezes passar pelos dados, desde o começo do treino. */
  epochs: number;
  /**
   * Os lotes de uma época. É chamada no começo de cada uma, e de novo quando se continua do meio: para que os lotes sejam os
   * mesmos, faça a fonte aqui, com a época no nome. `fit` descarta os tensores criados aqui; os que já existiam, não.
   */
  batches: (epoch: number) => Iterable<Data> | AsyncIterable<Data>;
  /** Um passo, dentro de `tf.tidy`: muda os pesos e devolve os números a registrar, cada um um escalar. */
  step: (batch: Data, at: Moment) => Readonly<Record<string, tf.Tensor | number>>;
  /** Outros números de cada época, como a acurácia em dados de validação; entram no histórico. */
  onEpochEnd?: (epoch: number) => Metrics | void | Promise<Metrics | void>;
  /** Feitos na ordem dada. */
  callbacks?: readonly Callback[];
}

/**
 * Treina: para cada época e cada lote, um passo. Em um caderno, mostra onde está, quanto falta e a curva do que o passo registra.
 *
 *     const history = await fit(run, {
 *       epochs: 5,
 *       batches: (epoch) => batches([x, y], 128, seeded(`cap02/lotes/${epoch}`)),
 *       step: ([x, y]) => ({ perda: optimizer.minimize(() => loss(x, y), variables) }),
 *     });
 *
 * O botão ■ encerra no fim do passo: pesos, otimizador e histórico ficam em `run`, e a mesma célula, rodada de novo, continua no
 * lote seguinte, com o mesmo resultado de um treino sem parada. Um treino completo volta na hora. Um erro no passo também deixa
 * `run` no lote que falhou, com as fontes como estavam antes dele.
 *
 * @returns `run.history`: uma entrada por época, com as médias dos números registrados nos lotes
 * @throws TypeError ou RangeError, antes do primeiro passo, se os dados não servem; RangeError se um número registrado não é
 * finito; um erro de nome "Interrompido" depois de ■
 */
export async function fit<Data extends Batch>(
  run: TrainingRun,
  options: FitOptions<Data>,
): Promise<readonly Metrics[]> {
  const { epochs, callbacks = [] } = options;
  checkInteger("fit: epochs", epochs, 1);
  const { progress } = run;
  if (progress.epoch >= epochs) return run.history;
  const view = trainingView(run, epochs);
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  const pause = async () => {
    await view.rest();
    if (stopped) throw interruption(stopMessage(run));
  };
  const unlisten = await onInterrupt(stop);
  try {
    while (progress.epoch < epochs) {
      await runEpoch(run, options, view, pause);
      const metrics = await finishEpoch(run, options);
      for (const callback of callbacks)
        await callback.onEpochEnd?.(progress.epoch - 1, run, metrics);
      await pause();
    }
  } finally {
    unlisten();
    view.end();
  }
  return run.history;
}

/** Os lotes que faltam desta época. Quem continua do meio refaz os que já foram, sem usá-los, com as fontes de então. */
async function runEpoch<Data extends Batch>(
  run: TrainingRun,
  options: FitOptions<Data>,
  view: View,
  pause: () => Promise<void>,
): Promise<void> {
  const { progress, sources } = run;
  const { callbacks = [] } = options;
  const done = progress.batch;
  const current = saveSources(sources);
  if (done > 0) restoreSources(sources, progress.epochSources);
  else progress.epochSources = current;
  const firstOwn = nextTensorId();
  const dispose = (batch: Data) =>
    tensorsOf(batch).forEach((tensor) => tensor.id >= firstOwn && tensor.dispose());
  const list = options.batches(progress.epoch);
  view.startEpoch((list as { length?: number }).length);
  let index = 0;
  for await (const batch of list) {
    try {
      if (index++ < done) continue;
      if (index - 1 === done && done > 0) restoreSources(sources, current);
      const at = { epoch: progress.epoch, batch: progress.batch, step: progress.step };
      if (view.first) checkBatch(batch);
      for (const callback of callbacks) await callback.onStepBegin?.(at, run);
      const values = takeStep(run, options.step, batch, at);
      record(run, values);
      view.step(values);
      for (const callback of callbacks) await callback.onStepEnd?.(at, run, values);
    } finally {
      dispose(batch);
    }
    await pause();
  }
  if (index <= done && done > 0) restoreSources(sources, current);
  if (index < done)
    throw new RangeError(
      `fit: a época ${progress.epoch + 1} tinha ao menos ${done} lotes, e agora tem ${index}: os dados mudaram? Comece outro treino com trainingRun`,
    );
  if (index === 0)
    throw new TypeError(`fit: esperava ao menos um lote na época ${progress.epoch + 1}, recebi nenhum`); // prettier-ignore
  view.endEpoch();
}

/** Um passo. Se ele falha, as fontes voltam a onde estavam: rodada de novo, a célula repete o mesmo passo. */
function takeStep<Data extends Batch>(
  run: TrainingRun,
  step: FitOptions<Data>["step"],
  batch: Data,
  at: Moment,
): Metrics {
  const before = saveSources(run.sources);
  try {
    return tf.tidy(() => readValues(step(batch, at), at)) as unknown as Metrics;
  } catch (error) {
    restoreSources(run.sources, before);
    if (at.step > 0 || (error as Error).message.startsWith("fit: ")) throw error;
    throw new TypeError(
      `fit: o primeiro passo recusou um lote de formas ${shapesOf(batch)}, e nada foi treinado. A forma é a que o modelo espera? O motivo: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function readValues(values: ReturnType<FitOptions<Batch>["step"]>, at: Moment): Metrics {
  if (
    typeof values !== "object" ||
    values === null ||
    "then" in values ||
    values instanceof tf.Tensor
  )
    // prettier-ignore
    throw new TypeError(
      "fit: esperava que step devolvesse números por nome, { perda: … }, sem async",
    );
  const entries = Object.entries(values).map(([name, value]): [string, number] => {
    if (typeof value !== "number" && !(value instanceof tf.Tensor && value.size === 1))
      throw new TypeError(
        `fit: esperava que ${name} fosse um escalar, recebi ${value instanceof tf.Tensor ? shapesOf(value) : typeof value}`,
      );
    return [name, typeof value === "number" ? value : value.dataSync()[0]];
  });
  for (const [name, value] of entries)
    if (!Number.isFinite(value))
      throw new RangeError(
        `fit: ${name} = ${value} no passo ${at.step} (época ${at.epoch + 1}, lote ${at.batch}). Os pesos já não servem: faça o modelo de novo, ou volte a um checkpoint. ` +
          "Costuma ser taxa de aprendizado grande demais (divida-a por 10, ou limite os gradientes com clipNorm), log(0) ou divisão por 0 na perda",
      );
  return Object.fromEntries(entries);
}

function record({ progress }: TrainingRun, values: Metrics): void {
  for (const [name, value] of Object.entries(values)) {
    const total = (progress.sums[name] ??= { sum: 0, count: 0 });
    total.sum += value;
    total.count++;
  }
  progress.batch++;
  progress.step++;
}

/** Fecha a época. Se `onEpochEnd` falha, a época fica por fechar, e a célula, rodada de novo, o chama outra vez. */
async function finishEpoch<Data>(
  { progress, history }: TrainingRun,
  options: FitOptions<Data>,
): Promise<Metrics> {
  const means = Object.entries(progress.sums).map(([name, { sum, count }]) => [name, sum / count]);
  const extra = await options.onEpochEnd?.(progress.epoch);
  const metrics: Metrics = { ...Object.fromEntries(means), ...extra };
  history.push(metrics);
  Object.assign(progress, { epoch: progress.epoch + 1, batch: 0, sums: {}, epochSources: {} });
  return metrics;
}

const stopMessage = ({ progress }: TrainingRun) =>
  `treino interrompido (■) na época ${progress.epoch + 1}, depois de ${formatNumber(progress.step)} passos: pesos e histórico estão guardados, e rodar a célula de novo continua dali`;

function nextTensorId(): number {
  const probe = tf.scalar(0);
  probe.dispose();
  return probe.id;
}

interface View {
  /** Nenhum passo foi dado nesta chamada de `fit`. */
  readonly first: boolean;
  startEpoch(batches: number | undefined): void;
  step(values: Metrics): void;
  endEpoch(): void;
  /** Passa a vez, se já faz 20 ms, e redesenha, se já faz 250 ms. */
  rest(): Promise<void>;
  end(): void;
}

const curves = new WeakMap<TrainingRun, LossCurve>();

function trainingView(run: TrainingRun, epochs: number): View {
  const { progress } = run;
  const show = liveOutput();
  const curve = curves.get(run) ?? lossCurve();
  curves.set(run, curve);
  const start = performance.now();
  let [shown, rested, steps] = [-Infinity, start, 0];
  let perEpoch: number | undefined;

  const draw = (state: "running" | "finished" | "stopped") => {
    shown = performance.now();
    const seconds = (shown - start) / 1000;
    const { epoch, sums, batch } = progress;
    const done = perEpoch ? epoch * perEpoch + batch : epoch;
    const total = perEpoch ? epochs * perEpoch : epochs;
    const last = batch > 0 ? sums : {};
    const values = Object.entries(last).map(
      ([name, { sum, count }]) => `${name} ${formatNumber(sum / count, 3)}`,
    );
    const ended = run.history[epoch - 1] ?? {};
    const note = values.length > 0 ? values : Object.entries(ended).map(([name, value]) => `${name} ${formatNumber(value, 3)}`); // prettier-ignore
    const where = `época ${Math.min(epoch + 1, epochs)}/${epochs}`;
    const bundle = bar(
      done,
      total,
      seconds,
      state,
      [where, ...note].join(" · "),
      perEpoch ? done - steps : epoch,
    );
    show({ ...bundle, "text/html": `${bundle["text/html"]}${drawCurve(curve)}` });
  };

  draw("running");
  return {
    get first() {
      return steps === 0;
    },
    startEpoch(count) {
      if (typeof count === "number" && count > 0) perEpoch = count;
    },
    step(values) {
      steps++;
      addPoint(curve, values);
    },
    endEpoch() {
      perEpoch ??= progress.batch;
    },
    async rest() {
      const now = performance.now();
      if (now - rested <= 20) return;
      if (now - shown > 250) draw("running");
      await nextTurn();
      rested = performance.now();
    },
    end: () => draw(progress.epoch >= epochs ? "finished" : "stopped"),
  };
}

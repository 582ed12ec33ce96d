import { checkPositive } from "./validate";
import { tf } from "./tensor";
import { isNative } from "./tensor/native";
import { nativeUpdate, type NativeUpdate, type UpdateOperation } from "./tensor/update";

/** O que um otimizador guarda entre passos, em listas comuns: é o que um checkpoint grava. */
export interface OptimizerState {
  /** Quantos passos já deu. */
  readonly step: number;
  /** Por variável, na ordem em que o otimizador as viu: as médias que ele acumula (nenhuma, no SGD puro). */
  readonly slots: readonly (readonly Float32Array[])[];
}

/** Muda os pesos na direção que diminui a perda. */
export interface Optimizer {
  /** O tamanho do passo; pode mudar entre um passo e outro. */
  learningRate: number;
  /**
   * Um passo: calcula a perda e seus gradientes, muda as variáveis e devolve a perda (antes do passo). Uma variável de que
   * a perda não depende fica como está.
   *
   *     const value = optimizer.minimize(() => softmaxCrossEntropy(model.apply(x) as tf.Tensor, y), variables);
   */
  minimize(loss: () => tf.Scalar, variables: readonly tf.Variable[]): tf.Scalar;
  /** Um passo com gradientes já calculados, um por variável. Quem os calculou os descarta. */
  apply(gradients: readonly tf.Tensor[], variables: readonly tf.Variable[]): void;
  /** Uma cópia do estado. */
  save(): OptimizerState;
  /** Volta ao estado gravado; se o otimizador é novo, as variáveis recebem o que é seu no primeiro passo. */
  restore(state: OptimizerState): void;
  /** Libera a memória. */
  dispose(): void;
}

/** Limita os gradientes antes do passo. */
export interface Clipping {
  /** A maior norma do vetor de todos os gradientes: um vetor maior é encolhido até ela. Sem este campo, não há limite. */
  clipNorm?: number;
}

/**
 * Descida do gradiente: w ← w − η·g. Com momento μ (Polyak, 1964): v ← μ·v + g e w ← w − η·v, como no PyTorch.
 *
 * @throws RangeError se `learningRate` ≤ 0 ou `momentum` está fora de [0, 1)
 */
export function sgd(options: { learningRate: number; momentum?: number } & Clipping): Optimizer {
  const { momentum = 0 } = options;
  checkFraction("sgd: momentum", momentum);
  return optimizer("sgd", options, {
    slotCount: momentum === 0 ? 0 : 1,
    portable(w, g, [v], { learningRate }) {
      const velocity = v ? tf.add(tf.mul(momentum, v), g) : g;
      return [tf.sub(w, tf.mul(learningRate, velocity)), ...(v ? [velocity] : [])];
    },
    native:
      momentum === 0
        ? { name: "ResourceApplyGradientDescent", slotCount: 0, numbers: [1, 0] }
        : { name: "ResourceApplyMomentum", slotCount: 1, numbers: [1, 1] },
    numbers: ({ learningRate }) => (momentum === 0 ? [learningRate] : [learningRate, momentum]),
  });
}

/** Os números do Adam; os valores de quem não os dá são os do artigo e do PyTorch. */
export interface AdamOptions extends Clipping {
  /** O tamanho do passo; 0,001 se não for dado. */
  learningRate?: number;
  /** Memória da média dos gradientes; 0,9. */
  beta1?: number;
  /** Memória da média dos quadrados; 0,999. */
  beta2?: number;
  /** Somado à raiz da média dos quadrados; 1e-8. */
  epsilon?: number;
}

/**
 * Adam (Kingma & Ba, 2015, algoritmo 1): w ← w − η·m̂/(√v̂ + ε), com as médias m̂ de g e v̂ de g² corrigidas pelo começo em zero.
 *
 * @throws RangeError se um número está fora do seu intervalo
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamLike("adam", options, 0);
}

/**
 * AdamW (Loshchilov & Hutter, 2019): Adam que, antes de cada passo, encolhe os pesos: w ← (1 − η·λ)·w.
 *
 * @param options `weightDecay` é o λ; 0,01 se não for dado, como no PyTorch
 * @throws RangeError se um número está fora do seu intervalo
 */
export function adamW(options: AdamOptions & { weightDecay?: number } = {}): Optimizer {
  const { weightDecay = 0.01 } = options;
  if (!(weightDecay >= 0 && weightDecay < Infinity))
    throw new RangeError(`adamW: weightDecay deve ser ≥ 0, recebi ${weightDecay}`);
  return adamLike("adamW", options, weightDecay);
}

function adamLike(name: string, options: AdamOptions, weightDecay: number): Optimizer {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkFraction(`${name}: beta1`, beta1);
  checkFraction(`${name}: beta2`, beta2);
  checkPositive(`${name}: epsilon`, epsilon);
  // m̂ / (√v̂ + ε) = [√(1 − β₂ᵗ) / (1 − β₁ᵗ)] · m / (√v + ε·√(1 − β₂ᵗ)): as correções são dois números.
  const corrections = (beta1: number, beta2: number, { learningRate, step }: Now) => {
    const root = Math.sqrt(1 - beta2 ** step);
    return { rate: (learningRate * root) / (1 - beta1 ** step), small: epsilon * root };
  };
  const shrinks = weightDecay > 0;
  return optimizer(
    name,
    { ...options, learningRate },
    {
      slotCount: 2,
      portable(w, g, [m, v], now) {
        const { rate, small } = corrections(beta1, beta2, now);
        const mean = tf.add(m, tf.mul(1 - beta1, tf.sub(g, m)));
        const square = tf.add(v, tf.mul(1 - beta2, tf.sub(tf.square(g), v)));
        const direction = tf.div(mean, tf.add(tf.sqrt(square), small));
        const shrunk = tf.mul(w, 1 - now.learningRate * weightDecay);
        return [tf.sub(shrunk, tf.mul(rate, direction)), mean, square];
      },
      native: { name: "ResourceApplyAdam", slotCount: 2, numbers: [6, 0], shrinks },
      numbers(now) {
        // As correções com os β de 32 bits que a operação usa; ela nada corrige, com zeros no lugar de βᵗ.
        const [b1, b2] = [Math.fround(beta1), Math.fround(beta2)];
        const { rate, small } = corrections(b1, b2, now);
        const shrink = shrinks ? [1 - now.learningRate * weightDecay] : [];
        return [0, 0, rate, b1, b2, small, ...shrink];
      },
    },
  );
}

/** O que um passo precisa saber. */
interface Now {
  readonly learningRate: number;
  readonly step: number;
}

/** A regra de um otimizador, com as operações de qualquer motor e com a do TensorFlow nativo. */
interface Rule {
  /** Quantos acumuladores por variável; começam em zero. */
  readonly slotCount: number;
  /** Recebe peso, gradiente e acumuladores; devolve o peso e os acumuladores novos. */
  portable(w: tf.Tensor, gradient: tf.Tensor, slots: readonly tf.Tensor[], now: Now): tf.Tensor[];
  readonly native: UpdateOperation;
  /** Os números que a operação nativa recebe. */
  numbers(now: Now): number[];
}

/** Onde estão os acumuladores, e quem dá o passo: o TensorFlow nativo, ou as operações de qualquer motor. */
type Update = Omit<NativeUpdate, "step"> & {
  step(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[], now: Now): void;
};

function nativeRule({ native, numbers }: Rule): Update {
  const update = nativeUpdate(native);
  return { ...update, step: (variables, gradients, now) => update.step(variables, gradients, numbers(now)) }; // prettier-ignore
}

function portableRule(rule: Rule): Update {
  const slotsOf = new Map<tf.Variable, tf.Tensor[]>();
  const replace = (w: tf.Variable, slots: tf.Tensor[]) => {
    tf.dispose(slotsOf.get(w) ?? []);
    slotsOf.set(w, slots.map((slot) => tf.keep(slot))); // prettier-ignore
  };
  return {
    add() {},
    step: (variables, gradients, now) =>
      variables.forEach((w, i) => {
        const [value, ...slots] = rule.portable(w, gradients[i], slotsOf.get(w)!, now);
        w.assign(value);
        replace(w, slots);
      }),
    slots: (variables) => variables.map((w) => slotsOf.get(w)!.map((slot) => slot.dataSync().slice() as Float32Array)), // prettier-ignore
    setSlots: (variables, values) =>
      variables.forEach((w, i) => replace(w, values[i].map((slot) => tf.tensor(slot, w.shape)))), // prettier-ignore
    dispose() {
      tf.dispose([...slotsOf.values()]);
      slotsOf.clear();
    },
  };
}

function optimizer(
  name: string,
  { learningRate, clipNorm }: { learningRate: number } & Clipping,
  rule: Rule,
): Optimizer {
  checkPositive(`${name}: learningRate`, learningRate);
  if (clipNorm !== undefined) checkPositive(`${name}: clipNorm`, clipNorm);
  const update = isNative() ? nativeRule(rule) : portableRule(rule);
  const known = new Set<tf.Variable>();
  let restored: OptimizerState["slots"] = [];
  let step = 0;

  const startsOf = (variables: readonly tf.Variable[], saved: OptimizerState["slots"]) =>
    variables.map((w, i) => startOf(name, w, rule.slotCount, saved[i]));
  function meet(variables: readonly tf.Variable[]): void {
    const unknown = variables.filter((w) => !known.has(w));
    if (unknown.length === 0) return;
    const slots = startsOf(unknown, restored.slice(known.size));
    update.add(unknown);
    update.setSlots(unknown, slots);
    unknown.forEach((w) => known.add(w));
  }

  const self: Optimizer = {
    learningRate,
    minimize(loss, variables) {
      checkVariables(name, variables);
      const { value, grads } = tf.variableGrads(loss, [...variables]);
      const moved = variables.filter((w) => grads[w.name]);
      const gradients = moved.map((w) => grads[w.name]);
      self.apply(gradients, moved);
      tf.dispose(gradients);
      return value;
    },
    apply(gradients, variables) {
      checkVariables(name, variables);
      checkGradients(name, gradients, variables);
      checkPositive(`${name}: learningRate`, self.learningRate);
      meet(variables);
      step++;
      const now = { learningRate: self.learningRate, step };
      tf.tidy(() => {
        const clipped = clipNorm === undefined ? gradients : clipByGlobalNorm(gradients, clipNorm);
        update.step(variables, clipped, now);
      });
    },
    save() {
      const seen = update.slots([...known]);
      const waiting = restored.slice(seen.length).map((mine) => mine.map((slot) => slot.slice()));
      return { step, slots: [...seen, ...waiting] };
    },
    restore(state) {
      const variables = [...known];
      update.setSlots(variables, startsOf(variables, state.slots));
      step = state.step;
      restored = state.slots.map((mine) => mine.map((slot) => slot.slice()));
    },
    dispose() {
      update.dispose();
      known.clear();
    },
  };
  return self;
}

/** Os acumuladores de uma variável: zeros, ou o que foi gravado. */
function startOf(
  name: string,
  w: tf.Variable,
  count: number,
  saved: readonly Float32Array[] | undefined,
): Float32Array[] {
  if (!saved) return Array.from({ length: count }, () => new Float32Array(w.size));
  if (saved.length !== count || saved.some((slot) => slot.length !== w.size)) {
    const lengths = saved.map((slot) => slot.length).join(" e ");
    throw new RangeError(
      `${name}: esperava ${count} lista(s) de ${w.size} números para ${w.name}, recebi ${lengths || "nenhuma"}`,
    );
  }
  return saved.map((slot) => slot.slice());
}

/**
 * Encolhe os gradientes, todos pelo mesmo fator, até a norma de todos juntos não passar de `clipNorm` (Pascanu et al., 2013):
 * o que os otimizadores fazem com o seu `clipNorm`, para quem chama `apply`. Os que já cabem ficam iguais. Quem chama descarta.
 *
 * @throws RangeError se `clipNorm` não é > 0, TypeError se não há gradientes
 */
export function clipByGlobalNorm(gradients: readonly tf.Tensor[], clipNorm: number): tf.Tensor[] {
  checkPositive("clipByGlobalNorm: clipNorm", clipNorm);
  if (gradients.length === 0)
    throw new TypeError("clipByGlobalNorm: esperava ao menos um gradiente, recebi nenhum");
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.div(clipNorm, tf.maximum(norm, clipNorm));
    return gradients.map((gradient) => tf.mul(gradient, factor));
  });
}

function checkVariables(name: string, variables: readonly tf.Variable[]): void {
  if (variables.length > 0) return;
  throw new RangeError(`${name}: esperava ao menos uma variável, recebi nenhuma`);
}

function checkGradients(
  name: string,
  gradients: readonly tf.Tensor[],
  variables: readonly tf.Variable[],
): void {
  if (gradients.length !== variables.length)
    throw new TypeError(
      `${name}: esperava um gradiente por variável (${variables.length}), recebi ${gradients.length}`,
    );
  variables.forEach((w, i) => {
    if (!tf.util.arraysEqual(gradients[i].shape, w.shape))
      throw new TypeError(
        `${name}: esperava o gradiente de ${w.name} [${w.shape}], recebi [${gradients[i].shape}]`,
      );
  });
}

function checkFraction(name: string, value: number): void {
  if (!(value >= 0 && value < 1))
    throw new RangeError(`${name} deve estar em [0, 1), recebi ${value}`);
}

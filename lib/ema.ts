import { tf } from "./tensor";
import type { Callback } from "./training";

/** Médias móveis de pesos, e a troca por elas. */
export interface Ema extends Callback {
  /** As médias, na ordem dos pesos; ponha-as também em `variables` de `trainingRun`, para que um checkpoint as leve. */
  readonly variables: readonly tf.Variable[];
  /** Roda com as médias no lugar dos pesos, e os devolve depois, mesmo se houver erro. */
  use<T>(run: () => T): T;
}

/**
 * A média móvel exponencial de cada peso, m ← decay·m + (1 − decay)·w depois de cada passo, a partir dos pesos de agora. Modelos
 * de difusão e GANs geram com ela (Ho, Jain e Abbeel, 2020, usam decay = 0,9999); em n passos, ela lembra uns 1/(1 − decay).
 *
 *     const average = ema(variables, 0.999);
 *     const run = trainingRun({ variables: [...variables, ...average.variables], optimizers: [optimizer] });
 *     await fit(run, { …, callbacks: [average] });
 *     const images = average.use(() => generate(model));
 *
 * @throws RangeError se `decay` está fora de [0, 1), TypeError se não há pesos; em `use`, TypeError se `run` é async
 */
export function ema(weights: readonly tf.Variable[], decay: number): Ema {
  if (!(decay >= 0 && decay < 1))
    throw new RangeError(`ema: decay deve estar em [0, 1), recebi ${decay}`);
  if (!(weights?.length > 0)) throw new TypeError("ema: esperava ao menos um peso, recebi nenhum");
  const variables = tf.tidy(() => weights.map((weight) => tf.variable(tf.clone(weight), false)));
  return {
    variables,
    onStepEnd: () =>
      tf.tidy(() =>
        variables.forEach((mean, i) =>
          mean.assign(tf.add(tf.mul(mean, decay), tf.mul(weights[i], 1 - decay))),
        ),
      ),
    use(run) {
      const own = weights.map((weight) => tf.tidy(() => tf.clone(weight)));
      weights.forEach((weight, i) => tf.tidy(() => weight.assign(tf.clone(variables[i]))));
      try {
        const result = run();
        if (result instanceof Promise)
          throw new TypeError("ema: use espera uma função sem async: os pesos voltam ao fim dela");
        return result;
      } finally {
        weights.forEach((weight, i) => weight.assign(own[i]));
        tf.dispose(own);
      }
    },
  };
}

import type { Optimizer } from "./optimizers";
import type { Callback } from "./training";
import { checkInteger, checkPositive } from "./validate";

/** A taxa de aprendizado de cada passo, contado a partir de 0. */
export type Schedule = (step: number) => number;

/**
 * Muda a taxa do otimizador antes de cada passo de `fit`:
 *
 *     callbacks: [scheduled(optimizer, cosine({ peak: 1e-3, steps: 5000, warmup: 200 }))]
 *
 * A taxa depende só do passo: um treino continuado de um checkpoint segue na mesma curva.
 */
export const scheduled = (optimizer: Optimizer, schedule: Schedule): Callback => ({
  onStepBegin: ({ step }) => {
    optimizer.learningRate = schedule(step);
  },
});

/**
 * Aquecimento e cosseno (Loshchilov e Hutter, 2017, equação 5, sem reinícios): nos `warmup` primeiros passos a taxa sobe em linha
 * reta, peak·(t + 1)/warmup; depois desce por peak·(1 + cos π·u)/2, com u de 0, no passo `warmup`, a 1, no passo `steps`, que é o
 * primeiro depois do treino. Daí em diante fica a do último passo.
 *
 * @throws RangeError se `peak` não é > 0, ou se não há ao menos um passo depois do aquecimento
 */
export function cosine(options: { peak: number; steps: number; warmup?: number }): Schedule {
  const { peak, steps, warmup = 0 } = options;
  checkPositive("cosine: peak", peak);
  checkInteger("cosine: warmup", warmup, 0);
  checkInteger("cosine: steps", steps, warmup + 1);
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / warmup;
    const u = (Math.min(step, steps - 1) - warmup) / (steps - warmup);
    return (peak * (1 + Math.cos(Math.PI * u))) / 2;
  };
}

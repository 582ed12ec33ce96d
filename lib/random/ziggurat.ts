import type { Source } from "../random";

// O zigurate: a densidade exp(−x²/2) coberta por 128 camadas de mesma área. Quase sempre o ponto sorteado cai na parte da
// camada que está inteira sob a curva, e basta um número da fonte.
// G. Marsaglia e W. W. Tsang, “The Ziggurat Method for Generating Random Variables”, 2000; a forma com um só número
// de ponto flutuante por sorteio é a de J. A. Doornik, “An Improved Ziggurat Method…”, 2005.
const layers = 128;
const tail = 3.442619855899; // onde começa a cauda
const layerArea = 9.91256303526217e-3;

const right = new Float64Array(layers + 1); // borda direita de cada camada
const safe = new Float64Array(layers); // abaixo desta fração da largura, o ponto está sob a curva
const curve = (x: number) => Math.exp(-0.5 * x * x);

right[0] = layerArea / curve(tail);
right[1] = tail;
for (let i = 2; i < layers; i++) {
  right[i] = Math.sqrt(-2 * Math.log(layerArea / right[i - 1] + curve(right[i - 1])));
}
for (let i = 0; i < layers; i++) safe[i] = right[i + 1] / right[i];

/** Um número da normal padrão (média 0, desvio 1). Não guarda nada entre uma chamada e outra. */
export function standardNormal(source: Source): number {
  for (;;) {
    const u = source() * layers;
    const i = Math.floor(u);
    const fraction = 2 * (u - i) - 1; // posição dentro da camada, em [−1, 1)
    if (Math.abs(fraction) < safe[i]) return fraction * right[i];
    if (i === 0) return fraction < 0 ? -tailSample(source) : tailSample(source);
    const x = fraction * right[i];
    const [low, high] = [curve(right[i]), curve(right[i + 1])];
    if (low + source() * (high - low) < curve(x)) return x;
  }
}

/** A normal além de `tail` (Marsaglia, 1964). 1 − source() está em (0, 1]: o logaritmo é sempre finito. */
function tailSample(source: Source): number {
  for (;;) {
    const x = -Math.log(1 - source()) / tail;
    const y = -Math.log(1 - source());
    if (2 * y > x * x) return tail + x;
  }
}

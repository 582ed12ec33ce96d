import seedrandom from "seedrandom";

/** Uma fonte de aleatoriedade: cada chamada devolve um número uniforme em [0, 1). Quem sorteia recebe a fonte como argumento. */
export type Source = () => number;

/**
 * Uma fonte que se repete: o mesmo nome dá sempre a mesma sequência. Dê à fonte o nome de seu uso, e uma a cada uso:
 * assim, sortear mais em uma célula não muda o resultado de outra.
 *
 *     normal(0, 1).sample(seeded("cap01/alturas"))
 *
 * O gerador é o Alea (Johannes Baagøe, 2010) do pacote seedrandom, com 32 bits por número.
 *
 * @throws TypeError se o nome não é um texto com ao menos uma letra
 */
export function seeded(name: string): Source {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(
      `seeded: esperava um nome, como "cap01/mapa", recebi ${JSON.stringify(name)}`,
    );
  }
  let generator = seedrandom.alea(name, { state: true });
  const source = () => generator();
  generators.set(source, {
    save: () => generator.state(),
    restore: (state) => {
      generator = seedrandom.alea("", { state });
    },
  });
  return source;
}

/** Em que ponto de sua sequência está uma fonte: os quatro números do Alea. */
export type SourceState = seedrandom.State.Alea;

const generators = new WeakMap<
  Source,
  { save(): SourceState; restore(state: SourceState): void }
>();

/**
 * O estado de uma fonte feita por `seeded`, para que `restoreSource` a faça continuar dali, neste ou em outro processo.
 *
 * @throws TypeError se a fonte não vem de `seeded`
 */
export function saveSource(source: Source): SourceState {
  return generatorOf("saveSource", source).save();
}

/** Volta a fonte ao ponto gravado por `saveSource`. @throws TypeError se a fonte não vem de `seeded` */
export function restoreSource(source: Source, state: SourceState): void {
  generatorOf("restoreSource", source).restore(state);
}

function generatorOf(name: string, source: Source) {
  const generator = generators.get(source);
  if (!generator) throw new TypeError(`${name}: esperava uma fonte feita por seeded, recebi outra`);
  return generator;
}

/**
 * Uma cópia da lista em ordem aleatória, todas as ordens com a mesma chance (Fisher–Yates; Durstenfeld, 1964).
 * A lista original não muda.
 */
export function shuffle<T>(items: readonly T[], source: Source): T[] {
  const result = items.slice();
  for (let last = result.length - 1; last > 0; last--) {
    const pick = Math.floor(source() * (last + 1));
    [result[last], result[pick]] = [result[pick], result[last]];
  }
  return result;
}

/**
 * Uma semente para o TensorFlow.js (inicializadores, `tf.randomNormal`), sorteada da fonte: um inteiro de 1 a 2³¹ − 2.
 * Nunca é 0, que ali quer dizer "sem semente".
 *
 *     tf.initializers.heNormal({ seed: tfSeed(source) })
 */
export function tfSeed(source: Source): number {
  return 1 + Math.floor(source() * 0x7ffffffe);
}

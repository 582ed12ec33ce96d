import type { SampleQuality } from "./sampleQuality";

/** Média e desvio-padrão amostral de um número medido em várias sementes. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/**
 * O que um número de nats é: −log P(x) exato; um limite superior dele (−ELBO, densidade dequantizada); o limite IWAE, com k
 * sorteios; uma estimativa, que pode errar para os dois lados.
 */
export type LikelihoodKind = "exact" | "upper bound" | "IWAE bound" | "estimate";

/** −log P(x), ou o que se tem dele, em nats por imagem. */
export interface Likelihood {
  readonly kind: LikelihoodKind;
  /** Com quantos sorteios; só para "IWAE bound". */
  readonly k?: number;
  readonly validation: Spread;
  readonly test: Spread;
}

/** As medidas de `SampleQuality` em várias sementes. */
export type QualitySpread = {
  readonly [key in Exclude<keyof SampleQuality, "frechetInterval">]: Spread;
};

/** O que um modelo dos dígitos 8 × 8 mostrou no placar do seu capítulo: um registro de data/placar.json. */
export interface LedgerRecord {
  readonly chapter: number;
  readonly model: string;
  readonly role: "baseline" | "ours";
  /** Quantas vezes se ajustou o modelo, ou, se o ajuste não sorteia, se tiraram as amostras. */
  readonly seeds: number;
  /** Um ou mais números, cada um dizendo o que é; vazia se a família não dá nenhum, como as GANs. */
  readonly likelihoods: readonly Likelihood[];
  readonly quality: QualitySpread;
  readonly cost: {
    readonly parameters: number;
    /** Tempo de relógio de um treino, em dois núcleos; muda de máquina para máquina, e não se confere. */
    readonly trainingSeconds: number;
    /** Para tirar 1.000 amostras; não se confere. */
    readonly secondsPer1000: number;
  };
  /** O que decide o resultado: rede, épocas, passo. */
  readonly settings: string;
  /** Até quanto uma nova medida pode diferir desta: nats, distância de Fréchet, e frações entre 0 e 1. */
  readonly tolerance: { readonly nats: number; readonly frechet: number; readonly share: number };
}

/** O que se espera em um lugar de um registro: diz o que esperava, se o valor não serve. */
type Rule = (value: unknown) => string | undefined;
type Shape = Rule | { readonly [key: string]: Shape } | readonly [Shape];

const number =
  (words: string, holds: (x: number) => boolean): Rule =>
  (value) =>
    typeof value === "number" && Number.isFinite(value) && holds(value)
      ? undefined
      : `um número ${words}`;
const oneOf =
  (...options: string[]): Rule =>
  (value) =>
    options.includes(value as string)
      ? undefined
      : options.map((option) => `"${option}"`).join(" ou ");
const text: Rule = (value) =>
  typeof value === "string" && value.trim() ? undefined : "um texto não vazio";
const whole = number("inteiro ≥ 1", (x) => Number.isInteger(x) && x >= 1);
const positive = number("> 0", (x) => x > 0);
const notNegative = number("≥ 0", (x) => x >= 0);
const finite = number("finito", () => true);

const spread = { mean: finite, std: notNegative };
const share = { mean: number("entre 0 e 1", (x) => x >= 0 && x <= 1), std: notNegative };
const record: { readonly [key in keyof LedgerRecord]: Shape } = {
  chapter: whole,
  model: text,
  role: oneOf("baseline", "ours"),
  seeds: whole,
  likelihoods: [
    {
      kind: oneOf("exact", "upper bound", "IWAE bound", "estimate"),
      "k?": whole,
      validation: spread,
      test: spread,
    },
  ],
  quality: {
    frechet: { mean: notNegative, std: notNegative },
    precision: share,
    recall: share,
    memorized: share,
    classVariation: share,
  },
  cost: {
    parameters: number("inteiro ≥ 0", (x) => Number.isInteger(x) && x >= 0),
    trainingSeconds: notNegative,
    secondsPer1000: notNegative,
  },
  settings: text,
  tolerance: { nats: positive, frechet: positive, share: positive },
};

/**
 * Confere uma lista de registros do placar: todos os campos, nenhum a mais, números nas suas faixas, e um nome por modelo em cada
 * capítulo.
 *
 * @param name quem pergunta, para a mensagem
 * @throws TypeError que diz em que registro e campo, o que esperava e o que recebeu
 */
export function checkRecords(name: string, value: unknown): readonly LedgerRecord[] {
  check(name, value, [record]);
  const records = value as readonly LedgerRecord[];
  const seen = new Set<string>();
  for (const { chapter, model, likelihoods } of records) {
    const key = `${chapter}/${model}`;
    if (seen.has(key))
      throw new TypeError(`${name}: há dois registros de "${model}" no capítulo ${chapter}`);
    seen.add(key);
    for (const { kind, k } of likelihoods)
      if ((kind === "IWAE bound") !== (k !== undefined))
        throw new TypeError(
          `${name}: "${model}": k é o número de sorteios de um "IWAE bound", e só dele`,
        );
  }
  return records;
}

function check(where: string, value: unknown, shape: Shape): void {
  const fail = (expected: string) => {
    const got = value === undefined ? "nada" : JSON.stringify(value)?.slice(0, 60);
    throw new TypeError(`${where}: esperava ${expected}, recebi ${got}`);
  };
  if (typeof shape === "function") {
    const expected = shape(value);
    if (expected) fail(expected);
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return fail("uma lista");
    value.forEach((item, i) => check(`${where}[${i}]`, item, shape[0]));
  } else {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return fail("um objeto");
    const fields = Object.entries(shape);
    const known = fields.map(([key]) => key.replace("?", ""));
    const extra = Object.keys(value).find((key) => !known.includes(key));
    if (extra !== undefined)
      throw new TypeError(`${where}: não conheço o campo "${extra}"; há ${known.join(", ")}`);
    for (const [key, inner] of fields) {
      const field = key.replace("?", "");
      const item = (value as Record<string, unknown>)[field];
      if (item !== undefined || field === key) check(`${where}.${field}`, item, inner);
    }
  }
}

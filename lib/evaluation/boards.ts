import { scoreboard, type Score, type Scoreboard, type ScoreRow } from "../notebook/scoreboard";
import { table, type Table } from "../notebook/table";
import { kindText } from "./ledger";
import type { LedgerRecord, QualitySpread, Spread } from "./ledgerRecord";
import type { PublishedLikelihood } from "./published";

const uncertainty = "desvio-padrão entre as sementes";
const score = ({ mean, std }: Spread): Score =>
  std === 0 ? mean : { value: mean, uncertainty: std };

/**
 * O placar dos nats: uma linha por número de cada registro, que diz no nome o que o número é, e os publicados. Um modelo que não dá
 * número nenhum fica fora.
 *
 * @throws como `scoreboard`
 */
export function likelihoodBoard(
  records: readonly LedgerRecord[],
  published: readonly PublishedLikelihood[] = [],
): Scoreboard<"validation" | "test"> {
  const rows = records.flatMap(({ model, role, likelihoods }) =>
    likelihoods.map((one) => ({
      name: `${model} · ${kindText(one)}`,
      kind: role,
      scores: { validation: score(one.validation), test: score(one.test) },
    })),
  );
  const references = published.map(({ model, validation, source }) => ({
    name: model,
    kind: "reference" as const,
    source,
    scores: { validation },
  }));
  return scoreboard(
    {
      validation: { title: "validação (nats)", better: "lower", digits: 1 },
      test: { title: "teste (nats)", better: "lower", digits: 1 },
    },
    [...rows, ...references] as ScoreRow<"validation" | "test">[],
    { caption: "Dígitos de 8 × 8: nats por imagem", uncertainty },
  );
}

/**
 * O placar das amostras: o que o juiz vê nelas.
 *
 * @param floor a mesma medida em imagens verdadeiras, as de treino
 * @throws como `scoreboard`
 */
export function qualityBoard(
  records: readonly LedgerRecord[],
  floor: QualitySpread,
): Scoreboard<"frechet" | "precision" | "recall" | "classVariation" | "memorized"> {
  const percent = ({ mean, std }: Spread): Score => score({ mean: 100 * mean, std: 100 * std });
  const scores = ({ frechet, precision, recall, classVariation, memorized }: QualitySpread) => ({
    frechet: score(frechet),
    precision: percent(precision),
    recall: percent(recall),
    classVariation: percent(classVariation),
    memorized: percent(memorized),
  });
  return scoreboard(
    {
      frechet: { title: "Fréchet", better: "lower", digits: 1 },
      precision: { title: "precisão (%)", better: "higher", digits: 0 },
      recall: { title: "cobertura (%)", better: "higher", digits: 0 },
      classVariation: { title: "desvio das classes (%)", better: "lower", digits: 0 },
      memorized: { title: "decoradas (%)", better: "lower", digits: 1 },
    },
    [
      { name: "imagens de treino", kind: "floor", scores: scores(floor) },
      ...records.map(({ model, role, quality }) => ({ name: model, kind: role, scores: scores(quality) })),
    ], // prettier-ignore
    { caption: "Dígitos de 8 × 8: mil amostras vistas pelo juiz", uncertainty },
  );
}

/** A tabela do que cada modelo custou. */
export function costTable(records: readonly LedgerRecord[]): Table {
  return table(
    records.map(({ model, cost }) => ({
      modelo: model,
      parâmetros: cost.parameters,
      "treino (s)": cost.trainingSeconds,
      "1.000 amostras (s)": cost.secondsPer1000,
    })),
    {
      caption: "O que custou, em dois núcleos",
      digits: { "treino (s)": 1, "1.000 amostras (s)": 2 },
    },
  );
}

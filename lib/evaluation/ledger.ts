import { AssertionError } from "node:assert";
import { mean, sampleStandardDeviation } from "simple-statistics";
import { ledgerUpdating, readLedgerFile, writeLedgerFile } from "../datasets/files/ledgerFile";
import { formatNumber } from "../notebook/format";
import type { Rows } from "../validate";
import { checkRecords, type LedgerRecord, type Likelihood, type LikelihoodKind, type QualitySpread, type Spread } from "./ledgerRecord"; // prettier-ignore
import { sampleQuality } from "./sampleQuality";

/** A média e o desvio-padrão amostral; o de um número só é 0. @throws Error se não há números */
export function spread(values: readonly number[]): Spread {
  return { mean: mean([...values]), std: values.length > 1 ? sampleStandardDeviation([...values]) : 0 }; // prettier-ignore
}

/**
 * Mede as amostras de cada semente com `sampleQuality`, e resume.
 *
 * @param samples uma lista de amostras por semente, todas do mesmo tamanho
 */
export function qualityOf(samples: readonly Rows[]): QualitySpread {
  const each = samples.map((rows) => sampleQuality(rows));
  const over = (key: keyof QualitySpread) => spread(each.map((quality) => quality[key]));
  return {
    frechet: over("frechet"),
    precision: over("precision"),
    recall: over("recall"),
    memorized: over("memorized"),
    classVariation: over("classVariation"),
  };
}

/** O que se sabe de um modelo antes de medir as amostras dele: os campos de um registro, e o custo do treino. */
export type LedgerEntry = Omit<LedgerRecord, "quality" | "cost"> &
  Omit<LedgerRecord["cost"], "secondsPer1000">;

/**
 * Tira mil amostras por semente, e faz o registro: a qualidade delas, e o tempo que levaram.
 *
 * @param draw mil imagens de 64 níveis, com a semente de 1 a `entry.seeds`
 * @throws RangeError se não são mil; o mais como `sampleQuality`
 */
export function measure(entry: LedgerEntry, draw: (seed: number) => Rows): LedgerRecord {
  const { parameters, trainingSeconds, ...rest } = entry;
  const start = performance.now();
  const samples = Array.from({ length: entry.seeds }, (_, i) => draw(i + 1));
  const secondsPer1000 = (performance.now() - start) / 1000 / entry.seeds;
  for (const { length } of samples)
    if (length !== 1000)
      throw new RangeError(`measure: esperava 1.000 amostras por semente, recebi ${length}`);
  return { ...rest, quality: qualityOf(samples), cost: { parameters, trainingSeconds, secondsPer1000 } }; // prettier-ignore
}

/** Os registros de todos os capítulos, na ordem deles. @throws Error se data/placar.json falta ou não tem a forma esperada */
export function readLedger(path?: string): readonly LedgerRecord[] {
  return checkRecords("data/placar.json", readLedgerFile(path));
}

/**
 * Confere os registros de um capítulo, medidos agora, com os de data/placar.json, dentro da tolerância destes; os tempos não contam.
 * Rodado com `--update-placar`, regrava em vez de conferir.
 *
 * @param measured todos os registros do capítulo
 * @returns true
 * @throws AssertionError com o que não confere; TypeError ou RangeError se um registro não tem a forma esperada
 */
export function agreesWithLedger(measured: readonly LedgerRecord[], path?: string): true {
  const now = checkRecords("agreesWithLedger", measured);
  const chapters = [...new Set(now.map(({ chapter }) => chapter))];
  if (chapters.length !== 1)
    throw new TypeError(
      `agreesWithLedger: esperava registros de um capítulo, recebi de ${chapters.join(", ") || "nenhum"}`,
    );
  const [chapter] = chapters;
  const ledger = readLedger(path);
  if (ledgerUpdating()) {
    const others = ledger.filter((record) => record.chapter !== chapter);
    writeLedgerFile([...others, ...now.map(rounded)].sort(byChapter), path);
    return true;
  }
  const before = ledger.filter((record) => record.chapter === chapter);
  const names = (records: readonly LedgerRecord[]) => records.map(({ model }) => model).join(", ");
  const problems =
    names(now) === names(before)
      ? before.flatMap((record, i) => differences(record, now[i]))
      : [`medi ${names(now)}; há registro de ${names(before) || "nenhum"}`];
  if (problems.length === 0) return true;
  const remedy = `npm run execute -- ${String(chapter).padStart(2, "0")} --update-placar`;
  const message = `não confere com data/placar.json: ${problems.join("; ")}. Se é o novo que vale: ${remedy}`;
  throw new AssertionError({ message, stackStartFn: agreesWithLedger });
}

const byChapter = (a: LedgerRecord, b: LedgerRecord) => a.chapter - b.chapter;

/** Com seis algarismos: o que a máquina dá depois deles é ruído. */
function rounded<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value, (_, x) => (typeof x === "number" ? Number(x.toPrecision(6)) : x)),
  );
}

/** O que há de diferente, em palavras. */
function differences(before: LedgerRecord, now: LedgerRecord): string[] {
  const problems: string[] = [];
  const { tolerance } = before;
  const report = (what: string, x: unknown, y: unknown) =>
    problems.push(`${before.model}, ${what}: medi ${y}, o registro diz ${x}`);
  const same = (what: string, x: unknown, y: unknown) => {
    if (x !== y) report(what, x, y);
  };
  const near = (what: string, x: Spread, y: Spread, allowed: number) => {
    // O desvio de poucas sementes oscila mais do que a média.
    if (Math.abs(x.mean - y.mean) <= allowed && Math.abs(x.std - y.std) <= 2 * allowed) return;
    const text = (s: Spread) => `${formatNumber(s.mean)} ± ${formatNumber(s.std)}`;
    report(`${what} (tolerância ${formatNumber(allowed)})`, text(x), text(y));
  };
  same("papel", before.role, now.role);
  same("sementes", before.seeds, now.seeds);
  same("parâmetros", before.cost.parameters, now.cost.parameters);
  same("ajustes", before.settings, now.settings);
  same("os números", kindsOf(before), kindsOf(now));
  before.likelihoods.forEach(({ kind, validation, test }, i) => {
    const other = now.likelihoods[i];
    if (other?.kind !== kind) return;
    near(`${kindNames[kind]}, validação`, validation, other.validation, tolerance.nats);
    near(`${kindNames[kind]}, teste`, test, other.test, tolerance.nats);
  });
  for (const key of Object.keys(before.quality) as (keyof QualitySpread)[]) {
    const allowed = key === "frechet" ? tolerance.frechet : tolerance.share;
    near(qualityNames[key], before.quality[key], now.quality[key], allowed);
  }
  return problems;
}

const kindNames: Readonly<Record<LikelihoodKind, string>> = {
  exact: "exato",
  "upper bound": "limite superior",
  "IWAE bound": "limite IWAE",
  estimate: "estimativa",
};

const qualityNames: Readonly<Record<keyof QualitySpread, string>> = {
  frechet: "Fréchet",
  precision: "precisão",
  recall: "cobertura",
  memorized: "decoradas",
  classVariation: "desvio das classes",
};

/** O que um número é, em português: "limite IWAE, k = 100". */
export const kindText = ({ kind, k }: Likelihood): string =>
  kindNames[kind] + (k ? `, k = ${k}` : "");

const kindsOf = ({ likelihoods }: LedgerRecord) => likelihoods.map(kindText).join(" e ") || "nenhum"; // prettier-ignore

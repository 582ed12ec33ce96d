import { AssertionError } from "node:assert";
import { formatNumber } from "./format";
import { draw } from "./table/draw";

const display: unique symbol = Symbol.for("Jupyter.display");

/** Uma medida do placar. */
export interface ScoreColumn {
  /** O título, com a unidade entre parênteses: "NLL (nats)". */
  title: string;
  /** Para que lado fica o melhor. */
  better: "lower" | "higher";
  /** Casas decimais; sem isto, duas. */
  digits?: number;
}

/** Uma medida: o número, ou o número e sua incerteza, na mesma unidade; pode ser infinito. */
export type Score = number | { readonly value: number; readonly uncertainty: number };

/**
 * De onde vem a linha: `floor`, o melhor que se pode alcançar; `baseline`, o trivial; `ours`, um modelo do caderno; `reference`,
 * um número publicado, com a fonte.
 */
export type ScoreKind = "floor" | "baseline" | "ours" | "reference";

/** Uma linha do placar. Uma medida que falta aparece como um traço. */
export interface ScoreRow<Key extends string> {
  name: string;
  kind: ScoreKind;
  /** Quem publicou o número; obrigatória, e só para `reference`. */
  source?: string;
  scores: { readonly [key in Key]?: Score };
  /** O que se afirma: a medida fica abaixo de `below` e acima de `above`. */
  bounds?: { readonly [key in Key]?: { readonly below?: number; readonly above?: number } };
}

/** Um placar conferido; aparece quando é a última expressão da célula. */
export interface Scoreboard<Key extends string> {
  /** As linhas na ordem em que aparecem: os pisos, depois do melhor ao pior na primeira medida. */
  readonly rows: readonly ScoreRow<Key>[];
  /** O nome do melhor dos nossos em cada medida; sem nenhum nosso medido, `undefined`. */
  readonly best: { readonly [key in Key]: string | undefined };
  [display](): { "text/html": string; "text/plain": string };
}

// O TypeScript 5.0 do tslab ainda não tem NoInfer: as chaves vêm das colunas, e um engano em uma linha é um erro.
type Fixed<Key extends string> = [Key][Key extends unknown ? 0 : never];

/**
 * O placar do capítulo: pisos à parte, os outros do melhor ao pior na primeira medida, com o melhor dos nossos marcado em cada
 * uma, e o que se afirma de cada linha conferido.
 *
 *     scoreboard(
 *       {
 *         nll: { title: "NLL (nats)", better: "lower" },
 *         ocean: { title: "no oceano (%)", better: "lower", digits: 0 },
 *       },
 *       [
 *         { name: "a terra firme", kind: "floor", scores: { nll: 9.83, ocean: 0 } },
 *         { name: "retângulo", kind: "baseline", scores: { nll: 11.02, ocean: 70 } },
 *         { name: "mistura", kind: "ours", scores: { nll: { value: 10.21, uncertainty: 0.01 }, ocean: 31 },
 *           bounds: { nll: { above: 9.83, below: 10.3 } } },
 *       ],
 *       { caption: "Placar", uncertainty: "desvio-padrão em 20 sementes" },
 *     );
 *
 * @param columns as medidas, cada uma com sua chave
 * @param rows as linhas, em qualquer ordem
 * @param options.caption o que o placar diz; fica acima dele
 * @param options.uncertainty o que é o número depois do ±; obrigatório se há incertezas
 * @throws AssertionError se uma medida não respeita seus limites; TypeError se falta algo ou há um nome repetido, RangeError se
 * uma medida é NaN ou uma incerteza não é ≥ 0
 */
export function scoreboard<Key extends string>(
  columns: { readonly [key in Key]: ScoreColumn },
  rows: readonly ScoreRow<Fixed<Key>>[],
  options: { caption: string; uncertainty?: string },
): Scoreboard<Key> {
  const keys = Object.keys(columns) as Key[];
  checkShape(columns, rows, options);
  for (const row of rows) for (const key of keys) checkBounds(row, key, columns[key].title);

  const worse = (key: Key, a: ScoreRow<Key>, b: ScoreRow<Key>) => {
    const [x, y] = [valueOf(a.scores[key]), valueOf(b.scores[key])];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    const sign = columns[key].better === "lower" ? 1 : -1;
    return x === y ? 0 : sign * (x < y ? -1 : 1);
  };
  const sorted = [...rows].sort(
    (a, b) => Number(b.kind === "floor") - Number(a.kind === "floor") || worse(keys[0], a, b),
  );
  const ours = rows.filter((row) => row.kind === "ours");
  const best = (key: Key): ScoreRow<Key> | undefined =>
    ours
      .filter((row) => row.scores[key] !== undefined)
      .reduce<ScoreRow<Key> | undefined>((a, b) => (a && worse(key, a, b) <= 0 ? a : b), undefined);
  const isBest = (row: ScoreRow<Key>, key: Key) => {
    const top = best(key);
    return row.kind === "ours" && top !== undefined && worse(key, row, top) === 0;
  };

  return {
    rows: sorted,
    best: Object.fromEntries(keys.map((key) => [key, best(key)?.name])) as Scoreboard<Key>["best"],
    [display]: () =>
      draw({
        caption: options.caption,
        columns: [
          {
            title: "modelo",
            numeric: false,
            texts: sorted.map((row) => row.name),
            small: sorted.map((row) => kinds[row.kind]),
          },
          ...keys.map((key) => ({
            title: `${columns[key].title}\u00a0${columns[key].better === "lower" ? "↓" : "↑"}`,
            numeric: true,
            texts: sorted.map(
              (row) =>
                (isBest(row, key) ? "★ " : "") + scoreText(row.scores[key], columns[key].digits),
            ),
            small: sorted.map((row) => uncertaintyText(row.scores[key], columns[key].digits)),
            bold: sorted.map((row) => isBest(row, key)),
          })),
        ],
        ruleAfter: sorted.filter((row) => row.kind === "floor").length,
        notes: notes(columns, sorted, options.uncertainty),
      }),
  };
}

const kinds: Record<ScoreKind, string> = {
  floor: "piso",
  baseline: "base trivial",
  ours: "nosso",
  reference: "referência",
};

function valueOf(score: Score | undefined): number | undefined {
  return typeof score === "object" ? score?.value : score;
}

function scoreText(score: Score | undefined, digits = 2): string {
  const value = valueOf(score);
  return value === undefined ? "–" : formatNumber(value, digits);
}

function uncertaintyText(score: Score | undefined, digits = 2): string {
  return typeof score === "object" ? `± ${formatNumber(score.uncertainty, digits)}` : "";
}

function notes(
  columns: Readonly<Record<string, ScoreColumn>>,
  rows: readonly ScoreRow<string>[],
  uncertainty: string | undefined,
): string[] {
  const sides = new Set(Object.values(columns).map(({ better }) => better));
  const legend = [
    sides.has("lower") && "↓ menor é melhor",
    sides.has("higher") && "↑ maior é melhor",
    rows.some((row) => row.kind === "ours") && "★ o melhor dos nossos",
    uncertainty && `± ${uncertainty}`,
  ].filter(Boolean);
  const sources = rows.flatMap(({ name, source }) => (source ? [`${name}: ${source}`] : []));
  return [legend.join(" · "), ...sources];
}

function checkShape(
  columns: Readonly<Record<string, ScoreColumn>>,
  rows: readonly ScoreRow<string>[],
  { caption, uncertainty }: { caption: string; uncertainty?: string },
): void {
  if (Object.keys(columns ?? {}).length === 0)
    throw new TypeError("scoreboard: esperava ao menos uma medida, recebi nenhuma");
  for (const [key, { title, better }] of Object.entries(columns)) {
    if (!title?.trim()) throw new TypeError(`scoreboard: falta o título da medida "${key}"`);
    if (better !== "lower" && better !== "higher")
      throw new TypeError(
        `scoreboard: better da medida "${key}" deve ser "lower" ou "higher", recebi ${better}`,
      );
  }
  if (!(rows?.length > 0))
    throw new TypeError("scoreboard: esperava ao menos uma linha, recebi nenhuma");
  if (!caption?.trim()) throw new TypeError("scoreboard: falta a legenda (caption)");
  const names = new Set<string>();
  rows.forEach((row, i) => {
    if (!row.name?.trim()) throw new TypeError(`scoreboard: falta o nome da linha ${i + 1}`);
    if (names.has(row.name))
      throw new TypeError(`scoreboard: há duas linhas de nome "${row.name}"`);
    names.add(row.name);
    checkRow(row, columns);
    const uncertain = Object.values(row.scores).some((score) => typeof score === "object");
    if (uncertain && !uncertainty?.trim())
      throw new TypeError("scoreboard: há incertezas; diga em options.uncertainty o que são");
  });
}

function checkRow(row: ScoreRow<string>, columns: Readonly<Record<string, ScoreColumn>>): void {
  const { name, kind, source, scores, bounds = {} } = row;
  if (!(kind in kinds))
    throw new TypeError(
      `scoreboard: kind de "${name}" deve ser ${Object.keys(kinds).join(", ")}; recebi ${kind}`,
    );
  if ((kind === "reference") !== Boolean(source?.trim()))
    throw new TypeError(
      `scoreboard: "${name}": ${kind !== "reference" ? "só uma referência tem fonte (source)" : "a referência precisa de fonte (source)"}`,
    );
  for (const key of [...Object.keys(scores), ...Object.keys(bounds)])
    if (!(key in columns)) throw new TypeError(`scoreboard: "${name}" fala da medida "${key}", que não existe`); // prettier-ignore
  for (const [key, score] of Object.entries(scores)) {
    if (score === undefined) continue;
    const value = valueOf(score);
    if (typeof value !== "number" || Number.isNaN(value))
      throw new RangeError(`scoreboard: "${key}" de "${name}" deve ser um número, recebi ${value}`);
    if (typeof score === "object" && !(score.uncertainty >= 0))
      throw new RangeError(
        `scoreboard: a incerteza de "${key}" de "${name}" deve ser ≥ 0, recebi ${score.uncertainty}`,
      );
  }
}

function checkBounds(row: ScoreRow<string>, key: string, title: string): void {
  const bound = row.bounds?.[key];
  if (!bound) return;
  const { below, above } = bound;
  if (below === undefined && above === undefined)
    throw new TypeError(`scoreboard: os limites de "${key}" de "${row.name}" não dizem nada`);
  const value = valueOf(row.scores[key]);
  const holds =
    value !== undefined &&
    (below === undefined || value < below) &&
    (above === undefined || value > above);
  if (holds) return;
  const all = (x: number) => x.toLocaleString("pt-BR", { maximumSignificantDigits: 10 });
  const expected = [
    above !== undefined && `acima de ${all(above)}`,
    below !== undefined && `abaixo de ${all(below)}`,
  ].filter(Boolean);
  const got = value === undefined ? "não foi medida" : `deu ${all(value)}`;
  const message = `placar: ${row.name}: ${title} deve ficar ${expected.join(" e ")}, mas ${got}`;
  throw new AssertionError({ message, stackStartFn: scoreboard });
}

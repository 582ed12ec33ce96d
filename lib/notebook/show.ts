import { escapeHtml, formatNumber } from "./format";

const display: unique symbol = Symbol.for("Jupyter.display");

/** O que `show` mostra: um número, um texto, sim ou não, ou uma lista de números. */
export type Shown = number | string | boolean | ArrayLike<number>;

/** Resultados prontos; aparecem quando são a última expressão da célula. */
export interface Results {
  [display](): { "text/html": string; "text/plain": string };
}

/**
 * Resultados com nome, arredondados e escritos como no Brasil:
 *
 *     show({ "peso médio (g)": 178.6198, "miúdas (%)": 0.715 }) // peso médio (g) 178,6 · miúdas (%) 0,715
 *
 * @param values o nome de cada resultado, com a unidade entre parênteses, e o valor; listas, como typed arrays, também servem
 * @param digits casas decimais; sem isto, quatro algarismos significativos (a parte inteira, sempre toda)
 * @throws TypeError se não há resultados ou se um não é um `Shown`; RangeError se `digits` não é um inteiro de 0 a 20
 */
export function show(values: Readonly<Record<string, Shown>>, digits?: number): Results {
  const entries = Object.entries(values).map(([name, value]) => [name, text(name, value, digits)]);
  if (entries.length === 0)
    throw new TypeError("show: esperava ao menos um resultado, recebi nenhum");
  return {
    [display]: () => ({
      "text/html":
        `<div style="display:flex;flex-wrap:wrap;gap:0.1em 2em">` +
        entries
          .map(
            ([name, value]) =>
              `<span>${escapeHtml(name)}&ensp;<strong>${escapeHtml(value)}</strong></span>`,
          )
          .join("") + // prettier-ignore
        `</div>`,
      "text/plain": entries.map(([name, value]) => `${name}: ${value}`).join("\n"),
    }),
  };
}

function text(name: string, value: Shown, digits?: number): string {
  if (typeof value === "number") return short(value, digits);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "sim" : "não";
  const list = value !== null && typeof value === "object" ? Array.from(value as ArrayLike<number>) : []; // prettier-ignore
  if (list.length === 0 || !list.every((item) => typeof item === "number"))
    throw new TypeError(
      `show: "${name}" deve ser um número, um texto, sim ou não, ou uma lista de números, recebi ${value === null ? "null" : typeof value}`,
    );
  return list.map((item) => short(item, digits)).join("; ");
}

/** Quatro algarismos significativos (todos os da parte inteira), ou as casas pedidas. */
function short(value: number, digits?: number): string {
  if (digits !== undefined || !Number.isFinite(value) || Number.isInteger(value))
    return formatNumber(value, digits);
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(4)))));
  if (exponent >= -4) return formatNumber(value, Math.max(0, 3 - exponent));
  return `${formatNumber(value / 10 ** exponent, 1)} × 10${superscript(exponent)}`;
}

const superscript = (n: number) => String(n).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? "⁻");

import { formatNumber } from "./format";
import { draw } from "./table/draw";

const display: unique symbol = Symbol.for("Jupyter.display");

/** O que pode haver em uma casa da tabela; `null` aparece como um traço. */
export type TableCell = string | number | boolean | null;

/** Uma tabela pronta; aparece quando é a última expressão da célula. */
export interface Table {
  [display](): { "text/html": string; "text/plain": string };
}

/**
 * Uma tabela com uma linha por objeto. As chaves são os títulos das colunas, com a unidade entre parênteses; a primeira coluna
 * dá nome às linhas.
 *
 *     table([{ modelo: "retângulo", "NLL (nats)": 11.08 }, { modelo: "mistura", "NLL (nats)": 10.21 }],
 *           { caption: "Placar", digits: 2 })
 *
 * @param options.caption o que a tabela diz; fica acima dela
 * @param options.digits casas decimais de todos os números, ou por coluna: `{ "NLL (nats)": 3 }`; sem isto, colunas de
 * inteiros ficam sem casas e as outras com três
 * @throws TypeError se não há linhas, se a uma linha falta ou sobra uma coluna, ou se um valor não é um `TableCell`; RangeError
 * se digits fala de coluna que não existe ou não está entre 0 e 20
 */
export function table(
  rows: readonly Readonly<Record<string, TableCell>>[],
  options: { caption: string; digits?: number | Readonly<Record<string, number>> },
): Table {
  if (rows.length === 0) throw new TypeError("table: esperava ao menos uma linha, recebi nenhuma");
  const { caption, digits } = options;
  if (!caption?.trim()) throw new TypeError("table: falta a legenda (caption)");
  const titles = Object.keys(rows[0]);
  if (titles.length === 0) throw new TypeError("table: a linha 1 não tem colunas");
  checkRows(rows, titles);
  if (typeof digits === "object") {
    const unknown = Object.keys(digits).find((title) => !titles.includes(title));
    if (unknown !== undefined) {
      throw new RangeError(`table: digits fala da coluna "${unknown}", que não existe`);
    }
  }

  const columns = titles.map((title) => {
    const values = rows.map((row) => row[title]);
    const decimals = typeof digits === "number" ? digits : digits?.[title];
    return {
      title,
      numeric: values.every((value) => typeof value === "number" || value === null),
      texts: values.map(cellText(decimals ?? (values.every(isWhole) ? 0 : 3))),
    };
  });
  return {
    [display]: () => draw({ caption, columns }),
  };
}

function checkRows(rows: readonly Readonly<Record<string, TableCell>>[], titles: string[]): void {
  rows.forEach((row, i) => {
    const missing = titles.find((title) => !(title in row));
    if (missing !== undefined)
      throw new TypeError(`table: falta a coluna "${missing}" na linha ${i + 1}`);
    for (const [title, value] of Object.entries(row)) {
      if (!titles.includes(title)) {
        throw new TypeError(
          `table: a linha ${i + 1} tem a coluna "${title}", que a linha 1 não tem`,
        );
      }
      if (value !== null && !["string", "number", "boolean"].includes(typeof value)) {
        throw new TypeError(
          `table: "${title}" na linha ${i + 1} deve ser texto, número, booleano ou null, recebi ${typeof value}`,
        );
      }
    }
  });
}

const isWhole = (value: TableCell) =>
  typeof value !== "number" || !Number.isFinite(value) || Number.isInteger(value);

const cellText = (decimals: number) => (value: TableCell) => {
  if (value === null) return "–";
  if (typeof value === "number") return formatNumber(value, decimals);
  if (typeof value === "boolean") return value ? "sim" : "não";
  return value;
};

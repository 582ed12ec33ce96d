/** A tabela de razões, pronta para a tela. */
export function table(rows) {
  const cells = [
    ["conta", "concorrente", "nós", "ele", "razão", "mínimos", "meta", ""],
    ...rows.map((row) => [
      row.label,
      row.peer,
      duration(row.ours),
      duration(row.theirs),
      row.equal ? number(row.ratio, 2) : "contas diferentes",
      row.equal ? number(row.best, 2) : "",
      row.aim === null ? "–" : `≤ ${number(row.aim, 2)}`,
      verdict(row),
    ]),
  ];
  const widths = cells[0].map((_, j) => Math.max(...cells.map((line) => line[j].length)));
  const line = (texts) =>
    texts
      .map((text, j) => (j >= 2 && j <= 6 ? text.padStart(widths[j]) : text.padEnd(widths[j])))
      .join("  ")
      .trimEnd();
  return [
    line(cells[0]),
    widths
      .map((width) => "─".repeat(width))
      .join("  ")
      .trimEnd(),
    ...cells.slice(1).map(line),
  ].join("\n");
}

/** ✔ dentro da meta, ✖ fora, vazio se não há meta; contas diferentes não se comparam. */
export function verdict({ equal, aim, ratio }) {
  if (!equal) return "✖";
  if (aim === null) return "";
  return ratio <= aim ? "✔" : "✖";
}

/** "0,38 ms", "12,3 ms", "1,25 s" */
export function duration(seconds) {
  if (seconds < 0.01) return `${number(1e3 * seconds, 2)} ms`;
  return seconds < 1
    ? `${number(1e3 * seconds, seconds < 0.1 ? 1 : 0)} ms`
    : `${number(seconds, 2)} s`;
}

const number = (value, digits) =>
  value.toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits });

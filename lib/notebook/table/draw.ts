import { escapeHtml } from "../format";

/** Uma coluna já escrita em texto. */
export interface DrawnColumn {
  title: string;
  numeric: boolean;
  texts: readonly string[];
  /** O que vem menor sob cada texto; em texto simples, ao lado: entre parênteses, ou só depois do número. */
  small?: readonly string[];
  /** Quais textos aparecem em negrito. */
  bold?: readonly boolean[];
}

/** Uma tabela já escrita; a primeira coluna dá nome às linhas. */
export interface Drawing {
  caption: string;
  columns: readonly DrawnColumn[];
  /** Depois de quantas linhas passar um traço. */
  ruleAfter?: number;
  /** O que se diz embaixo dela, uma linha cada. */
  notes?: readonly string[];
}

/** A tabela em HTML e em texto simples. */
export function draw(drawing: Drawing): { "text/html": string; "text/plain": string } {
  return { "text/html": asHtml(drawing), "text/plain": asText(drawing) };
}

function asHtml({ caption, columns, ruleAfter = 0, notes = [] }: Drawing): string {
  const align = ({ numeric }: DrawnColumn) =>
    `padding:0.25em 0.8em;text-align:${numeric ? "right" : "left"}`;
  const head = columns.map(
    (c) => `<th scope="col" style="${align(c)}">${escapeHtml(c.title)}</th>`,
  );
  const lines = columns[0].texts.map((_, i) => {
    const rule = i > 0 && i === ruleAfter ? ";border-top:1px solid currentColor" : "";
    const cells = columns.map((column, j) => {
      const text = escapeHtml(column.texts[i]);
      const small = column.small?.[i]
        ? `<br><small style="opacity:0.75">${escapeHtml(column.small[i])}</small>`
        : "";
      const inner = (column.bold?.[i] ? `<strong>${text}</strong>` : text) + small;
      const style = `${align(column)}${rule}`;
      return j === 0
        ? `<th scope="row" style="${style};font-weight:normal">${inner}</th>`
        : `<td style="${style};font-variant-numeric:tabular-nums${column.numeric ? ";white-space:nowrap" : ""}">${inner}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  // Em telas estreitas a caixa rola sozinha; com tabindex, também pelo teclado.
  const box =
    `<div style="overflow-x:auto" tabindex="0" role="region" aria-label="${escapeHtml(caption)}">` +
    `<table><caption style="caption-side:top;text-align:left;font-weight:bold;padding:0.3em 0">${escapeHtml(caption)}</caption>` +
    `<thead><tr>${head.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
  if (notes.length === 0) return box;
  return `${box}<div style="font-size:0.9em;max-width:48em;overflow-wrap:anywhere">${notes.map(escapeHtml).join("<br>")}</div>`;
}

function asText({ caption, columns, ruleAfter = 0, notes = [] }: Drawing): string {
  const padded = columns.map(({ title, numeric, texts, small }) => {
    const whole = texts.map((text, i) =>
      small?.[i] ? (numeric ? `${text} ${small[i]}` : `${text} (${small[i]})`) : text,
    );
    const width = Math.max(title.length, ...whole.map((text) => text.length));
    const pad = (text: string) => (numeric ? text.padStart(width) : text.padEnd(width));
    const rule = "─".repeat(width);
    const rows = whole.map(pad);
    if (ruleAfter > 0 && ruleAfter < rows.length) rows.splice(ruleAfter, 0, rule);
    return [pad(title), rule, ...rows];
  });
  const lines = padded[0].map((_, i) =>
    padded
      .map((column) => column[i])
      .join("  ")
      .trimEnd(),
  );
  return [caption, ...lines, ...notes].join("\n");
}

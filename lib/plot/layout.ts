import type { Drawing, Mark } from "./mark";

/** Um ponto [x, y], nas unidades dos eixos. */
type Corner = readonly [number, number];

// Larguras em pixels: o que os painéis têm, juntos, em uma página comum e em um telefone.
const widest = 640;
const narrowest = 320;
// Alturas em pixels de uma linha do título, do título de um painel e da legenda.
export const titleLine = 21;
const panelTitleLine = 18;
const legendLine = 30;

/** Aquilo de que os lugares dependem. */
interface Content {
  title: string;
  panels: readonly { title?: string }[];
  columns: number;
  /** Os nomes dos eixos que todos os painéis têm em comum, se têm. */
  x?: string;
  y?: string;
  /** A altura de um painel, se foi dada. */
  height?: number;
  axes: boolean;
  /** Os cantos do desenho, se uma unidade de x deve medir o mesmo que uma de y; se não, nenhum. */
  corners: readonly Corner[];
  legendRows: number;
  colorBar: boolean;
}

/** Onde fica cada coisa: os painéis linha por linha, acima deles a legenda e o título, abaixo a escala de cores. */
export function arrange({
  title,
  panels,
  columns,
  x,
  y,
  axes,
  corners,
  legendRows,
  colorBar,
  height,
}: Content) {
  const sharedX = !axes || x !== undefined;
  const sharedY = !axes || y !== undefined;
  const rows = Math.ceil(panels.length / columns);
  const gapX = !axes ? 0.02 : sharedY ? 0.04 : 0.165;
  const width = (1 - gapX * (columns - 1)) / columns;
  const panelTitles = panels.map((panel) =>
    wrap(panel.title ?? "", Math.max(10, (width * narrowest) / 7.2)),
  );
  const panelTitleRoom = Math.max(...panelTitles.map((lines) => lines.length)) * panelTitleLine;
  const gapY = panelTitleRoom + (!axes ? 10 : sharedX ? 16 : 60);
  const panelHeight = height ?? naturalHeight(width * widest, corners, columns);
  const total = rows * panelHeight + (rows - 1) * gapY;

  const titleLines = wrap(title, 42);
  const legendRoom = legendLine * legendRows;
  const axisRoom = axes ? 52 : 12;
  const margin = {
    t: 20 + titleLine * titleLines.length + legendRoom + panelTitleRoom,
    b: axisRoom + (colorBar ? 56 : 0),
    l: axes ? 60 : 12,
    r: axes ? 18 : 12,
  };
  return {
    sharedX,
    sharedY,
    titleLines,
    margin,
    height: margin.t + total + margin.b,
    legendY: 1 + (panelTitleRoom + 2) / total,
    colorBarY: -(axisRoom + 4) / total,
    panels: panels.map((_, i) => {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      const left = column * (width + gapX);
      const top = 1 - (row * (panelHeight + gapY)) / total;
      return {
        x: `x${i > 0 ? i + 1 : ""}`,
        y: `y${i > 0 ? i + 1 : ""}`,
        /** Escreve números e nome do eixo à esquerda? E embaixo? */
        left: !sharedY || column === 0,
        bottom: !sharedX || i + columns >= panels.length,
        domainX: [left, Math.min(1, left + width)],
        domainY: [Math.max(0, top - panelHeight / total), top],
        titleLines: panelTitles[i],
      };
    }),
  };
}

/** A altura que o conteúdo pede, se as unidades são iguais; se não, a de um painel mais largo que alto. */
function naturalHeight(width: number, corners: readonly Corner[], columns: number): number {
  if (corners.length === 0) return columns === 1 ? 320 : Math.round(Math.max(170, 0.75 * width));
  const [xs, ys] = ([0, 1] as const).map((k) => ends(corners.map((corner) => corner[k])));
  return Math.round(Math.min(560, Math.max(60, (width * (ys[1] - ys[0])) / (xs[1] - xs[0] || 1))));
}

/** Os cantos de tudo o que os traços desenham. */
export function extent({ traces = [] }: Drawing): [number, number][] {
  return traces.flatMap((trace) => {
    if (!Array.isArray(trace.x) || !Array.isArray(trace.y)) return [];
    const [xs, ys] = [ends(trace.x), ends(trace.y)];
    return [0, 1].map((k): [number, number] => [xs[k], ys[k]]);
  });
}

/** Todos os cantos estão dentro da moldura? */
export function holds(frame: NonNullable<Mark["frame"]>, corners: readonly Corner[]): boolean {
  return corners.every((corner) =>
    corner.every(
      (v, k) => v >= Math.min(frame[0][k], frame[1][k]) && v <= Math.max(frame[0][k], frame[1][k]),
    ),
  );
}

/** A folga em volta de um desenho sem eixos, para que nenhum traço seja cortado na borda. */
export function padded(corners: readonly Corner[]): Mark["frame"] {
  if (corners.length === 0) return undefined;
  const [xs, ys] = ([0, 1] as const).map((k) => ends(corners.map((corner) => corner[k])));
  const room = 0.03 * Math.max(xs[1] - xs[0], ys[1] - ys[0]);
  return [[xs[0] - room, ys[0] - room], [xs[1] + room, ys[1] + room]]; // prettier-ignore
}

/** O menor e o maior dos números. */
function ends(values: readonly unknown[]): [number, number] {
  const numbers = values.filter((value): value is number => typeof value === "number");
  return numbers.reduce(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
}

/** Quantas linhas a legenda com estes nomes ocupa em uma página estreita. */
export function countRows(names: readonly string[]): number {
  let rows = 0;
  let used = Infinity;
  for (const name of names) {
    const width = 45 + 6.8 * name.length;
    if (used + width > narrowest) {
      rows++;
      used = 0;
    }
    used += width;
  }
  return rows;
}

/** O texto em linhas de no máximo tantas letras, cortado entre palavras: o plotly não quebra linhas sozinho. */
function wrap(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const current = lines[lines.length - 1];
    if (current !== undefined && current.length + 1 + word.length <= letters) {
      lines[lines.length - 1] = `${current} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

import type { Drawing, Mark } from "./mark";

/** A point [x, y] in units of the axes. */
type Corner = readonly [number, number];

const widest = 640; // what the panels have between them on a page of usual width
const narrowest = 340; // … and on a telephone
const lineHeight = 18;

/** What the places depend on. */
interface Content {
  title: string;
  panels: readonly { title?: string }[];
  columns: number;
  /** Names of the axes that all panels share, if any. */
  x?: string;
  y?: string;
  /** Height of a panel, if the reader has said it. */
  height?: number;
  axes: boolean;
  /** Corners of what is drawn when units are equal, else nothing. */
  corners: readonly Corner[];
  legendRows: number;
  colorBar: boolean;
}

/** Where everything stands: panels row by row, above them the legend and the title, below them the colour bar. */
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
  const panelTitleRoom = Math.max(...panelTitles.map((lines) => lines.length)) * lineHeight;
  const gapY = panelTitleRoom + (!axes ? 10 : sharedX ? 16 : 60);
  const panelHeight = height ?? naturalHeight(width * widest, corners, columns);
  const total = rows * panelHeight + (rows - 1) * gapY;

  const titleLines = wrap(title, 42);
  const legendRoom = legendRows > 0 ? 21 * legendRows + 8 : 0;
  const axisRoom = axes ? 52 : 12;
  const margin = {
    t: 20 + 21 * titleLines.length + legendRoom + panelTitleRoom,
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
        /** Does it write its numbers and names at the left, at the bottom? */
        left: !sharedY || column === 0,
        bottom: !sharedX || i + columns >= panels.length,
        domainX: [left, Math.min(1, left + width)],
        domainY: [Math.max(0, top - panelHeight / total), top],
        titleLines: panelTitles[i],
      };
    }),
  };
}

/** As the content asks when units are equal, else a landscape shape that suits the width. */
function naturalHeight(width: number, corners: readonly Corner[], columns: number): number {
  if (corners.length === 0) return columns === 1 ? 320 : Math.round(Math.max(170, 0.75 * width));
  const [xs, ys] = ([0, 1] as const).map((k) => ends(corners.map((corner) => corner[k])));
  return Math.round(Math.min(560, Math.max(60, (width * (ys[1] - ys[0])) / (xs[1] - xs[0] || 1))));
}

/** Corners of all that the traces draw. */
export function extent({ traces = [] }: Drawing): [number, number][] {
  return traces.flatMap((trace) => {
    if (!Array.isArray(trace.x) || !Array.isArray(trace.y)) return [];
    const [xs, ys] = [ends(trace.x), ends(trace.y)];
    return [0, 1].map((k): [number, number] => [xs[k], ys[k]]);
  });
}

/** Are all the corners inside of the frame? */
export function holds(frame: NonNullable<Mark["frame"]>, corners: readonly Corner[]): boolean {
  return corners.every((corner) =>
    corner.every(
      (v, k) => v >= Math.min(frame[0][k], frame[1][k]) && v <= Math.max(frame[0][k], frame[1][k]),
    ),
  );
}

/** Room around a drawing without axes, so that no stroke is cut at the edge. */
export function padded(corners: readonly Corner[]): Mark["frame"] {
  if (corners.length === 0) return undefined;
  const [xs, ys] = ([0, 1] as const).map((k) => ends(corners.map((corner) => corner[k])));
  const room = 0.03 * Math.max(xs[1] - xs[0], ys[1] - ys[0]);
  return [[xs[0] - room, ys[0] - room], [xs[1] + room, ys[1] + room]]; // prettier-ignore
}

/** Least and largest number. */
function ends(values: readonly unknown[]): [number, number] {
  const numbers = values.filter((value): value is number => typeof value === "number");
  return numbers.reduce(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
}

/** Every name that the legend shows, once. */
export function legendNames(drawings: readonly Required<Drawing>[]): string[] {
  const entries = drawings.flatMap(({ traces, shapes }) => [...traces, ...shapes]);
  return [...new Set(entries.flatMap(({ name }) => (name === undefined ? [] : [String(name)])))];
}

/** Rows of a legend with these names across a narrow page. */
export function countRows(names: readonly string[]): number {
  let rows = 0;
  let used = Infinity;
  for (const name of names) {
    const width = 44 + 7.5 * name.length;
    if (used + width > narrowest) {
      rows++;
      used = 0;
    }
    used += width;
  }
  return rows;
}

/** The text broken between words into lines of at most so many letters; plotly does not break lines by itself. */
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

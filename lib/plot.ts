import { colors, palette } from "./colors";
import { escapeText, type Drawing, type Json, type Mark } from "./marks";

// What figures are made of, so that a cell imports all it draws with from here.
export { colors };
export {
  area,
  bars,
  curve,
  heatmap,
  histogram,
  horizontalLine,
  imageGrid,
  line,
  lines,
  rectangle,
  scatter,
  text,
  verticalLine,
} from "./marks";
export type { Mark } from "./marks";

const display: unique symbol = Symbol.for("Jupyter.display");

/**
 * A drawn figure as plain plotly JSON; the last expression of a cell shows it. `layout.meta.alt` holds the text alternative.
 */
export interface Figure {
  readonly data: Json[];
  readonly layout: Json;
  readonly config: Json;
  [display](): { "application/vnd.plotly.v1+json": Json; "text/plain": string };
}

/** One pair of axes and what is drawn in it. */
export interface Panel {
  /** Drawn in this order, the last one on top. */
  marks: readonly Mark[];
  /** Name of the horizontal axis, with its unit: "altura (cm)". */
  x?: string;
  /** Name of the vertical axis, with its unit. */
  y?: string;
  /** Ends of the horizontal axis, those of the data unless told. */
  xRange?: readonly [number, number];
  /** Ends of the vertical axis, those of the data unless told. */
  yRange?: readonly [number, number];
}

interface Common {
  /** What the figure shows, above it. */
  title: string;
  /** What the figure shows, for who cannot see it: one or two sentences with the conclusion. */
  alt: string;
  /** `false` hides the axes, their numbers and names: for drawings and images. */
  axes?: boolean;
  /** One unit of x as long as one unit of y: for maps and drawings. */
  equal?: boolean;
  /** Height of each panel in pixels; chosen from the content unless told. */
  height?: number;
}

export interface FigureOptions extends Panel, Common {}

export interface GridOptions extends Common, Pick<Panel, "x" | "y" | "xRange" | "yRange"> {
  /** The panels, row by row. A panel's `x` and `y` are only needed when the grid has none. */
  panels: readonly (Panel & { title?: string })[];
  /** Panels in a row. */
  columns: number;
}

/**
 * A figure: marks on one pair of axes.
 *
 *     figure({ title: "Alturas", x: "altura (cm)", y: "densidade (1/cm)", alt: "…",
 *              marks: [histogram(heights, { name: "dados" }), curve(density, { from: 140, to: 210, name: "modelo" })] })
 *
 * @throws TypeError when the title, the alt, the name of a visible axis or the marks are missing
 */
export function figure(options: FigureOptions): Figure {
  const { marks, x, y, xRange, yRange, ...common } = options;
  return draw("figure", { ...common, x, y, xRange, yRange, columns: 1, panels: [{ marks }] });
}

/**
 * Small multiples: several panels in one figure. `x` and `y` given here are shared by all panels, with the same ends, and written
 * only at the border; given in each panel, every panel has its own. The same name has the same colour in all panels, and one
 * entry in the legend.
 *
 * @throws TypeError as `figure` does; RangeError when `columns` is not a whole number > 0
 */
export function grid(options: GridOptions): Figure {
  return draw("grid", options);
}

const font = {
  family: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  size: 13,
  color: "#222",
};
const widest = 640; // pixels that the panels have between them on a page of usual width
const narrowest = 340; // … and on a telephone

function draw(name: string, options: GridOptions): Figure {
  const { title, alt, panels, columns, equal = false } = options;
  check(name, options);
  const drawings = paint(panels);
  const axes =
    options.axes ?? !panels.every(({ marks }) => marks.every((mark) => mark.withoutAxes));
  const shared = options.x !== undefined || options.y !== undefined || !axes;
  if (axes) checkAxisNames(name, options);

  const rows = Math.ceil(panels.length / columns);
  const gapX = (axes && !shared ? 70 : axes ? 24 : 12) / widest;
  const width = (1 - gapX * (columns - 1)) / columns;
  const box = panels.flatMap(({ marks }, i) =>
    marks.flatMap((mark) => mark.box ?? extent(drawings[i])),
  );
  const height = options.height ?? panelHeight(width * widest, equal ? box : [], columns);

  const lettersPerLine = Math.max(10, Math.floor((width * narrowest) / 7));
  const panelTitles = panels.map((panel) => wrap(panel.title ?? "", lettersPerLine));
  const titleRoom = Math.max(...panelTitles.map((lines) => lines.length)) * 18;
  const gapY = (axes && !shared ? 56 : axes ? 30 : 10) + titleRoom;
  const total = rows * height + (rows - 1) * gapY;

  const titleLines = wrap(title, 46);
  const legendRoom = legendHeight(drawings);
  const margin = {
    t: 14 + 21 * titleLines.length + (titleRoom && titleRoom + 2) + (legendRoom && legendRoom + 6),
    b: axes ? 50 : 12,
    l: axes ? 60 : 12,
    r: axes ? 18 : 12,
    pad: 0,
  };
  const layout: Json = {
    title: {
      text: titleLines.map(escapeText).join("<br>"),
      font: { size: 16 },
      x: 0,
      xref: "container",
      pad: { l: 12 },
      y: 1,
      yref: "container",
      yanchor: "top",
    },
    height: margin.t + total + margin.b,
    margin,
    font,
    separators: ",.",
    colorway: palette,
    paper_bgcolor: "white",
    plot_bgcolor: "white",
    showlegend: legendRoom > 0,
    legend: {
      orientation: "h",
      x: 0,
      xanchor: "left",
      y: 1 + (titleRoom + 4) / total,
      yanchor: "bottom",
      itemsizing: "constant",
      bgcolor: "rgba(255,255,255,0)",
    },
    barmode: "group",
    hovermode: "closest",
    dragmode: false,
    modebar: { bgcolor: "rgba(255,255,255,0.8)", color: "#777", activecolor: "#222" },
    meta: { alt },
    shapes: [] as Json[],
    annotations: [] as Json[],
  };

  const data: Json[] = [];
  const named = new Set<unknown>();
  const legend = (entry: Json): Json => {
    if (entry.name === undefined) return { ...entry, showlegend: false };
    const first = !named.has(entry.name);
    named.add(entry.name);
    return {
      ...entry,
      name: escapeText(String(entry.name)),
      legendgroup: entry.name,
      showlegend: first,
    };
  };
  panels.forEach((panel, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const [x, y] = [`x${i > 0 ? i + 1 : ""}`, `y${i > 0 ? i + 1 : ""}`];
    const left = column * (width + gapX);
    const top = 1 - (row * (height + gapY)) / total;
    const last = i + columns >= panels.length;
    const images = panel.marks.some((mark) => mark.withoutAxes);
    layout[`xaxis${i > 0 ? i + 1 : ""}`] = {
      domain: [left, Math.min(1, left + width)],
      anchor: y,
      ...axis(
        axes,
        shared && !last ? undefined : (options.x ?? panel.x),
        options.xRange ?? panel.xRange,
      ),
      ...(shared && !last && { showticklabels: false }),
      ...(shared && i > 0 && { matches: "x" }),
      ...(columns > 2 && { nticks: 4 }),
      ...(equal && { constrain: "domain" }),
    };
    layout[`yaxis${i > 0 ? i + 1 : ""}`] = {
      domain: [Math.max(0, top - height / total), top],
      anchor: x,
      ...axis(
        axes,
        shared && column > 0 ? undefined : (options.y ?? panel.y),
        options.yRange ?? panel.yRange,
      ),
      ...(shared && column > 0 && { showticklabels: false }),
      ...(shared && i > 0 && { matches: "y" }),
      ...(equal && { scaleanchor: x, constrain: "domain", constraintoward: "top" }),
      ...(images && { autorange: "reversed" }),
    };
    const drawing = drawings[i];
    for (const trace of drawing.traces ?? []) data.push({ ...legend(trace), xaxis: x, yaxis: y });
    for (const shape of drawing.shapes ?? []) {
      const ref = (which: unknown, own: string) => (which === "domain" ? `${own} domain` : own);
      (layout.shapes as Json[]).push({
        ...legend(shape),
        xref: ref(shape.xref, x),
        yref: ref(shape.yref, y),
      });
    }
    const annotations = layout.annotations as Json[];
    for (const annotation of drawing.annotations ?? [])
      annotations.push({ ...annotation, xref: x, yref: y });
    if (panel.title) {
      annotations.push({
        text: panelTitles[i].map(escapeText).join("<br>"),
        x: 0.5,
        xref: `${x} domain`,
        xanchor: "center",
        y: 1,
        yref: `${y} domain`,
        yanchor: "bottom",
        showarrow: false,
        font: { size: 13 },
      });
    }
  });

  const config = {
    displaylogo: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
  };
  const json: Json = { data, layout, config };
  return {
    data,
    layout,
    config,
    [display]: () => ({ "application/vnd.plotly.v1+json": json, "text/plain": alt }),
  };
}

/** Gives every mark its colours and draws it. */
function paint(panels: GridOptions["panels"]): Drawing[] {
  const byName = new Map<string, string>();
  return panels.map(({ marks }) => {
    let next = 0;
    const drawings = marks.map((mark) => {
      const known =
        mark.name !== undefined && mark.color === undefined ? byName.get(mark.name) : undefined;
      if (known) return mark.draw([known]);
      const given = Array.from(
        { length: mark.colorsTaken },
        () => palette[next++ % palette.length],
      );
      if (mark.name !== undefined && given.length === 1) byName.set(mark.name, given[0]);
      return mark.draw(given);
    });
    return {
      traces: drawings.flatMap((drawing) => drawing.traces ?? []),
      shapes: drawings.flatMap((drawing) => drawing.shapes ?? []),
      annotations: drawings.flatMap((drawing) => drawing.annotations ?? []),
    };
  });
}

function axis(
  visible: boolean,
  name: string | undefined,
  range: readonly [number, number] | undefined,
): Json {
  const ends = range && { range: [...range] };
  if (!visible) return { visible: false, ...ends };
  return {
    ...(name && { title: { text: escapeText(name), standoff: 8 } }),
    ...ends,
    automargin: true,
    showline: true,
    linecolor: "#777",
    ticks: "outside",
    ticklen: 4,
    tickcolor: "#777",
    gridcolor: "#E8E8E8",
    zeroline: false,
    exponentformat: "power",
  };
}

/** Every x and y of the drawing's traces, as corners [x, y]. */
function extent({ traces = [] }: Drawing): [number, number][] {
  return traces.flatMap((trace) => {
    const ends = (values: unknown) => {
      const finite = (values as (number | null)[]).filter(
        (v): v is number => typeof v === "number",
      );
      return finite.reduce(
        ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
        [Infinity, -Infinity],
      );
    };
    if (!Array.isArray(trace.x) || !Array.isArray(trace.y)) return [];
    const [xs, ys] = [ends(trace.x), ends(trace.y)];
    return [[xs[0], ys[0]], [xs[1], ys[1]]] as [number, number][]; // prettier-ignore
  });
}

/** Pixels: as the content asks when units are equal, else a landscape shape that suits the width. */
function panelHeight(
  width: number,
  corners: readonly (readonly [number, number])[],
  columns: number,
): number {
  if (corners.length === 0) return columns === 1 ? 320 : Math.round(Math.max(170, 0.75 * width));
  const span = (k: 0 | 1) =>
    Math.max(...corners.map((c) => c[k])) - Math.min(...corners.map((c) => c[k]));
  return Math.round(Math.min(560, Math.max(60, (width * span(1)) / span(0))));
}

/** Pixels that the legend takes when it stands in rows across a narrow page; 0 without one. */
function legendHeight(drawings: readonly Drawing[]): number {
  const all = drawings.flatMap(({ traces = [], shapes = [] }) => [...traces, ...shapes]);
  const names = new Set(all.flatMap(({ name }) => (name === undefined ? [] : [String(name)])));
  if (names.size === 0) return 0;
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const width = 44 + 7.5 * name.length;
    if (used > 0 && used + width > narrowest) {
      rows++;
      used = 0;
    }
    used += width;
  }
  return 21 * rows;
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

function check(name: string, { title, alt, panels, columns }: GridOptions): void {
  if (!title?.trim()) throw new TypeError(`${name}: falta o título (title)`);
  if (!alt?.trim()) {
    throw new TypeError(`${name}: falta a descrição para quem não vê a figura (alt)`);
  }
  if (panels.length === 0)
    throw new TypeError(`${name}: esperava ao menos um painel, recebi nenhum`);
  for (const { marks } of panels) {
    if (!Array.isArray(marks) || marks.length === 0) {
      throw new TypeError(`${name}: esperava ao menos uma marca em marks, recebi nenhuma`);
    }
  }
  if (!(Number.isInteger(columns) && columns > 0)) {
    throw new RangeError(`${name}: columns deve ser um inteiro > 0, recebi ${columns}`);
  }
}

function checkAxisNames(name: string, options: GridOptions): void {
  options.panels.forEach((panel, i) => {
    for (const key of ["x", "y"] as const) {
      if (!(options[key] ?? panel[key])?.trim()) {
        const where = options.panels.length > 1 ? ` do painel ${i + 1}` : "";
        throw new TypeError(
          `${name}: falta o nome do eixo ${key}${where}, com unidade (ou axes: false)`,
        );
      }
    }
  });
}

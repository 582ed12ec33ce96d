import { colors, palette } from "./colors";
import { escapeText, type ColorScale, type Drawing, type Json, type Mark } from "./mark";
import { arrange, countRows, extent, holds, legendNames, padded } from "./plotLayout";

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
export type { Mark } from "./mark";

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

function draw(name: string, options: GridOptions): Figure {
  check(name, options);
  const { title, alt, columns, x, y, xRange, yRange } = options;
  const panels = options.panels.map((panel) => ({ x, y, xRange, yRange, ...panel }));
  const { drawings, colorScale } = paint(name, panels);
  const images = panels.every(({ marks }) => marks.every((mark) => mark.withoutAxes));
  const axes = options.axes ?? !images;
  if (axes) checkAxisNames(name, panels);
  const equal = options.equal ?? images;
  const frames = panels.map((panel, i) => frameOf(panel, drawings[i]));
  const corners = equal ? panels.flatMap((_, i) => frames[i] ?? extent(drawings[i])) : [];
  const legendRows = countRows(legendNames(drawings));
  const drawn = !axes && !images ? padded(corners) : undefined;
  const place = arrange({
    ...options,
    axes,
    corners,
    legendRows,
    colorBar: colorScale !== undefined,
  });

  const layout: Json = {
    ...theme,
    title: { ...titleStyle, text: place.titleLines.map(escapeText).join("<br>") },
    height: place.height,
    margin: place.margin,
    showlegend: legendRows > 0,
    legend: { ...legendStyle, y: place.legendY },
    ...(colorScale && { coloraxis: colorAxis(colorScale, place.colorBarY) }),
    meta: { alt },
  };
  const data: Json[] = [];
  const shapes: Json[] = [];
  const annotations: Json[] = [];
  const legend = legendEntries();
  panels.forEach((panel, i) => {
    const { x, y, left, bottom, domainX, domainY, titleLines } = place.panels[i];
    const frame = frames[i] ?? drawn;
    const ends = (k: 0 | 1) => frame && ([frame[0][k], frame[1][k]] as const);
    layout[`xaxis${x.slice(1)}`] = {
      ...axis(axes, bottom, panel.x, panel.xRange ?? ends(0)),
      domain: domainX,
      anchor: y,
      ...(place.sharedX && !images && i > 0 && { matches: "x" }),
      ...(columns > 2 && { nticks: 4 }),
      ...(equal && { constrain: "domain" }),
    };
    layout[`yaxis${y.slice(1)}`] = {
      ...axis(axes, left, panel.y, panel.yRange ?? ends(1)),
      domain: domainY,
      anchor: x,
      ...(place.sharedY && !images && i > 0 && { matches: "y" }),
      ...(equal && { scaleanchor: x, constrain: "domain", constraintoward: "top" }),
    };
    const ref = (which: unknown, own: string) => (which === "domain" ? `${own} domain` : own);
    for (const trace of drawings[i].traces) data.push({ ...legend(trace), xaxis: x, yaxis: y });
    for (const shape of drawings[i].shapes) {
      shapes.push({ ...legend(shape), xref: ref(shape.xref, x), yref: ref(shape.yref, y) });
    }
    for (const note of drawings[i].annotations) annotations.push({ ...note, xref: x, yref: y });
    if (titleLines.length > 0) annotations.push(panelTitle(titleLines, x, y));
  });

  const json: Json = { data, layout: { ...layout, shapes, annotations }, config };
  return {
    data,
    layout: json.layout as Json,
    config,
    [display]: () => ({ "application/vnd.plotly.v1+json": json, "text/plain": alt }),
  };
}

/** The ends that the reader gave, else those that a mark asks for (a heat map's box), unless another mark is drawn outside of it. */
function frameOf({ xRange, yRange, marks }: Panel, drawing: Drawing): Mark["frame"] {
  if (xRange && yRange) return [[xRange[0], yRange[0]], [xRange[1], yRange[1]]]; // prettier-ignore
  const frame = marks.find((mark) => mark.frame)?.frame;
  return frame && holds(frame, extent(drawing)) ? frame : undefined;
}

// ── Look ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const theme: Json = {
  font: {
    family: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    size: 13,
    color: "#222",
  },
  separators: ",.", // 1.234,5
  colorway: palette,
  paper_bgcolor: "white",
  plot_bgcolor: "white",
  barmode: "group",
  hovermode: "closest",
  dragmode: false, // or a finger on a telephone would zoom instead of scrolling the page
  modebar: { bgcolor: "rgba(255,255,255,0.8)", color: "#777", activecolor: "#222" },
};
const titleStyle: Json = {
  font: { size: 16 },
  x: 0,
  xref: "container",
  y: 1,
  yref: "container",
  yanchor: "top",
  pad: { l: 12, t: 12 },
};
const legendStyle: Json = {
  orientation: "h",
  x: 0,
  xanchor: "left",
  yanchor: "bottom",
  itemsizing: "constant",
  bgcolor: "rgba(255,255,255,0)",
};
// Never `responsive: true`: JupyterLab then shows the figure with height 0 once it is drawn again.
const config: Json = {
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
};

function axis(
  visible: boolean,
  labelled: boolean,
  name: string | undefined,
  range: readonly [number, number] | undefined,
): Json {
  const ends = range && { range: [...range] };
  if (!visible) return { visible: false, ...ends };
  return {
    ...ends,
    ...(labelled
      ? { title: { text: escapeText(name ?? ""), standoff: 6, font: { size: 13 } } }
      : { showticklabels: false }),
    automargin: true,
    showline: true,
    linecolor: "#777",
    ticks: "outside",
    ticklen: 4,
    tickcolor: "#777",
    gridcolor: "#E8E8E8",
    zeroline: false,
    exponentformat: "none",
  };
}

function colorAxis({ title, colors: map = "viridis", range }: ColorScale, y: number): Json {
  return {
    colorscale: map === "viridis" ? "Viridis" : "Cividis",
    ...(range && { cmin: range[0], cmax: range[1] }),
    colorbar: {
      title: { text: escapeText(title), side: "bottom", font: { size: 13 } },
      orientation: "h",
      x: 0.5,
      y,
      yanchor: "top",
      thickness: 12,
      outlinewidth: 0,
      ypad: 0,
      exponentformat: "none",
    },
  };
}

function panelTitle(lines: readonly string[], x: string, y: string): Json {
  return {
    text: lines.map(escapeText).join("<br>"),
    x: 0.5,
    xref: `${x} domain`,
    xanchor: "center",
    y: 1,
    yref: `${y} domain`,
    yanchor: "bottom",
    showarrow: false,
  };
}

/** Makes a trace or shape show in the legend the first time that its name comes. */
function legendEntries(): (entry: Json) => Json {
  const seen = new Set<unknown>();
  return (entry) => {
    const { name } = entry;
    if (name === undefined) return { ...entry, showlegend: false };
    const showlegend = !seen.has(name);
    seen.add(name);
    return { ...entry, name: escapeText(String(name)), legendgroup: name, showlegend };
  };
}

// ── Colours ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Gives every mark its colours and draws it. A name keeps its colour over all panels, and nobody else takes it. */
function paint(
  name: string,
  panels: readonly Panel[],
): { drawings: Required<Drawing>[]; colorScale?: ColorScale } {
  const byName = new Map<string, string>();
  const drawings = panels.map(({ marks }) => {
    const used = new Set(marks.map((mark) => mark.color));
    const free = () => {
      const taken = new Set([...used, ...byName.values()]);
      return palette.find((color) => !taken.has(color)) ?? palette[byName.size % palette.length];
    };
    const drawn = marks.map((mark) =>
      mark.draw(
        mark.wants.map((wanted) => {
          const color = (wanted !== undefined && byName.get(wanted)) || free();
          if (wanted !== undefined) byName.set(wanted, color);
          used.add(color);
          return color;
        }),
      ),
    );
    return {
      traces: drawn.flatMap(({ traces = [] }) => traces),
      shapes: drawn.flatMap(({ shapes = [] }) => shapes),
      annotations: drawn.flatMap(({ annotations = [] }) => annotations),
    };
  });
  const scales = panels.flatMap(({ marks }) => marks.flatMap(({ colorScale }) => colorScale ?? []));
  const other = scales.find((scale) => JSON.stringify(scale) !== JSON.stringify(scales[0]));
  if (other) {
    throw new TypeError(
      `${name}: todas as cores por valor da figura usam a mesma escala (title, colors e range iguais), ` +
        `recebi "${scales[0].title}" e "${other.title}"`,
    );
  }
  return { drawings, colorScale: scales[0] };
}

// ── Checks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

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

function checkAxisNames(name: string, panels: readonly Panel[]): void {
  panels.forEach((panel, i) => {
    for (const key of ["x", "y"] as const) {
      if (!panel[key]?.trim()) {
        const where = panels.length > 1 ? ` do painel ${i + 1}` : "";
        throw new TypeError(
          `${name}: falta o nome do eixo ${key}${where}, com unidade (ou axes: false)`,
        );
      }
    }
  });
}

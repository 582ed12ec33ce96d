import { palette } from "./colors";
import {
  checkFinite,
  checkInterval,
  coordinates,
  escapeText,
  max,
  min,
  numbers,
  required,
  sameLength,
  short,
  type ColorScale,
  type Json,
  type LineStyle,
  type Mark,
  type Points,
  type Style,
} from "./mark";
import { encodePng } from "./png";

// ── One variable ────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Histogram whose bars have total area 1, to set beside a density.
 *
 * @param options.bins number of bars of equal width, 40 unless told
 * @param options.from, options.to range of the bars, the data's unless told; values outside count in the area but not in any bar
 */
export function histogram(
  values: ArrayLike<number>,
  options: Style & { bins?: number; from?: number; to?: number } = {},
): Mark {
  const x = numbers("histogram", values);
  const { bins = 40 } = options;
  const from = options.from ?? min(x);
  const to = options.to ?? max(x);
  if (!(Number.isInteger(bins) && bins > 0)) {
    throw new RangeError(`histogram: bins deve ser um inteiro > 0, recebi ${bins}`);
  }
  checkInterval("histogram", from, to);

  const width = (to - from) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of x) {
    if (value >= from && value <= to)
      counts[Math.min(bins - 1, Math.floor((value - from) / width))]++;
  }
  return simple(options, (color) => ({
    type: "bar",
    x: short(counts.map((_, i) => from + (i + 0.5) * width)),
    y: short(counts.map((count) => count / (x.length * width))),
    width,
    offsetgroup: "histogram",
    marker: { color: color, line: { width: 0 } },
    opacity: 0.55,
    hovertemplate: "%{x}: %{y}<extra></extra>",
  }));
}

/** The curve y = f(x) between `from` and `to`. `points`: where f is evaluated, 300 unless told. */
export function curve(
  f: (x: number) => number,
  options: LineStyle & { from: number; to: number; points?: number },
): Mark {
  const { from, to, points = 300 } = options;
  checkInterval("curve", from, to);
  if (!(Number.isInteger(points) && points > 1)) {
    throw new RangeError(`curve: points deve ser um inteiro > 1, recebi ${points}`);
  }
  const xs = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const ys = xs.map((x) => {
    const y = f(x);
    if (!Number.isFinite(y)) throw new RangeError(`curve: f(${x}) deve ser finito, recebi ${y}`);
    return y;
  });
  return stroke([xs.map((x, i) => [x, ys[i]])], options);
}

/** One vertical bar for each label. Several marks with the same labels stand side by side. */
export function bars(
  labels: readonly string[],
  values: ArrayLike<number>,
  options: Style = {},
): Mark {
  const heights = numbers("bars", values);
  sameLength("bars", "rótulos", labels.length, "valores", heights.length);
  return simple(options, (color) => ({
    type: "bar",
    x: [...labels],
    y: short(heights),
    offsetgroup: options.name ?? "bars",
    marker: { color },
    hovertemplate: "%{x}: %{y}<extra></extra>",
  }));
}

// ── Points and lines of the plane ───────────────────────────────────────────────────────────────────────────────────

/**
 * Dots at the points.
 *
 * @param options.categories one word a point: a colour and a line in the legend for each word, in order of appearance
 * @param options.values one number a point: colour by value, with a colour bar called `options.title`
 * @param options.size diameter in pixels, 6 unless told
 * @param options.labels one text a point, shown when the pointer is over it
 */
export function scatter(
  points: Points,
  options: Style & {
    size?: number;
    opacity?: number;
    labels?: readonly string[];
    categories?: readonly string[];
    values?: ArrayLike<number>;
    title?: string;
  } = {},
): Mark {
  const [x, y] = coordinates("scatter", points);
  const { size = 6, opacity = 0.8, labels, categories, values } = options;
  if (labels) sameLength("scatter", "pontos", x.length, "labels", labels.length);
  const dots = (chosen: number[], marker: Json, name?: string): Json => ({
    type: "scatter",
    mode: "markers",
    x: short(chosen.map((i) => x[i])),
    y: short(chosen.map((i) => y[i])),
    marker: { size, opacity, ...marker },
    ...(labels && { text: chosen.map((i) => escapeText(labels[i])) }),
    ...(name && { name }),
    hovertemplate: `${labels ? "%{text}<br>" : ""}(%{x}; %{y})<extra></extra>`,
  });
  const all = Array.from(x, (_, i) => i);

  if (categories && values) {
    throw new TypeError("scatter: use categories ou values, não os dois");
  }
  if (categories) {
    sameLength("scatter", "pontos", x.length, "categories", categories.length);
    const words = [...new Set(categories)];
    if (words.length > 2 * palette.length) {
      throw new RangeError(
        `scatter: no máximo ${2 * palette.length} categorias, recebi ${words.length}`,
      );
    }
    const byWord = (word: string) => all.filter((i) => categories[i] === word);
    // More words than colours: the second round has another shape.
    const look = (k: number, color: string) => ({
      color,
      ...(k >= palette.length && { symbol: "diamond-open" }),
    });
    return {
      wants: words,
      draw: (colors) => ({
        traces: words.map((word, k) => dots(byWord(word), look(k, colors[k]), word)),
      }),
    };
  }
  if (values) {
    const shades = numbers("scatter (values)", values);
    sameLength("scatter", "pontos", x.length, "values", shades.length);
    const title = required(
      "scatter",
      "title (o nome da escala de cores, com unidade)",
      options.title,
    );
    const marker = { color: short(shades), coloraxis: "coloraxis" };
    return {
      wants: [],
      colorScale: { title },
      draw: () => ({ traces: [dots(all, marker, options.name)] }),
    };
  }
  return simple(options, (color) => dots(all, { color }));
}

/** The line that joins the points in order. */
export function line(points: Points, options: LineStyle = {}): Mark {
  return lines([points], options);
}

/** Several lines as one mark: one colour, one entry in the legend, a gap between one line and the next. */
export function lines(polylines: readonly Points[], options: LineStyle = {}): Mark {
  if (polylines.length === 0)
    throw new TypeError("lines: esperava ao menos uma linha, recebi nenhuma");
  for (const points of polylines) coordinates("lines", points);
  return stroke(polylines, options);
}

/**
 * Filled regions bounded by closed rings; a ring inside another that turns the other way is a hole. Sand grey unless told.
 */
export function area(rings: readonly Points[], options: Style & { opacity?: number } = {}): Mark {
  if (rings.length === 0) throw new TypeError("area: esperava ao menos um contorno, recebi nenhum");
  for (const ring of rings) coordinates("area", ring);
  const { color = "#D8D2C4", opacity = 1 } = options;
  return simple({ ...options, color }, () => ({
    ...polyline(rings),
    line: { color, width: 0.5 },
    fill: "toself",
    fillcolor: color,
    opacity,
  }));
}

/** The rectangle with opposite corners `low` = [x, y] and `high` = [x, y]: its edge, and a light fill of the same colour. */
export function rectangle(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  options: LineStyle = {},
): Mark {
  coordinates("rectangle", [low, high]);
  const [[x0, y0], [x1, y1]] = [low, high] as [number[], number[]];
  if (!(x1 > x0 && y1 > y0)) {
    throw new RangeError(
      `rectangle: high deve estar acima e à direita de low, recebi [${[x0, y0]}] e [${[x1, y1]}]`,
    );
  }
  const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]; // prettier-ignore
  return simple(options, (color) => ({
    ...polyline([corners]),
    line: lineOf(color, options),
    fill: "toself",
    fillcolor: withAlpha(color, 0.1),
  }));
}

/** A vertical line at x, from edge to edge of the panel. */
export function verticalLine(x: number, options: LineStyle = {}): Mark {
  checkFinite("verticalLine", x);
  return edgeToEdge({ x0: x, x1: x, y0: 0, y1: 1, yref: "domain" }, options);
}

/** A horizontal line at y, from edge to edge of the panel. */
export function horizontalLine(y: number, options: LineStyle = {}): Mark {
  checkFinite("horizontalLine", y);
  return edgeToEdge({ x0: 0, x1: 1, y0: y, y1: y, xref: "domain" }, options);
}

/** A text at a point; `anchor` says on which side of the point it stands, "right" unless told. */
export function text(
  point: ArrayLike<number>,
  words: string,
  options: { color?: string; anchor?: "left" | "right" | "above" | "below" } = {},
): Mark {
  coordinates("text", [point]);
  const { color = "#222", anchor = "right" } = options;
  return {
    wants: [],
    draw: () => ({
      annotations: [
        {
          x: point[0],
          y: point[1],
          text: escapeText(words),
          showarrow: false,
          font: { color },
          bgcolor: "rgba(255,255,255,0.75)",
          xanchor: anchor === "right" ? "left" : anchor === "left" ? "right" : "center",
          yanchor: anchor === "above" ? "bottom" : anchor === "below" ? "top" : "middle",
        },
      ],
    }),
  };
}

// ── Grids of numbers and images ─────────────────────────────────────────────────────────────────────────────────────

/** Where a heat map lies and what its colours mean. */
export interface HeatmapOptions extends ColorScale {
  /** Lower left corner [x, y]. */
  low: ArrayLike<number>;
  /** Upper right corner [x, y]. */
  high: ArrayLike<number>;
  /** Cells across when a function is given (120 unless told); as many up as makes them square in units of the axes. */
  resolution?: number;
}

/**
 * Colour by value over the box `low`–`high`: either a grid of numbers, `grid[row][column]` with row 0 at the bottom, or a function
 * of the point `[x, y]`, evaluated at the middle of each cell. −∞ (the logarithm of zero) leaves its cell empty.
 */
export function heatmap(
  values: Points | ((point: Float64Array) => number),
  options: HeatmapOptions,
): Mark {
  coordinates("heatmap (low e high)", [options.low, options.high]);
  const title = required("heatmap", "title (o que a cor diz, com unidade)", options.title);
  const [x0, y0, x1, y1] = [options.low[0], options.low[1], options.high[0], options.high[1]];
  checkInterval("heatmap (x)", x0, x1);
  checkInterval("heatmap (y)", y0, y1);

  const z = typeof values === "function" ? evaluate(values, options) : values;
  if (z.length === 0 || z[0].length === 0) throw new TypeError("heatmap: a grade está vazia");
  for (const row of z) {
    sameLength("heatmap", "colunas da primeira linha", z[0].length, "de outra", row.length);
    const bad = Array.from(row).find((v) => Number.isNaN(v) || v === Infinity);
    if (bad !== undefined)
      throw new RangeError(`heatmap: valores devem ser finitos ou −∞, recebi ${bad}`);
  }
  const [dx, dy] = [(x1 - x0) / z[0].length, (y1 - y0) / z.length];
  return {
    wants: [],
    colorScale: { title, colors: options.colors, range: options.range },
    frame: [[x0, y0], [x1, y1]], // prettier-ignore
    draw: () => ({
      traces: [
        {
          type: "heatmap",
          z: rowsOf(short(z.flatMap((row) => Array.from(row))), z[0].length),
          x0: x0 + dx / 2,
          dx,
          y0: y0 + dy / 2,
          dy,
          coloraxis: "coloraxis",
          hoverongaps: false,
          hovertemplate: "(%{x}; %{y}): %{z}<extra></extra>",
        },
      ],
    }),
  };
}

function evaluate(
  f: (point: Float64Array) => number,
  { low, high, resolution = 120 }: HeatmapOptions,
): Float64Array[] {
  if (!(Number.isInteger(resolution) && resolution > 0)) {
    throw new RangeError(`heatmap: resolution deve ser um inteiro > 0, recebi ${resolution}`);
  }
  const side = (high[0] - low[0]) / resolution;
  const rows = Math.min(4 * resolution, Math.max(1, Math.round((high[1] - low[1]) / side)));
  const point = new Float64Array(2);
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from({ length: resolution }, (__, column) => {
      point[0] = low[0] + (column + 0.5) * side;
      point[1] = low[1] + ((row + 0.5) * (high[1] - low[1])) / rows;
      return f(point);
    }),
  );
}

/**
 * Grey images side by side: 0 is black, 1 is white.
 *
 * @param images one row of width × height numbers an image, line after line from the top left
 * @param options.width pixels across each image; the height follows
 * @param options.columns images a row, 10 unless told
 * @param options.range what is black and what is white, [0, 1] unless told; values beyond are cut
 */
export function imageGrid(
  images: Points,
  options: { width: number; columns?: number; range?: readonly [number, number] },
): Mark {
  const { width, columns = 10, range = [0, 1] } = options;
  if (images.length === 0)
    throw new TypeError("imageGrid: esperava ao menos uma imagem, recebi nenhuma");
  const size = images[0].length;
  if (!(Number.isInteger(width) && width > 0 && size % width === 0 && size > 0)) {
    throw new RangeError(`imageGrid: ${size} pixels não formam linhas de ${width} (width)`);
  }
  checkInterval("imageGrid (range)", range[0], range[1]);
  const height = size / width;
  const across = Math.min(columns, images.length);
  const down = Math.ceil(images.length / across);
  const gap = Math.max(1, Math.round(width / 14));
  const [totalWidth, totalHeight] = [across * (width + gap) - gap, down * (height + gap) - gap];
  const pixels = new Uint8Array(totalWidth * totalHeight).fill(255);
  images.forEach((image, k) => {
    sameLength("imageGrid", "pixels da primeira imagem", size, "de outra", image.length);
    const [left, top] = [(k % across) * (width + gap), Math.floor(k / across) * (height + gap)];
    numbers("imageGrid", image).forEach((value, i) => {
      const grey = Math.round((255 * (value - range[0])) / (range[1] - range[0]));
      const at = (top + Math.floor(i / width)) * totalWidth + left + (i % width);
      pixels[at] = Math.min(255, Math.max(0, grey));
    });
  });
  return {
    wants: [],
    withoutAxes: true,
    frame: [[-0.5, totalHeight - 0.5], [totalWidth - 0.5, -0.5]], // prettier-ignore
    draw: () => ({
      traces: [
        {
          type: "image",
          source: `data:image/png;base64,${encodePng(pixels, totalWidth).toString("base64")}`,
          zsmooth: false,
          hoverinfo: "skip",
        },
      ],
    }),
  };
}

// ── Shared ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A mark of one trace and one colour. */
function simple(style: Style, trace: (color: string) => Json): Mark {
  const { name, color } = style;
  return {
    color,
    wants: color === undefined ? [name] : [],
    draw: ([given]) => ({ traces: [{ ...trace(color ?? given), ...(name && { name }) }] }),
  };
}

function stroke(polylines: readonly Points[], options: LineStyle): Mark {
  return simple(options, (color) => ({ ...polyline(polylines), line: lineOf(color, options) }));
}

/** A scatter trace through the polylines, with a gap (null) between one and the next. */
function polyline(polylines: readonly Points[]): Json {
  const coordinate = (k: number) =>
    // −∞ between one line and the next becomes the gap
    short(
      polylines.flatMap((points, i) => [...(i > 0 ? [-Infinity] : []), ...points.map((p) => p[k])]),
    );
  return {
    type: "scatter",
    mode: "lines",
    x: coordinate(0),
    y: coordinate(1),
    hovertemplate: "(%{x}; %{y})<extra></extra>",
  };
}

function lineOf(color: string, { width = 2.5, dash }: LineStyle): Json {
  return { color, width, ...(dash && { dash }) };
}

function edgeToEdge(shape: Json, options: LineStyle): Mark {
  const { name, color } = options;
  return {
    color,
    wants: color === undefined ? [name] : [],
    draw: ([given]) => ({
      shapes: [
        { type: "line", ...shape, line: lineOf(color ?? given, options), ...(name && { name }) },
      ],
    }),
  };
}

/** `#RRGGBB` made see-through; any other CSS colour is left alone. */
function withAlpha(color: string, alpha: number): string {
  const channels = /^#(..)(..)(..)$/.exec(color);
  if (!channels) return "rgba(0,0,0,0)";
  return `rgba(${channels.slice(1).map((hex) => parseInt(hex, 16))},${alpha})`;
}

function rowsOf<T>(values: readonly T[], width: number): T[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  );
}

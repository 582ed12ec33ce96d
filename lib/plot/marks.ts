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
  type Json,
  type LineStyle,
  type Mark,
  type Points,
  type Style,
} from "./mark";

/**
 * Histograma cujas barras têm área total 1, para pôr ao lado de uma densidade.
 *
 * @param options.bins quantas barras, todas da mesma largura; o padrão é 40
 * @param options.from, options.to onde as barras começam e acabam; sem eles, no menor e no maior valor. Os valores de fora
 * contam na área, mas não entram em barra nenhuma
 * @throws TypeError se não há valores; RangeError se algum não é finito, se todos são iguais ou se bins não é um inteiro > 0
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

/**
 * A curva y = f(x) de `from` a `to`.
 *
 * @param options.points em quantos pontos f é calculada; o padrão é 300
 * @throws RangeError se `to` não vem depois de `from`, ou se f dá NaN ou infinito
 */
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

/**
 * Uma barra vertical para cada rótulo. As barras de várias marcas com os mesmos rótulos ficam lado a lado.
 *
 * @throws TypeError se rótulos e valores não são em mesmo número; RangeError se algum valor não é finito
 */
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

/**
 * Uma bolinha em cada ponto.
 *
 * @param options.categories uma palavra por ponto: cada palavra tem sua cor e sua entrada na legenda, na ordem em que aparecem; se
 * são todas números, na ordem deles
 * @param options.values um número por ponto: cor conforme o valor, com uma escala de nome `options.title`
 * @param options.size diâmetro em pixels; o padrão é 6
 * @param options.opacity de 0 (invisível) a 1; o padrão é 0,8
 * @param options.labels um texto por ponto, que aparece sob o ponteiro
 * @throws TypeError se não há pontos, se as listas não têm o mesmo tamanho ou se falta `title`; RangeError se há número não
 * finito ou mais de 16 categorias
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
    if (words.every((word) => /^\d+$/.test(word))) words.sort((a, b) => Number(a) - Number(b));
    if (words.length > 16)
      throw new RangeError(`scatter: no máximo 16 categorias, recebi ${words.length}`);
    const byWord = (word: string) => all.filter((i) => categories[i] === word);
    // Da nona palavra em diante muda a forma: duas formas, oito cores em cada uma.
    const look = (k: number, color: string) => ({
      color,
      ...(k >= 8 && { symbol: "diamond" }),
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

/** A linha que liga os pontos na ordem dada. @throws como `lines` */
export function line(points: Points, options: LineStyle = {}): Mark {
  return lines([points], options);
}

/**
 * Várias linhas em uma só marca: mesma cor, uma entrada na legenda, uma lacuna entre uma linha e a seguinte.
 *
 * @throws TypeError se não há linhas ou pontos, RangeError se há número não finito
 */
export function lines(polylines: readonly Points[], options: LineStyle = {}): Mark {
  if (polylines.length === 0)
    throw new TypeError("lines: esperava ao menos uma linha, recebi nenhuma");
  for (const points of polylines) coordinates("lines", points);
  return stroke(polylines, options);
}

/**
 * Regiões preenchidas, limitadas por contornos fechados; um contorno dentro de outro, em sentido contrário, é um buraco. A
 * cor padrão é um cinza de areia.
 *
 * @throws como `lines`
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

/**
 * O retângulo de cantos opostos `low` = [x, y] e `high` = [x, y]: a borda, e um leve preenchimento da mesma cor.
 *
 * @throws RangeError se `high` não está acima e à direita de `low`
 */
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

/** Uma linha vertical em x, de borda a borda do painel. @throws RangeError se x não é finito */
export function verticalLine(x: number, options: LineStyle = {}): Mark {
  checkFinite("verticalLine", x);
  return edgeToEdge({ x0: x, x1: x, y0: 0, y1: 1, yref: "domain" }, options);
}

/** Uma linha horizontal em y, de borda a borda do painel. @throws RangeError se y não é finito */
export function horizontalLine(y: number, options: LineStyle = {}): Mark {
  checkFinite("horizontalLine", y);
  return edgeToEdge({ x0: 0, x1: 1, y0: y, y1: y, xref: "domain" }, options);
}

/**
 * Um texto junto a um ponto.
 *
 * @param options.anchor de que lado do ponto: à direita ("right", o padrão), à esquerda, acima ou abaixo
 */
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

/** Uma marca de um traço e uma cor. */
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

/** Um traço do plotly que passa pelas linhas, com uma lacuna (null) entre uma e a seguinte. */
function polyline(polylines: readonly Points[]): Json {
  const coordinate = (k: number) =>
    // O −∞ entre uma linha e a seguinte vira a lacuna.
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

/** A cor #RRGGBB transparente; outra cor CSS qualquer dá o transparente total. */
function withAlpha(color: string, alpha: number): string {
  const channels = /^#(..)(..)(..)$/.exec(color);
  if (!channels) return "rgba(0,0,0,0)";
  return `rgba(${channels.slice(1).map((hex) => parseInt(hex, 16))},${alpha})`;
}

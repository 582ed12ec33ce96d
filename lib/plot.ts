import { arrange, countRows, extent, holds, padded } from "./plot/layout";
import { escapeText, type Drawing, type Json, type Mark } from "./plot/mark";
import { legendEntries, legendNames, paint } from "./plot/paint";
import { axis, colorAxis, config, legendStyle, panelTitle, theme, titleStyle } from "./plot/theme";

// Daqui uma célula importa tudo com que desenha.
export { colors } from "./plot/colors";
export type { Mark } from "./plot/mark";
export {
  area,
  bars,
  curve,
  histogram,
  horizontalLine,
  line,
  lines,
  rectangle,
  scatter,
  text,
  verticalLine,
} from "./plot/marks";
export { heatmap, imageGrid } from "./plot/rasters";

const display: unique symbol = Symbol.for("Jupyter.display");

/**
 * Uma figura pronta, em JSON puro do plotly. Aparece quando é a última expressão da célula; `layout.meta.alt` guarda a
 * descrição para quem não a vê.
 */
export interface Figure {
  readonly data: Json[];
  readonly layout: Json;
  readonly config: Json;
  [display](): { "application/vnd.plotly.v1+json": Json; "text/plain": string };
}

/** Um par de eixos e o que se desenha neles. */
export interface Panel {
  /** O que desenhar, nesta ordem: a última marca fica por cima. */
  marks: readonly Mark[];
  /** O nome do eixo horizontal, com unidade: "altura (cm)". */
  x?: string;
  /** O nome do eixo vertical, com unidade. */
  y?: string;
  /** Onde começa e acaba o eixo horizontal; sem isto, os dados decidem. */
  xRange?: readonly [number, number];
  /** Onde começa e acaba o eixo vertical; sem isto, os dados decidem. */
  yRange?: readonly [number, number];
}

interface Common {
  /** O que a figura mostra; fica acima dela. */
  title: string;
  /** O que a figura mostra, para quem não a vê: uma ou duas frases, com a conclusão. */
  alt: string;
  /** Com `false`, sem eixos, números e nomes: para desenhos e imagens. */
  axes?: boolean;
  /** Uma unidade de x tão comprida quanto uma de y: para mapas e desenhos. */
  equal?: boolean;
  /** A altura de cada painel em pixels; sem ela, o conteúdo decide. */
  height?: number;
}

/** O que `figure` recebe. */
export interface FigureOptions extends Panel, Common {}

/** O que `grid` recebe; `x`, `y`, `xRange` e `yRange` valem para todos os painéis. */
export interface GridOptions extends Common, Pick<Panel, "x" | "y" | "xRange" | "yRange"> {
  /** Os painéis, linha por linha. `x` e `y` de um painel só são precisos se a grade não os tem. */
  panels: readonly (Panel & { title?: string })[];
  /** Painéis por linha. */
  columns: number;
}

/**
 * Uma figura: marcas sobre um par de eixos.
 *
 *     figure({ title: "Alturas", x: "altura (cm)", y: "densidade (1/cm)", alt: "…",
 *              marks: [histogram(heights, { name: "dados" }), curve(density, { from: 140, to: 210, name: "modelo" })] })
 *
 * @throws TypeError se falta o título, a descrição (alt), o nome de um eixo visível ou as marcas; RangeError se os extremos de
 * um eixo não são finitos
 */
export function figure(options: FigureOptions): Figure {
  const { marks, x, y, xRange, yRange, ...common } = options;
  return draw("figure", { ...common, x, y, xRange, yRange, columns: 1, panels: [{ marks }] });
}

/**
 * Vários painéis em uma figura. Os nomes `x` e `y` dados aqui valem para todos os painéis, que passam a ter os mesmos
 * extremos, e só se escrevem na borda; dados em cada painel, cada um tem os seus. O mesmo nome na legenda tem a mesma cor em
 * todos os painéis, e uma só entrada.
 *
 * @throws como `figure`, e RangeError se `columns` não é um inteiro > 0
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
    title: titleStyle(place.titleLines),
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
  const followsY = (i: number) => place.sharedY && !images && i > 0;
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
      ...(followsY(i) && { matches: "y" }),
      ...(equal && { constrain: "domain", constraintoward: "top" }),
      ...(equal && !followsY(i) && { scaleanchor: x }), // quem segue outro eixo já tem a escala dele
    };
    if (panel.marks.some((mark) => mark.everyUnit)) {
      for (const key of [`xaxis${x.slice(1)}`, `yaxis${y.slice(1)}`])
        layout[key] = { ...(layout[key] as Json), dtick: 1 };
    }
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

/** Os extremos que o leitor deu; se não deu, os que uma marca pede (a caixa de um mapa de calor), se nenhuma outra sai deles. */
function frameOf({ xRange, yRange, marks }: Panel, drawing: Drawing): Mark["frame"] {
  if (xRange && yRange) return [[xRange[0], yRange[0]], [xRange[1], yRange[1]]]; // prettier-ignore
  const frame = marks.find((mark) => mark.frame)?.frame;
  return frame && holds(frame, extent(drawing)) ? frame : undefined;
}

function check(name: string, options: GridOptions): void {
  const { title, alt, panels, columns } = options;
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
  for (const { xRange, yRange } of [options, ...panels]) {
    for (const [which, range] of Object.entries({ xRange, yRange })) {
      if (range && !range.every(Number.isFinite)) {
        throw new RangeError(`${name}: ${which} deve ter dois números finitos, recebi [${range}]`);
      }
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

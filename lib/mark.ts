/** Points as rows `[x, y]`: an array of arrays or of typed arrays. */
export type Points = readonly ArrayLike<number>[];

/** One thing drawn in a figure. Made by the functions of this module, drawn by `figure` and `grid`. */
export interface Mark {
  /** One entry for each colour it wants from the palette: the name in the legend, if any. The same name has the same colour. */
  readonly wants: readonly (string | undefined)[];
  /** The colour it brings with it. */
  readonly color?: string;
  /** Draws nothing that has axes to name (images). */
  readonly withoutAxes?: boolean;
  /** Where the axes start and end, [x, y] and [x, y], when the mark says so. */
  readonly frame?: readonly [from: readonly [number, number], to: readonly [number, number]];
  /** The scale that turns its values into colours; one for all marks of a figure. */
  readonly colorScale?: ColorScale;
  /** The mark in plotly's words, given the colours it wanted. */
  draw(colors: readonly string[]): Drawing;
}

/** Plotly traces, shapes and annotations; the figure adds the axes they belong to. */
export interface Drawing {
  traces?: Json[];
  shapes?: Json[];
  annotations?: Json[];
}

/** What the colours of values mean. */
export interface ColorScale {
  /** What the colour says, with its unit. */
  title: string;
  /** Two colour maps made for all colour visions: viridis unless told. */
  colors?: "viridis" | "cividis";
  /** Ends of the scale, those of all the values unless told. */
  range?: readonly [number, number];
}

/** An object of plain JSON. */
export type Json = Record<string, unknown>;

/** What the marks made of lines and points have in common. */
export interface Style {
  /** Text in the legend. */
  name?: string;
  /** A CSS colour, better one of `colors`; without it, the next of the palette. */
  color?: string;
}

/** What the marks made of lines have in common. */
export interface LineStyle extends Style {
  /** Thickness in pixels, 2.5 unless told. */
  width?: number;
  /** A broken line. */
  dash?: "dash" | "dot";
}

/** Plotly reads a little HTML in its texts; show `<` and `&` as they are. */
export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** Fewer digits, half the notebook: steps of 1/10,000 of the span or less are finer than a screen. −∞ becomes a gap. */
export function short(values: readonly number[]): (number | null)[] {
  const finite = values.filter(Number.isFinite);
  const span = finite.length > 0 ? max(finite) - min(finite) : 0;
  const decimals = 4 - Math.floor(Math.log10(span));
  return values.map((value) => {
    if (value === -Infinity) return null;
    return decimals >= 0 && decimals <= 100
      ? Number(value.toFixed(decimals))
      : Number(value.toPrecision(7));
  });
}

/** Least number; unlike Math.min, of any count. */
export const min = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
/** Largest number. */
export const max = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));

/** The values as a plain array; TypeError or RangeError when there is none, or one is not a finite number. */
export function numbers(mark: string, values: ArrayLike<number>): number[] {
  const result = Array.from(values);
  if (result.length === 0)
    throw new TypeError(`${mark}: esperava ao menos um número, recebi nenhum`);
  result.forEach((value, i) => {
    if (typeof value !== "number") {
      throw new TypeError(`${mark}: esperava números, recebi ${typeof value} na posição ${i}`);
    }
    if (!Number.isFinite(value)) {
      throw new RangeError(`${mark}: esperava números finitos, recebi ${value} na posição ${i}`);
    }
  });
  return result;
}

/** The x and the y of the points; TypeError or RangeError when one is not a pair of finite numbers. */
export function coordinates(mark: string, points: Points): [number[], number[]] {
  if (points.length === 0)
    throw new TypeError(`${mark}: esperava ao menos um ponto, recebi nenhum`);
  points.forEach((point, i) => {
    if (point.length !== 2) {
      throw new TypeError(
        `${mark}: esperava pontos [x, y], recebi ${point.length} números na posição ${i}`,
      );
    }
    if (!Number.isFinite(point[0]) || !Number.isFinite(point[1])) {
      throw new RangeError(
        `${mark}: esperava números finitos, recebi [${point[0]}, ${point[1]}] na posição ${i}`,
      );
    }
  });
  return [points.map((point) => point[0]), points.map((point) => point[1])];
}

/** RangeError when the value is not finite. */
export function checkFinite(mark: string, value: number): void {
  if (!Number.isFinite(value))
    throw new RangeError(`${mark}: esperava um número finito, recebi ${value}`);
}

/** RangeError when `to` does not come after `from`. */
export function checkInterval(mark: string, from: number, to: number): void {
  if (!(to > from && Number.isFinite(to - from))) {
    throw new RangeError(
      `${mark}: o fim do intervalo deve vir depois do começo, recebi de ${from} a ${to}`,
    );
  }
}

/** TypeError when two lengths differ. */
export function sameLength(
  mark: string,
  a: string,
  lengthA: number,
  b: string,
  lengthB: number,
): void {
  if (lengthA !== lengthB) {
    throw new TypeError(`${mark}: tamanhos diferentes, ${lengthA} ${a} e ${lengthB} ${b}`);
  }
}

/** The text; TypeError when it is missing. */
export function required(mark: string, what: string, value: string | undefined): string {
  if (!value?.trim()) throw new TypeError(`${mark}: falta ${what}`);
  return value;
}

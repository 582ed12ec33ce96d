/** Pontos `[x, y]`, um por linha: lista de listas ou de Float64Array. */
export type Points = readonly ArrayLike<number>[];

/** Uma coisa desenhada em uma figura. `histogram`, `curve`, `scatter` e as outras a fazem; `figure` e `grid` a desenham. */
export interface Mark {
  /** Uma entrada por cor que a marca pede à paleta: o nome na legenda, se tem um. O mesmo nome tem a mesma cor. */
  readonly wants: readonly (string | undefined)[];
  /** A cor que a marca já traz. */
  readonly color?: string;
  /** O que desenha não tem eixos (imagens)? */
  readonly withoutAxes?: boolean;
  /** Os cantos [x, y] em que os eixos começam e acabam, quando é a marca que diz. */
  readonly frame?: readonly [from: readonly [number, number], to: readonly [number, number]];
  /** Cada inteiro dos eixos é uma classe, e deve ser escrito? */
  readonly everyUnit?: boolean;
  /** A escala que faz de valores cores: uma só para todas as marcas da figura. */
  readonly colorScale?: ColorScale;
  /** A marca nas palavras do plotly, dadas as cores que pediu. */
  draw(colors: readonly string[]): Drawing;
}

/** Traços, formas e anotações do plotly; a figura diz a que eixos pertencem. */
export interface Drawing {
  traces?: Json[];
  shapes?: Json[];
  annotations?: Json[];
}

/** O que dizem as cores de valores. */
export interface ColorScale {
  /** O que a cor diz, com unidade. */
  title: string;
  /** Os extremos da escala; sem eles, os dos valores. */
  range?: readonly [number, number];
}

/** Um objeto de JSON puro. */
export type Json = Record<string, unknown>;

/** O que têm em comum as marcas de uma cor. */
export interface Style {
  /** O texto na legenda. */
  name?: string;
  /** Uma cor CSS, de preferência uma de `colors`; sem ela, a próxima da paleta. */
  color?: string;
}

/** O que têm em comum as marcas de linha. */
export interface LineStyle extends Style {
  /** A espessura em pixels; o padrão é 2,5. */
  width?: number;
  /** Linha tracejada ou pontilhada. */
  dash?: "dash" | "dot";
}

/** O plotly lê um pouco de HTML em seus textos: aqui `<` e `&` passam a aparecer como são. */
export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/**
 * Os números com menos dígitos, o que reduz o caderno à metade: passos de 1/10.000 da extensão são mais finos do que a tela.
 * −∞ vira lacuna.
 */
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

/** O menor dos números; ao contrário de Math.min, de quantos forem. */
export const min = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
/** O maior dos números. */
export const max = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));

/** Os números como lista comum. @throws TypeError se não há nenhum ou há o que não é número, RangeError se algum não é finito */
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

/** Os x e os y dos pontos. @throws TypeError se não há nenhum ou não são pares, RangeError se há número não finito */
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

/** @throws RangeError se o número não é finito */
export function checkFinite(mark: string, value: number): void {
  if (!Number.isFinite(value))
    throw new RangeError(`${mark}: esperava um número finito, recebi ${value}`);
}

/** @throws RangeError se `to` não vem depois de `from`, ou algum não é finito */
export function checkInterval(mark: string, from: number, to: number): void {
  if (!(to > from && Number.isFinite(to - from))) {
    throw new RangeError(
      `${mark}: o fim do intervalo deve vir depois do começo, recebi de ${from} a ${to}`,
    );
  }
}

/** @throws TypeError se os dois tamanhos são diferentes */
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

/** O texto. @throws TypeError se falta */
export function required(mark: string, what: string, value: string | undefined): string {
  if (!value?.trim()) throw new TypeError(`${mark}: falta ${what}`);
  return value;
}

import {
  checkInterval,
  coordinates,
  numbers,
  required,
  sameLength,
  short,
  type ColorScale,
  type Mark,
  type Points,
} from "./mark";
import { encodePng } from "./png";

/** Onde fica um mapa de calor e o que dizem suas cores. */
export interface HeatmapOptions extends ColorScale {
  /** O canto inferior esquerdo [x, y]. */
  low: ArrayLike<number>;
  /** O canto superior direito [x, y]. */
  high: ArrayLike<number>;
  /** Quantas células na largura, se os valores vêm de uma função; o padrão é 120. A altura é a que deixa as células quadradas. */
  resolution?: number;
}

/**
 * Mapa de calor: cor conforme o valor, na caixa de `low` a `high`. Os valores são uma grade de números, `grade[linha][coluna]`
 * com a linha 0 embaixo, ou uma função do ponto `[x, y]`, calculada no meio de cada célula. −∞, o logaritmo de zero, deixa a
 * célula vazia. Uma grade de até 12 × 12 com uma célula em volta de cada inteiro (uma matriz de confusão) mostra todos os
 * inteiros nos eixos e, se são contagens, o número em cada célula.
 *
 * @throws TypeError se a grade está vazia ou tem linhas desiguais, ou se falta `title`; RangeError se há NaN ou +∞, ou se a
 * caixa ou `range` está do avesso
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
  if (options.range) checkInterval("heatmap (range)", ...options.range);

  const z = typeof values === "function" ? evaluate(values, options) : values;
  if (z.length === 0 || z[0].length === 0) throw new TypeError("heatmap: a grade está vazia");
  for (const row of z) {
    sameLength("heatmap", "colunas da primeira linha", z[0].length, "de outra", row.length);
    const bad = Array.from(row).find((v) => Number.isNaN(v) || v === Infinity);
    if (bad !== undefined)
      throw new RangeError(`heatmap: valores devem ser finitos ou −∞, recebi ${bad}`);
  }
  const [dx, dy] = [(x1 - x0) / z[0].length, (y1 - y0) / z.length];
  const centered = [x0 + 0.5, y0 + 0.5].every(Number.isInteger) && dx === 1 && dy === 1;
  const classes = typeof values !== "function" && centered && Math.max(z.length, z[0].length) <= 12;
  return {
    wants: [],
    everyUnit: classes,
    colorScale: { title, range: options.range },
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
          ...(classes && z.every((row) => Array.from(row).every(Number.isInteger))
            ? { texttemplate: "%{z}" }
            : {}),
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
 * Imagens em tons de cinza, lado a lado: 0 é preto, 1 é branco.
 *
 * @param images uma imagem por linha, com largura × altura números, linha a linha a partir do alto à esquerda
 * @param options.width largura de cada imagem em pixels; dela sai a altura
 * @param options.columns imagens por linha; o padrão é 10
 * @param options.range o que é preto e o que é branco; o padrão é [0, 1], e o que passa disso é cortado
 * @throws TypeError se não há imagens ou têm tamanhos diferentes; RangeError se os pixels não formam linhas de `width`, se há
 * número não finito, ou se `columns` não é um inteiro > 0
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
  checkInterval("imageGrid (range)", ...range);
  if (!(Number.isInteger(columns) && columns > 0)) {
    throw new RangeError(`imageGrid: columns deve ser um inteiro > 0, recebi ${columns}`);
  }
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
          source: `data:image/png;base64,${base64(encodePng(pixels, totalWidth))}`,
          zsmooth: false,
          hoverinfo: "skip",
        },
      ],
    }),
  };
}

function rowsOf<T>(values: readonly T[], width: number): T[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  );
}

const base64 = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

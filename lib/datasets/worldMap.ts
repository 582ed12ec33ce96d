import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { PointDistribution } from "../distributions";
import type { Source } from "../random";
import { readPackage } from "./files";

type Point = [lon: number, lat: number];

/**
 * A terra firme do mundo, como distribuição uniforme no plano de longitude e latitude.
 *
 * Os pontos são `[longitude, latitude]` em graus, e o plano é plano: todo grau quadrado vale o mesmo. As áreas são as do mapa
 * como se desenha (projeção equirretangular), não as da esfera: a Groenlândia parece, e pesa, mais do que deve.
 */
export interface WorldMap extends PointDistribution {
  /** O canto inferior esquerdo do plano: [−180, −90]. */
  readonly low: Point;
  /** O canto superior direito do plano: [180, 90]. */
  readonly high: Point;
  /** A área da terra no plano, em graus quadrados, exata para estes polígonos. O plano tem 64.800. */
  readonly area: number;
  /** O ponto está em terra? (Os de fora do plano não estão.) @throws TypeError se não são dois números, RangeError se há NaN */
  contains(point: ArrayLike<number>): boolean;
  /** Um ponto da terra, todos com a mesma chance no plano: sorteia no plano até cair em terra. */
  sample(source: Source): Float64Array;
  /** −log(área) em terra, −∞ fora dela: logaritmo, em nats, da densidade por grau quadrado. @throws como `contains` */
  logDensity(point: ArrayLike<number>): number;
  /** Contornos fechados para desenhar: os litorais, e a borda do mapa onde a terra a cruza. Os buracos (mar Cáspio) giram ao contrário. */
  outline(): Point[][];
}

/**
 * Os polígonos de terra firme da Natural Earth em escala 1:110 milhões (domínio público), do pacote npm `world-atlas` 2.0.2;
 * origem e sha256 em data/README.md. O mapa é montado uma vez, na primeira chamada (uns 10 ms).
 */
export function worldMap(): WorldMap {
  return (built ??= build());
}

let built: WorldMap | undefined;
const low: Point = [-180, -90];
const high: Point = [180, 90];

function build(): WorldMap {
  const rings = landRings();
  const area = Math.abs(rings.reduce((sum, ring) => sum + signedArea(ring), 0));
  const isLand = landIndex(rings);
  const logInside = -Math.log(area);

  const contains = (point: ArrayLike<number>) => {
    const [x, y] = [point[0], point[1]];
    if (point.length !== 2) {
      throw new TypeError(
        `worldMap: esperava um ponto [longitude, latitude], recebi ${point.length} números`,
      );
    }
    if (Number.isNaN(x) || Number.isNaN(y)) {
      throw new RangeError(`worldMap: longitude e latitude devem ser números, recebi [${x}, ${y}]`);
    }
    return isLand(x, y);
  };
  return {
    low,
    high,
    area,
    contains,
    sample(source) {
      for (;;) {
        const x = low[0] + (high[0] - low[0]) * source();
        const y = low[1] + (high[1] - low[1]) * source();
        if (isLand(x, y)) return Float64Array.of(x, y);
      }
    },
    logDensity: (point) => (contains(point) ? logInside : -Infinity),
    outline: () => rings.map((ring) => ring.map(([x, y]): Point => [x, y])),
  };
}

/** Os contornos da terra, fechados e dentro do plano. Os de fora giram todos no mesmo sentido, os buracos no outro. */
function landRings(): Point[][] {
  // Lido, e não importado: o TypeScript inferiria o tipo de 55 kB de números a cada célula.
  const json = new TextDecoder().decode(readPackage("world-atlas/land-110m.json"));
  const world = JSON.parse(json) as Topology<{ land: GeometryCollection }>;
  const rings = feature(world, world.objects.land).features.flatMap(({ geometry }) =>
    geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [],
  );
  // O world-atlas costurou a terra através do meridiano de 180°; o plano acaba ali, e é preciso cortá-la de novo.
  return rings
    .map((ring) => unroll(ring as Point[]))
    .flatMap((ring) => [-360, 0, 360].map((shift) => clip(ring, shift)))
    .filter((ring) => ring.length > 3);
}

/** O contorno sem os saltos de 180° a −180°; o que dá a volta em um polo (Antártida) se fecha pela borda do mapa. */
function unroll(ring: Point[]): Point[] {
  const result: Point[] = [];
  let turns = 0;
  ring.forEach(([x, y], i) => {
    if (i > 0) turns -= Math.round((x - ring[i - 1][0]) / 360);
    result.push([x + 360 * turns, y]);
  });
  const [first, last] = [result[0], result[result.length - 1]];
  if (first[0] !== last[0]) {
    const pole = first[1] < 0 ? low[1] : high[1];
    result.push([last[0], pole], [first[0], pole], first);
  }
  return result;
}

/** A parte do contorno, deslocado, entre −180° e 180° (Sutherland e Hodgman, 1974, com duas bordas verticais). */
function clip(ring: Point[], shift: number): Point[] {
  let points = ring.map(([x, y]): Point => [x + shift, y]);
  for (const [edge, inside] of [
    [low[0], (x: number) => x >= low[0]],
    [high[0], (x: number) => x <= high[0]],
  ] as const) {
    const kept: Point[] = [];
    for (let i = 1; i < points.length; i++) {
      const [x0, y0] = points[i - 1];
      const [x1, y1] = points[i];
      if (inside(x0) !== inside(x1)) kept.push([edge, y0 + ((edge - x0) / (x1 - x0)) * (y1 - y0)]);
      if (inside(x1)) kept.push([x1, y1]);
    }
    points = kept.length > 0 ? [...kept, kept[0]] : [];
  }
  return points;
}

/** A área pela fórmula do cadarço (Gauss); o sinal é o do sentido do contorno. */
function signedArea(ring: Point[]): number {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return twice / 2;
}

/** A regra par-ímpar, só com as arestas que chegam à faixa de latitude do ponto: algumas dezenas em vez de 5.000. */
function landIndex(rings: Point[][]): (x: number, y: number) => boolean {
  const bandsPerDegree = 4;
  const bandOf = (y: number) => Math.min(719, Math.floor((y - low[1]) * bandsPerDegree));
  const lists: number[][] = Array.from({ length: 720 }, () => []);
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
      const top = bandOf(Math.max(y0, y1));
      for (let band = bandOf(Math.min(y0, y1)); band <= top; band++)
        lists[band].push(x0, y0, x1, y1);
    }
  }
  const bands = lists.map((list) => Float64Array.from(list));

  return (x, y) => {
    if (!(x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1])) return false;
    const edges = bands[bandOf(y)];
    let inside = false;
    for (let i = 0; i < edges.length; i += 4) {
      const y0 = edges[i + 1];
      const y1 = edges[i + 3];
      if (y0 > y !== y1 > y && x < edges[i] + ((y - y0) / (y1 - y0)) * (edges[i + 2] - edges[i])) {
        inside = !inside;
      }
    }
    return inside;
  };
}

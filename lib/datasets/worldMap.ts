import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { PointDistribution } from "../distributions";
import type { Source } from "../random";

type Point = [lon: number, lat: number];

/**
 * The land of the world as a uniform distribution on the plane of longitude and latitude.
 *
 * Points are `[longitude, latitude]` in degrees and the plane is flat: every square degree counts the same, so areas are
 * those of the equirectangular map as it is drawn, not those of the sphere (Greenland looks, and weighs, too big).
 */
export interface WorldMap extends PointDistribution {
  /** Lower left corner of the plane: [−180, −90]. */
  readonly low: Point;
  /** Upper right corner of the plane: [180, 90]. */
  readonly high: Point;
  /** Area of the land in the plane, in square degrees, exact for these polygons. The plane has 64,800. */
  readonly area: number;
  /** Is the point on land? Points outside of the plane are not. */
  contains(point: ArrayLike<number>): boolean;
  /** A point of the land, all equally likely in the plane (drawn in the plane until it falls on land). */
  sample(source: Source): Float64Array;
  /** −log(area) on land, −∞ elsewhere; nats, density per square degree. */
  logDensity(point: ArrayLike<number>): number;
  /** Closed rings to draw: coasts, and the edge of the map where land crosses it. Holes (Caspian Sea) turn the other way. */
  outline(): Point[][];
}

/**
 * Natural Earth's land polygons at 1:110m (public domain), from the npm package `world-atlas` 2.0.2; origin and checksum in
 * data/README.md. Built once, on the first call (some 10 ms).
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

/** Every ring of the land inside the plane, closed. Outer rings all turn the same way, holes the other way. */
function landRings(): Point[][] {
  // `require` and not `import`: TypeScript would infer the type of 55 kB of numbers in every cell.
  const world = require("world-atlas/land-110m.json") as Topology<{ land: GeometryCollection }>;
  const rings = feature(world, world.objects.land).features.flatMap(({ geometry }) =>
    geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [],
  );
  // world-atlas has sewn the land together across the 180° meridian; the plane ends there, so cut it again.
  return rings
    .map((ring) => unroll(ring as Point[]))
    .flatMap((ring) => [-360, 0, 360].map((shift) => clip(ring, shift)))
    .filter((ring) => ring.length > 3);
}

/** The ring with jumps from 180° to −180° undone; one that goes round a pole (Antarctica) is closed along the map's edge. */
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

/** The part of the shifted closed ring between −180° and 180° (Sutherland and Hodgman 1974, two vertical edges). */
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

/** Shoelace formula; the sign is that of the turn. */
function signedArea(ring: Point[]): number {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return twice / 2;
}

/** Even-odd test over the edges that reach the point's band of latitude: a few dozen instead of 5,000. */
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

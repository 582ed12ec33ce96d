import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "../random";
import { worldMap } from "./worldMap";

// Referência: o mesmo TopoJSON, lido à parte em Python e cortado em 180° com shapely 2.2.0.
const areaByShapely = 21496.972652983266;
const centroidByShapely = [18.21624660105598, 1.1626602307263496];
const landByShapely = [
  "........................................................................",
  "............###..###....########...............#......#####....###......",
  ".#.################.###...##....#.....##.##.############################",
  "...#......#########.####...........#..#.#######################....#....",
  "...........#############............##.###.##.#################.........",
  "............#########...............##.....#################.#.#........",
  "..............###................#############..############............",
  ".................##..............###########.#.....#....##..............",
  ".....................####.........##.#########..........#..#............",
  "....................#########.........######...................##.......",
  ".....................#######..........######.................##.#.......",
  "......................#####............####................#######......",
  "......................##...................................#...###......",
  ".....................##.................................................",
  "......................#.................................................",
  ".......................#................................................",
  ".........#####..#######..........####################################...",
  "###....#################################################################",
]; // longitude −177,6 + 5 × coluna, latitude 85,3 − 10 × linha

const world = worldMap();

test("a área é a de shapely, e a de Monte Carlo", () => {
  assert.ok(Math.abs(world.area - areaByShapely) < 1e-6, `${world.area}`);
  const source = seeded("worldMap/area");
  const n = 400_000;
  let hits = 0;
  for (let i = 0; i < n; i++) {
    if (world.contains([-180 + 360 * source(), -90 + 180 * source()])) hits++;
  }
  const share = areaByShapely / 64_800;
  const error = Math.sqrt((share * (1 - share)) / n);
  assert.ok(Math.abs(hits / n - share) < 4 * error, `${hits / n} e ${share}`);
});

test("a terra está onde shapely a acha, nos polos e em 180° inclusive", () => {
  const drawn = landByShapely.map((row, j) =>
    Array.from(row, (_, i) => (world.contains([-177.6 + 5 * i, 85.3 - 10 * j]) ? "#" : ".")).join(
      "",
    ),
  );
  assert.deepEqual(drawn, landByShapely);
});

test("lugares conhecidos", () => {
  const land = { Brasília: [-47.9, -15.8], "Chukotka, leste": [178, 68], "Chukotka, oeste": [-175, 66.5], "Polo Sul": [0, -90], "Antártida, borda": [-180, -89] }; // prettier-ignore
  const water = {
    "mar Cáspio": [51, 42],
    Atlântico: [-30, 0],
    "Polo Norte": [0, 90],
    fora: [181, 0],
  };
  for (const [name, point] of Object.entries(land)) assert.ok(world.contains(point), name);
  for (const [name, point] of Object.entries(water)) assert.ok(!world.contains(point), name);
});

test("os sorteios caem em terra, são uniformes e se repetem com a fonte", () => {
  const source = seeded("worldMap/sample");
  const n = 40_000;
  const points = Array.from({ length: n }, () => world.sample(source));
  assert.ok(points.every((point) => world.contains(point)));
  [0, 1].forEach((k) => {
    const mean = points.reduce((sum, point) => sum + point[k], 0) / n;
    const variance = points.reduce((sum, point) => sum + (point[k] - mean) ** 2, 0) / n;
    const error = Math.sqrt(variance / n);
    assert.ok(
      Math.abs(mean - centroidByShapely[k]) < 4 * error,
      `média da coordenada ${k}: ${mean}`,
    );
  });
  const again = seeded("worldMap/sample");
  assert.deepEqual(world.sample(again), points[0]);
});

test("a densidade é 1/área em terra e 0 fora", () => {
  assert.ok(Math.abs(world.logDensity([-47.9, -15.8]) + Math.log(areaByShapely)) < 1e-9);
  assert.equal(world.logDensity([-30, 0]), -Infinity);
  assert.equal(world.logDensity([500, 0]), -Infinity);
});

test("o contorno é fechado, fica no plano e encerra a área", () => {
  const rings = world.outline();
  let twice = 0;
  for (const ring of rings) {
    assert.deepEqual(ring[0], ring[ring.length - 1]);
    ring.forEach(([x, y], i) => {
      assert.ok(Math.abs(x) <= 180 && Math.abs(y) <= 90, `${x}, ${y}`);
      if (i > 0) twice += ring[i - 1][0] * y - x * ring[i - 1][1];
    });
  }
  assert.ok(Math.abs(Math.abs(twice / 2) - areaByShapely) < 1e-6);
  rings[0][0][0] = 999; // é uma cópia: o mapa não muda
  assert.notEqual(world.outline()[0][0][0], 999);
  assert.equal(worldMap(), world);
});

test("recusa o que não é um ponto", () => {
  assert.throws(() => world.contains([1]), { name: "TypeError", message: /recebi 1 números/ });
  assert.throws(() => world.logDensity([NaN, 0]), { name: "RangeError", message: /NaN/ });
});

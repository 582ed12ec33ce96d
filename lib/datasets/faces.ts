import type { PointDistribution } from "../distributions";
import { multivariateNormal, normal } from "../distributions";
import type { Source } from "../random";

type Point = [x: number, y: number];

/** O que dizem, em ordem, os três números de um rosto. Em `faces`, cada um é uma normal padrão. */
export const faceFactors = ["largura do rosto", "sorriso", "surpresa"] as const;

/**
 * Um rosto em 100 medidas: x e y de 50 pontos, em centímetros a partir do meio do rosto, y para cima, na ordem x₁, y₁, x₂,
 * y₂, … São 16 pontos na cabeça, 6 em cada olho, 4 em cada sobrancelha, 4 no nariz e 10 na boca.
 *
 * É uma função linear dos fatores, rosto neutro + Σ fator × mudança, e por isso a PCA acha tudo (o que ela não acha está em
 * uma família curva, como a de `rotateFace`).
 *
 * @param factors largura do rosto, sorriso e surpresa (`faceFactors`); 0 é o rosto neutro, ±2 é muito
 * @throws TypeError se não são três, RangeError se algum não é finito
 */
export function faceLandmarks(factors: ArrayLike<number>): Float64Array {
  if (factors.length !== changes.length) {
    throw new TypeError(`faceLandmarks: esperava 3 fatores, recebi ${factors.length}`);
  }
  const face = Float64Array.from(neutral);
  changes.forEach((change, k) => {
    if (!Number.isFinite(factors[k])) {
      throw new RangeError(
        `faceLandmarks: o fator "${faceFactors[k]}" deve ser finito, recebi ${factors[k]}`,
      );
    }
    change.forEach((delta, i) => (face[i] += factors[k] * delta));
  });
  return face;
}

/**
 * Rostos medidos com erro: `faceLandmarks` de três normais padrão independentes, mais um erro independente em cada uma das
 * 100 medidas. A verdade é conhecida: uma normal de 100 dimensões em volta do rosto neutro.
 *
 * @param noise desvio-padrão do erro de medida, em centímetros
 * @throws RangeError se noise não é > 0
 */
export function faces(noise = 0.07): PointDistribution {
  if (!(noise > 0 && noise < Infinity)) {
    throw new RangeError(`faces: noise deve ser > 0, recebi ${noise}`);
  }
  const covariance = neutral.map((_, i) =>
    neutral.map((__, j) => changes.reduce((sum, c) => sum + c[i] * c[j], i === j ? noise ** 2 : 0)),
  );
  const factor = normal();
  const error = normal(0, noise);
  return {
    sample: (source) =>
      faceLandmarks(changes.map(() => factor.sample(source))).map((x) => x + error.sample(source)),
    logDensity: multivariateNormal(neutral, covariance).logDensity,
  };
}

/**
 * O mesmo rosto com a cabeça inclinada, girada em volta do meio: uma curva, e não uma reta, no espaço das 100 medidas.
 *
 * @param angle em radianos, no sentido anti-horário
 * @throws TypeError se não são 100 medidas, RangeError se o ângulo não é finito
 */
export function rotateFace(landmarks: ArrayLike<number>, angle: number): Float64Array {
  checkLandmarks("rotateFace", landmarks);
  if (!Number.isFinite(angle))
    throw new RangeError(`rotateFace: angle deve ser finito, recebi ${angle}`);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return Float64Array.from(landmarks, (v, i) =>
    i % 2 === 0 ? c * v - s * landmarks[i + 1] : s * landmarks[i - 1] + c * v,
  );
}

/**
 * Os traços que desenham um rosto: linhas suaves de pontos [x, y] (cabeça, olhos, sobrancelhas, nariz, boca e pupilas).
 * São lineares nas medidas: os traços de uma soma são a soma dos traços.
 *
 * @throws TypeError se não são 100 medidas
 */
export function faceLines(landmarks: ArrayLike<number>): Point[][] {
  checkLandmarks("faceLines", landmarks);
  const strokes = parts.map(({ from, to, closed }) => {
    const points: Point[] = [];
    for (let i = from; i < to; i++) points.push([landmarks[2 * i], landmarks[2 * i + 1]]);
    return smooth(points, closed);
  });
  const eyes = parts.filter((part) => part.name.startsWith("olho"));
  return [...strokes, ...eyes.map((eye) => pupil(landmarks, eye.from))];
}

function checkLandmarks(name: string, landmarks: ArrayLike<number>): void {
  if (landmarks.length !== neutral.length) {
    throw new TypeError(`${name}: esperava 100 números (50 pontos), recebi ${landmarks.length}`);
  }
}

/** Quatro pontos entre um ponto medido e o seguinte (spline de Catmull–Rom uniforme, 1974). */
function smooth(points: Point[], closed: boolean): Point[] {
  const n = points.length;
  const at = (i: number) => points[closed ? (i + n) % n : Math.min(Math.max(i, 0), n - 1)];
  const result: Point[] = [];
  for (let i = 0; i < (closed ? n : n - 1); i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 0; step < 4; step++) {
      const t = step / 4;
      const spline = (k: 0 | 1) =>
        0.5 *
        (2 * p1[k] +
          t * (p2[k] - p0[k]) +
          t ** 2 * (2 * p0[k] - 5 * p1[k] + 4 * p2[k] - p3[k]) +
          t ** 3 * (3 * p1[k] - p0[k] - 3 * p2[k] + p3[k]));
      result.push([spline(0), spline(1)]);
    }
  }
  return [...result, closed ? result[0] : points[n - 1]];
}

/** A pupila: um círculo no meio do olho, com um terço da largura dele. */
function pupil(landmarks: ArrayLike<number>, eye: number): Point[] {
  const mean = (k: 0 | 1) =>
    [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + landmarks[2 * (eye + i) + k] / 6, 0);
  const dx = landmarks[2 * (eye + 3)] - landmarks[2 * eye];
  const dy = landmarks[2 * (eye + 3) + 1] - landmarks[2 * eye + 1];
  return Array.from({ length: 17 }, (_, i): Point => {
    const [c, s] = [Math.cos((2 * Math.PI * i) / 16) / 6, Math.sin((2 * Math.PI * i) / 16) / 6];
    return [mean(0) + c * dx - s * dy, mean(1) + c * dy + s * dx];
  });
}

/** Um ponto do rosto neutro, e como cada fator o move. */
type Landmark = [x: number, y: number, width: Point, smile: Point, surprise: Point];
interface Part {
  name: string;
  closed: boolean;
  landmarks: Landmark[];
}

const still: Point = [0, 0];

/** A cabeça: um oval mais largo em cima, que alarga e encurta um pouco; o sorriso enche as bochechas, a surpresa baixa o queixo. */
const head: Landmark[] = Array.from({ length: 16 }, (_, i) => {
  const angle = Math.PI / 2 - (2 * Math.PI * i) / 16;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const x = 7.6 * c * (1 + 0.1 * s);
  const y = 10 * s;
  const cheek = s < -0.2 && s > -0.8 ? 0.18 * Math.sign(c) : 0;
  return [x, y, [0.13 * x, -0.03 * y], [cheek, 0], [0, s < -0.3 ? 0.35 * s : 0]];
});

/** Um olho em volta de x = centre, do canto esquerdo no sentido horário: a surpresa o abre, o sorriso o estreita. */
function eye(centre: number): Landmark[] {
  return Array.from({ length: 6 }, (_, i) => {
    const angle = Math.PI - (2 * Math.PI * i) / 6;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [centre + 1.3 * c, 1.6 + 0.85 * s, [0.09 * centre, 0], [0, -0.1 * s], [0, 0.24 * s]];
  });
}

/** Uma sobrancelha, da esquerda para a direita; a surpresa a ergue, o arco mais que as pontas. */
function brow(side: -1 | 1): Landmark[] {
  return [-1.5, -0.5, 0.5, 1.5].map((dx, i) => {
    const arch = [0, 0.45, 0.45, 0][i];
    return [side * 3 + dx, 3.7 + arch, [0.09 * side * 3, 0], [0, 0.04], [0, 0.55 + 0.25 * arch]];
  });
}

/** A boca fechada: o lábio de cima da esquerda para a direita, o de baixo na volta. O sorriso ergue e afasta os cantos. */
const mouth: Landmark[] = [
  ...[-2.4, -1.25, 0, 1.25, 2.4].map((x) => lip(x, 0.25)),
  ...[1.7, 0.85, 0, -0.85, -1.7].map((x) => lip(x, -0.5)),
];
function lip(x: number, thickness: number): Landmark {
  const bend = (x / 2.4) ** 2;
  const upper = thickness > 0;
  return [
    x,
    -5.1 + 0.5 * bend + thickness * (upper ? 1 - bend : 1),
    [0.07 * x, 0],
    [0.09 * x, 0.85 * bend - 0.25 - (upper ? 0 : 0.1)],
    [-0.06 * x, upper ? 0.12 * (1 - bend) : -0.4 * (1 - bend)],
  ];
}

const anatomy: Part[] = [
  { name: "cabeça", closed: true, landmarks: head },
  { name: "olho esquerdo", closed: true, landmarks: eye(-3) },
  { name: "olho direito", closed: true, landmarks: eye(3) },
  { name: "sobrancelha esquerda", closed: false, landmarks: brow(-1) },
  { name: "sobrancelha direita", closed: false, landmarks: brow(1) },
  {
    name: "nariz",
    closed: false,
    landmarks: [
      [0.25, 0.6, still, still, [0, 0.06]],
      [-0.7, -1.7, [-0.06, 0], [-0.05, 0.05], still],
      [0, -2.15, still, [0, 0.05], still],
      [0.7, -1.75, [0.06, 0], [0.05, 0.05], still],
    ],
  },
  { name: "boca", closed: true, landmarks: mouth },
];

const landmarks = anatomy.flatMap((part) => part.landmarks);
const neutral = landmarks.flatMap(([x, y]) => [x, y]);
const changes = [2, 3, 4].map((factor) =>
  landmarks.flatMap((landmark) => landmark[factor] as Point),
);
const parts = anatomy.map(({ name, closed, landmarks: own }, i) => {
  const from = anatomy.slice(0, i).reduce((sum, part) => sum + part.landmarks.length, 0);
  return { name, closed, from, to: from + own.length };
});

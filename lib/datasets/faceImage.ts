import { checkInteger } from "../validate";
import { faceLines } from "./faces";

/**
 * Um rosto (`faceLandmarks`) desenhado em uma imagem quadrada: traço 1 sobre fundo 0, linha a linha, de cima para baixo. A
 * imagem cobre 24 × 24 cm em volta do meio do rosto; o traço tem 0,7 cm de largura e depois é amaciado: cada pixel fica com
 * uma média dele e dos oito vizinhos. O que sai do quadro não aparece.
 *
 * @param landmarks as 100 medidas, em centímetros
 * @param side pixels por lado
 * @returns side² tons, de 0 a 1
 * @throws TypeError se não são 100 medidas, RangeError se `side` não é um inteiro ≥ 8
 */
export function faceImage(landmarks: ArrayLike<number>, side = 32): Float32Array {
  checkInteger("faceImage: side", side, 8);
  const image = new Float32Array(side * side);
  const pixel = (2 * reach) / side; // cm
  for (const stroke of faceLines(landmarks)) {
    for (let i = 1; i < stroke.length; i++) {
      ink(image, side, pixel, stroke[i - 1], stroke[i]);
    }
  }
  return soften(soften(image, side, 1), side, side);
}

/** Em uma direção, a média de cada pixel (peso 2) e dos dois vizinhos (peso 1); fora do quadro, zero. */
function soften(image: Float32Array, side: number, step: number): Float32Array {
  return image.map((tone, at) => {
    const place = step === 1 ? at % side : Math.floor(at / side);
    const before = place > 0 ? image[at - step] : 0;
    const after = place < side - 1 ? image[at + step] : 0;
    return (before + 2 * tone + after) / 4;
  });
}

/** Metade do lado do quadro e metade da largura do traço, em centímetros. */
const reach = 12;
const halfWidth = 0.35;

type Point = readonly [x: number, y: number];

/** Desenha um segmento: cada pixel fica com o tom mais claro entre o que tem e o que o segmento lhe dá. */
function ink(image: Float32Array, side: number, pixel: number, a: Point, b: Point): void {
  const margin = halfWidth + pixel;
  const range = (low: number, high: number) => [
    Math.max(0, Math.floor((low - margin + reach) / pixel)),
    Math.min(side - 1, Math.ceil((high + margin + reach) / pixel)),
  ];
  const [left, right] = range(Math.min(a[0], b[0]), Math.max(a[0], b[0]));
  const [top, bottom] = range(-Math.max(a[1], b[1]), -Math.min(a[1], b[1]));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const centre: Point = [(column + 0.5) * pixel - reach, reach - (row + 0.5) * pixel];
      const tone = (halfWidth - distance(centre, a, b)) / pixel + 0.5;
      const at = row * side + column;
      image[at] = Math.max(image[at], Math.min(1, tone));
    }
  }
}

/** A distância de um ponto a um segmento. */
function distance(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

import { zlibSync } from "fflate";

/**
 * Os pixels como imagem PNG em tons de cinza de 8 bits (W3C, “Portable Network Graphics”), linha a linha a partir do alto à
 * esquerda; 0 é preto.
 *
 * @throws RangeError se os pixels não formam linhas de `width`
 */
export function encodePng(pixels: Uint8Array, width: number): Uint8Array {
  const height = pixels.length / width;
  if (!(width > 0 && Number.isInteger(height) && height > 0)) {
    throw new RangeError(`encodePng: ${pixels.length} pixels não formam linhas de ${width}`);
  }
  const lines = new Uint8Array(height * (width + 1)); // cada linha começa com seu filtro: 0, nenhum
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  // 8 bits por pixel; os zeros que seguem: cinza, deflate, sem filtro, sem entrelaçar.
  const header = [...uint32(width), ...uint32(height), 8, 0, 0, 0, 0];
  return concat(
    [0x89, ...ascii("PNG\r\n\x1a\n")],
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(lines)),
    chunk("IEND", []),
  );
}

function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = concat(ascii(type), data);
  return concat(uint32(data.length), body, uint32(crc32(body)));
}

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const uint32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

function concat(...parts: ArrayLike<number>[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

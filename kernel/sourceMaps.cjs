/** De uma posição no JavaScript que roda à posição no TypeScript que foi escrito. */
const { SourceMap } = require("node:module");

const chains = new Map(); // nome do script → mapas, do último passo de compilação ao primeiro

/**
 * Registra os mapas (textos JSON) de um script. `skippedLines`: quantas linhas, no começo do texto compilado, quem escreveu não
 * vê.
 */
function setMaps(script, texts, { skippedLines = 0 } = {}) {
  const maps = texts.map((text) => new SourceMap(JSON.parse(text)));
  chains.set(script, { maps, skippedLines });
}

/** Linha e coluna a partir de 1, ou `null` se o ponto não vem de código escrito. */
function originalPosition(script, line, column) {
  if (!chains.has(script)) return null;
  const { maps, skippedLines } = chains.get(script);
  let position = { line: line - 1, column: column - 1 };
  for (const map of maps) {
    const { originalLine, originalColumn } = map.findEntry(position.line, position.column);
    if (originalLine === undefined) return null;
    position = { line: originalLine, column: originalColumn };
  }
  const written = position.line + 1 - skippedLines;
  return written > 0 ? { line: written, column: position.column + 1 } : null;
}

const hasMaps = (script) => chains.has(script);

module.exports = { setMaps, originalPosition, hasMaps };

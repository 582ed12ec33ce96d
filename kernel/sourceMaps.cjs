/** De uma posição no JavaScript que roda à posição no TypeScript que foi escrito. */
const { SourceMap } = require("node:module");

const chains = new Map(); // nome do script → mapas, do último passo de compilação ao primeiro

/** Registra os mapas (textos JSON) de um script. */
function setMaps(script, texts) {
  chains.set(
    script,
    texts.map((text) => new SourceMap(JSON.parse(text))),
  );
}

/** Linha e coluna a partir de 1, ou `null` se o ponto não vem de código escrito. */
function originalPosition(script, line, column) {
  const maps = chains.get(script);
  if (!maps) return null;
  let position = { line: line - 1, column: column - 1 };
  for (const map of maps) {
    const { originalLine, originalColumn } = map.findEntry(position.line, position.column);
    if (originalLine === undefined) return null;
    position = { line: originalLine, column: originalColumn };
  }
  return { line: position.line + 1, column: position.column + 1 };
}

const hasMaps = (script) => chains.has(script);

module.exports = { setMaps, originalPosition, hasMaps };

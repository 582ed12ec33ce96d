/** O que completar quando se escreve um import, e os nomes de lib que a célula ainda não importou. */
const fs = require("node:fs");
const path = require("node:path");
const { exportsOfLib, isModule, libModule, namesIn } = require("./names.cjs");
const { cellFolders } = require("./paths.cjs");

/**
 * @param usual o que o TypeScript oferece: { start, end, candidates, original }
 * @returns { start, end, items }, cada um com o texto e o que dizer ao lado dele
 */
function complete(source, position, usual) {
  const before = source.slice(0, position);
  return (
    paths(before, position) ??
    members(before, source.slice(position), position) ??
    names(before, usual())
  );
}

/** Dentro de `from "../lib/dis`: as pastas e os módulos. */
function paths(before, position) {
  const typed = /\b(?:from|import)\s*\(?\s*["'](\.[^"'\n]*)$/.exec(before)?.[1];
  if (typed === undefined) return undefined;
  const [folder, prefix] = [path.posix.dirname(`${typed}x`), /[^/]*$/.exec(typed)[0]];
  const found = cellFolders.flatMap((from) => {
    try {
      return fs.readdirSync(path.posix.join(from, folder), { withFileTypes: true });
    } catch {
      return [];
    }
  });
  const texts = found.flatMap((entry) => {
    if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
    if (entry.isDirectory()) return `${entry.name}/`;
    return isModule(entry.name) ? entry.name.replace(/\.ts$/, "") : [];
  });
  const items = [...new Set(texts)]
    .filter((text) => text.startsWith(prefix))
    .sort()
    .map((text) => ({ text, type: text.endsWith("/") ? "pasta" : "módulo" }));
  return { start: position - prefix.length, end: position, items };
}

/** Dentro de `import { nor… } from "../lib/random"`: os nomes do módulo. */
function members(before, after, position) {
  const list = /\bimport\s+(?:type\s+)?\{([^}]*)$/.exec(before)?.[1];
  const module = /^[^}]*\}\s*from\s*["']([^"']+)["']/.exec(after)?.[1];
  const known = module && libModule(module);
  if (list === undefined || !known) return undefined;
  const prefix = /[\w$]*$/.exec(list)[0];
  const items = namesIn(known)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((text) => ({ text, type: known.slice(3) }));
  return items.length > 0 ? { start: position - prefix.length, end: position, items } : undefined;
}

/** Os do TypeScript, e depois os de lib que ainda não se importaram, com o módulo de onde vêm. */
function names(before, { start, end, candidates, original }) {
  const kinds = new Map(original?.entries?.map(({ name, kind }) => [name, kind]));
  const items = candidates.map((text) => ({ text, type: kinds.get(text) ?? "" }));
  const prefix = before.slice(start);
  const isName = /^[A-Za-z_$][\w$]+$/.test(prefix) && !/\.\s*$/.test(before.slice(0, start));
  const missing = [...(isName ? exportsOfLib() : [])]
    .filter(([name]) => name.startsWith(prefix) && !candidates.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [text, module] of missing) items.push({ text, type: module.slice(3) });
  return { start, end, items };
}

module.exports = { complete };

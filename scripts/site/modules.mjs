import { readFileSync, statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import ts from "typescript";

/** O que se acrescenta ao nome de um import até achar um arquivo, na ordem do kernel (kernel/modules.cjs). */
const SUFFIXES = ["", ".ts", ".js", ".cjs", ".json", "/index.ts", "/index.js"];

/**
 * Os arquivos do projeto que os textos `codes` importam, direta ou indiretamente, em ordem. Um import relativo de um deles é
 * procurado nas pastas `folders`, a primeira que o tem vale; o de um módulo, na pasta do próprio módulo. Pacotes não contam.
 */
export function localModules(codes, folders, root) {
  const found = new Set();
  const follow = (code, from) => {
    for (const name of importedNames(code)) {
      const file = from.map((folder) => findFile(name, folder, root)).find(Boolean);
      if (!file || found.has(file)) continue;
      found.add(file);
      if (!file.endsWith(".json")) follow(readFileSync(file, "utf8"), [dirname(file)]);
    }
  };
  for (const code of codes) follow(code, folders);
  return [...found].sort();
}

/**
 * Os nomes relativos que um texto importa. Todo literal que começa com ./ ou ../ serve: import, export … from, import(), require(), um
 * tipo, o arquivo de um worker; os que não são de arquivo nenhum ficam de fora na busca.
 */
function importedNames(code) {
  const names = [];
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) && /^\.\.?\//.test(node.text)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest));
  return names;
}

function findFile(name, folder, root) {
  const base = resolve(folder, name);
  if (!base.startsWith(root + sep)) return undefined;
  return SUFFIXES.map((suffix) => base + suffix).find((file) =>
    statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}

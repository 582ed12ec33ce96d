import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { codeCells, listNotebooks, readNotebook } from "./notebooks.mjs";

/**
 * Verifica os tipos da lib e de todas as células com o compilador `ts`. As células de um caderno viram blocos
 * aninhados de um arquivo virtual em notebooks/ (uma célula pode redeclarar um nome, como no kernel), e os imports sobem
 * para o começo. Devolve uma lista de mensagens: caderno, célula e linha, ou arquivo da lib.
 */
export function checkTypes(root, ts, { notebooks = listNotebooks(root) } = {}) {
  const config = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const options = { ...parsed.options, module: ts.ModuleKind.ES2022 }; // permite await no topo, como o kernel
  const virtual = new Map();
  for (const name of notebooks) {
    const path = join(root, "notebooks", `${name}.ts`);
    virtual.set(path, { name, ...virtualModule(ts, codeCells(readNotebook(root, name))) });
  }
  const host = virtualHost(ts, options, virtual);
  const program = ts.createProgram([...virtual.keys(), ...parsed.fileNames], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => describe(ts, root, virtual, diagnostic));
}

/** O texto do módulo virtual e, para cada linha dele, a célula e a linha de onde veio. */
function virtualModule(ts, cells) {
  const imports = [];
  const importOrigins = [];
  const body = [];
  const bodyOrigins = [];
  const seen = new Set();
  for (const { number, source } of cells) {
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
    let rest = source;
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const start = statement.getStart(file);
      const { line } = file.getLineAndCharacterOfPosition(start);
      for (const text of splitImport(ts, statement)) {
        if (seen.has(text)) continue;
        seen.add(text);
        imports.push(text);
        importOrigins.push({ number, line });
      }
      const blank = rest.slice(start, statement.end).replace(/[^\n]/g, " ");
      rest = rest.slice(0, start) + blank + rest.slice(statement.end);
    }
    body.push("{");
    bodyOrigins.push(undefined);
    rest.split("\n").forEach((text, line) => {
      body.push(text);
      bodyOrigins.push({ number, line });
    });
  }
  body.push("}".repeat(cells.length));
  return {
    text: [...imports, "export {};", ...body].join("\n"),
    origins: [...importOrigins, undefined, ...bodyOrigins],
  };
}

/** Um import por nome, para que o mesmo nome importado em duas células não conte como redeclaração. */
function splitImport(ts, { importClause: clause, moduleSpecifier }) {
  const from = moduleSpecifier.getText();
  if (!clause) return [`import ${from};`];
  const type = clause.isTypeOnly ? "type " : "";
  const bindings = clause.namedBindings;
  return [
    ...(clause.name ? [`import ${type}${clause.name.text} from ${from};`] : []),
    ...(bindings && ts.isNamespaceImport(bindings)
      ? [`import ${type}${bindings.getText()} from ${from};`]
      : []),
    ...(bindings?.elements ?? []).map(
      (element) => `import ${type}{ ${element.getText()} } from ${from};`,
    ),
  ];
}

function virtualHost(ts, options, virtual) {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists.call(host, path);
  host.readFile = (path) => virtual.get(path)?.text ?? readFile.call(host, path);
  host.getSourceFile = (path, target, ...rest) =>
    virtual.has(path)
      ? ts.createSourceFile(path, virtual.get(path).text, target)
      : getSourceFile.call(host, path, target, ...rest);
  return host;
}

function describe(ts, root, virtual, { file, start = 0, code, messageText }) {
  const message = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n  ")}`;
  if (!file) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const module = virtual.get(file.fileName);
  if (!module) return `${relative(root, file.fileName)}:${line + 1}:${character + 1} ${message}`;
  const origin = module.origins[line];
  const place = origin
    ? `célula ${origin.number}, linha ${origin.line + 1}:${character + 1}`
    : "fim do caderno";
  return `notebooks/${module.name}, ${place} ${message}`;
}

/** Os nomes que lib exporta, e onde: para dizer ao leitor que import falta, ou que nome ele quis escrever. */
const fs = require("node:fs");
const path = require("node:path");
const { root, slashes } = require("./paths.cjs");
const { typescript: ts } = require("./typescript.cjs");

const folder = `${root}/lib`;
/** arquivo → { changed, names } */
const read = new Map();

/** Um arquivo que se importa, e não um teste ou só tipos? */
const isModule = (file) => /\.ts$/.test(file) && !/(\.test|\.d)\.ts$/.test(file);

/** Os arquivos de lib que se importam, como `../lib/plot`. */
function modules() {
  return fs
    .readdirSync(folder, { recursive: true })
    .map(slashes)
    .filter((file) => isModule(file) && !/(^|\/)testing\.ts$/.test(file))
    .map((file) => `../lib/${file.replace(/\.ts$/, "")}`);
}

const fileOf = (module) => `${path.posix.join(root, "notebooks", module)}.ts`;

/** Os nomes que um módulo exporta; nenhum, se não existe. */
function namesIn(module) {
  const file = fileOf(module);
  const changed = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined) return [];
  if (read.get(file)?.changed !== changed) {
    const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
    read.set(file, { changed, names: source.statements.flatMap(exported) });
  }
  return read.get(file).names;
}

function exported(statement) {
  if (ts.isExportDeclaration(statement))
    return (statement.exportClause?.elements ?? []).map(({ name }) => name.text);
  if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (!ts.isVariableStatement(statement)) return statement.name ? [statement.name.text] : [];
  return statement.declarationList.declarations.flatMap(({ name }) => name.text ?? []);
}

/** Cada nome que lib exporta, e o módulo, o de caminho mais curto se há mais de um. */
function exportsOfLib() {
  const nearestFirst = modules().sort((a, b) => depth(a) - depth(b) || a.length - b.length);
  const owners = new Map();
  for (const module of nearestFirst)
    for (const name of namesIn(module)) if (!owners.has(name)) owners.set(name, module);
  return owners;
}
const depth = (module) => module.split("/").length;

/** Um caminho de módulo como a célula o escreve, `../lib/plot`; `undefined` se não é de lib. */
const libModule = (module) => /(?:^|\/)(lib\/.*)$/.exec(module)?.[1].replace(/^/, "../");

/** O nome da lista mais parecido com `name`, se algum se parece. */
function nearest(name, names) {
  const limit = Math.ceil(name.length / 3);
  const near = names
    .map((other) => ({ other, apart: distance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ apart }) => apart <= limit)
    .sort((a, b) => a.apart - b.apart);
  return near[0]?.other;
}

/** Quantas letras trocar, pôr ou tirar para ir de `a` a `b` (Levenshtein, 1966). */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

const UNKNOWN_NAME = [2304, 2552, 2503, 2582];
const UNKNOWN_MEMBER = [2305, 2614]; // ao 2724 o TypeScript já junta o nome

/** Um diagnóstico do TypeScript com o conselho que lib permite dar. */
function advised(diagnostic) {
  const { code, messageText } = diagnostic;
  const advice = UNKNOWN_NAME.includes(code)
    ? forName(quoted(messageText)[0])
    : UNKNOWN_MEMBER.includes(code)
      ? forMember(...quoted(messageText))
      : undefined;
  return advice ? { ...diagnostic, messageText: `${messageText.replace(/\.$/, "")}. ${advice}` } : diagnostic; // prettier-ignore
}

const quoted = (text) => [...text.matchAll(/'"?([^'"]+)"?'/g)].map(([, name]) => name);
const importLine = (name, module) => `import { ${name} } from "${module}";`;

function forName(name) {
  const owners = exportsOfLib();
  const module = owners.get(name);
  if (module) return `Está em lib: ${importLine(name, module)}`;
  const close = name.length > 3 ? nearest(name, [...owners.keys()]) : undefined;
  return close && `Seria este? ${importLine(close, owners.get(close))}`;
}

function forMember(module, name) {
  const known = libModule(module);
  if (!known) return undefined;
  const close = nearest(name, namesIn(known));
  if (close) return `O nome mais parecido de lá é ${close}`;
  const other = exportsOfLib().get(name);
  return other ? `Está em outro módulo: ${importLine(name, other)}` : undefined;
}

module.exports = { advised, exportsOfLib, isModule, libModule, namesIn };

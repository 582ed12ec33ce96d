/** Erros como o leitor os vê: em português, com a célula ou o arquivo da lib e a linha de TypeScript. */
const util = require("node:util");
const { fileURLToPath } = require("node:url");
const { displayName, slashes } = require("./paths.cjs");
const { originalPosition, hasMaps } = require("./sourceMaps.cjs");

const red = (text) => `\u001b[31m${text}\u001b[0m`;
const bold = (text) => `\u001b[1m${text}\u001b[0m`;

/** A parada pedida pelo leitor, lançada dentro do código da célula. */
class Interruption extends Error {
  name = "Interrompido";
  constructor() {
    super("execução interrompida (■)");
  }
}

const cellScript = (number) => `célula [${number}]`;
const isCellScript = (script) => /^célula \[\d+\]$/.test(script);

/** Uma linha da pilha, traduzida; `null` para o que é do kernel ou do Node e só faria confusão. */
function frame(line) {
  const match = /^\s+at (?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/.exec(line);
  if (!match) return null;
  const [, rawName, location, row, column] = match;
  if (/^node:|\/kernel\/\w+\.cjs$|\/node_modules\/tslab\//.test(slashes(location))) return null;
  const script = location.startsWith("file://") ? fileURLToPath(location) : location;
  const position =
    originalPosition(slashes(script), Number(row), Number(column)) ??
    (hasMaps(slashes(script)) ? null : { line: Number(row), column: Number(column) });
  if (!position) return null;
  const name = rawName?.replace(/^(async )?(Object\.|Module\.)?/, "").replace(/ \[as .*\]$/, "");
  const known = name && !/^(eval|<anonymous>|exports\..*)$/.test(name) ? name : undefined;
  return { name: known, script: slashes(script), ...position };
}

/**
 * Um erro mostrado como valor, dentro de outro ou por `console.log`: a pilha fica só com o que é do leitor, e o resto como o Node o
 * mostra.
 */
Object.defineProperty(Error.prototype, util.inspect.custom, {
  configurable: true,
  writable: true,
  value(depth, options) {
    const lines = util.inspect(this, { ...options, depth, customInspect: false }).split("\n");
    const isFrame = (line) => /^\s+(at |\.\.\. \d+ lines matching cause)/.test(line);
    const found = lines.map((line) => (isFrame(line) ? frame(strip(line)) : null));
    const last = found.findLastIndex((one) => one && isCellScript(one.script));
    const text = [];
    lines.forEach((line, i) => {
      if (!isFrame(line)) text.push(line);
      else if (found[i] && (last < 0 || i <= last)) text.push(describeFrame(found[i]));
      if (isFrame(line) && line.endsWith(" {")) text[text.length - 1] += " {"; // vêm as propriedades do erro
    });
    return text.join("\n");
  },
});

const strip = (line) => util.stripVTControlCharacters(line).replace(/ \{$/, "");

/** A pilha de um erro, até a célula que está rodando. */
function frames(error) {
  const all = String(error.stack ?? "")
    .split("\n")
    .map(frame)
    .filter(Boolean);
  const last = all.findLastIndex(({ script }) => isCellScript(script));
  return last < 0 ? all : all.slice(0, last + 1);
}

const describeFrame = ({ name, script, line, column }) =>
  `    em ${name ? `${name} — ` : ""}${displayName(script)}, linha ${line}, coluna ${column}`;

/** As linhas da célula em volta do ponto, com uma seta. */
function excerpt(source, line, column) {
  const lines = source.split("\n");
  const first = Math.max(1, line - 1);
  const width = String(line).length;
  const numbered = lines
    .slice(first - 1, line)
    .map((text, i) => `${String(first + i).padStart(width)} │ ${text}`);
  return [...numbered, `${" ".repeat(width)} │ ${" ".repeat(Math.max(0, column - 1))}${red("^")}`];
}

/**
 * O conteúdo de uma mensagem `error` para algo lançado por uma célula.
 *
 * @param sources texto de cada célula executada, pelo nome de seu script
 */
function describeThrown(thrown, sources) {
  if (thrown instanceof Interruption || thrown?.name === "Interrompido")
    return {
      ename: "Interrompido",
      evalue: thrown.message,
      traceback: [red(`Interrompido: ${thrown.message}`)],
    };
  if (!util.types.isNativeError(thrown) && !(thrown instanceof Error)) {
    const value = util.inspect(thrown);
    const text = `a célula lançou um valor que não é um Error: ${value}`;
    return { ename: "Erro", evalue: value, traceback: [red(text)] };
  }
  return { ename: thrown.name, evalue: thrown.message, traceback: traceback(thrown, sources) };
}

function traceback(error, sources, seen = new Set()) {
  seen.add(error);
  const stack = frames(error);
  const inCell = stack.find(({ script }) => sources.has(script));
  const lines = [
    `${red(bold(error.name))}${error.message ? `: ${error.message}` : ""}`,
    ...stack.map(describeFrame),
    ...(inCell ? ["", ...excerpt(sources.get(inCell.script), inCell.line, inCell.column)] : []),
  ];
  const inner = error.cause === undefined ? [] : [error.cause];
  if (error instanceof AggregateError) inner.push(...error.errors);
  for (const cause of inner) {
    if (seen.has(cause)) continue;
    lines.push("", "Causado por:");
    lines.push(
      ...(cause instanceof Error ? traceback(cause, sources, seen) : [util.inspect(cause)]),
    );
  }
  return lines;
}

/** O texto de um diagnóstico, com o código se é do TypeScript. */
const coded = ({ messageText, code }) => (code ? `${messageText} (TS${code})` : messageText);

/** O conteúdo de uma mensagem `error` para uma célula que não compila. */
function describeDiagnostics(diagnostics, source, cell) {
  const lines = diagnostics.flatMap(({ start, messageText, code, fileName }) => {
    const [line, column] = [start.line + 1, start.character + 1];
    const where = `${fileName ?? cell}, linha ${line}, coluna ${column}`;
    const text = `${red(bold("Erro de compilação"))}: ${coded({ messageText, code })}`;
    return [
      text,
      `    em ${where}`,
      ...(fileName ? [] : ["", ...excerpt(source, line, column)]),
      "",
    ];
  });
  return {
    ename: "Erro de compilação",
    evalue: coded(diagnostics[0]),
    traceback: lines.slice(0, -1),
  };
}

module.exports = { Interruption, cellScript, describeThrown, describeDiagnostics };

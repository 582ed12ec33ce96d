/** Um console pergunta se o que foi digitado já pode rodar ou se falta uma linha. */
const { typescript: ts } = require("./typescript.cjs");

const prefix = "export {};"; // um módulo, em que await é permitido

/** A resposta ao pedido: completo, incompleto (com o recuo da próxima linha) ou inválido. */
function isComplete(code) {
  const source = ts.createSourceFile("cell.ts", prefix + code, ts.ScriptTarget.Latest);
  if (source.parseDiagnostics.length === 0) return { status: "complete" };
  const end = prefix.length + code.trimEnd().length;
  const unfinished = source.parseDiagnostics.every(({ start, length }) => start + length >= end);
  if (!unfinished || /\n\s*\n\s*$/.test(code)) return { status: "invalid" };
  return { status: "incomplete", indent: nextIndent(code) };
}

/** O recuo da última linha, com um nível a mais se ela abre um bloco. */
function nextIndent(code) {
  const line = code.slice(code.lastIndexOf("\n") + 1);
  const indent = /^\s*/.exec(line)[0];
  return /[{([]\s*$/.test(line) ? `${indent}  ` : indent;
}

module.exports = { isComplete };

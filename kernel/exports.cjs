/** O que se cola de um módulo roda como se `export` não estivesse ali: tudo o que uma célula declara já é visto pelas outras. */
const { typescript: ts } = require("./typescript.cjs");

/**
 * A célula sem `export`, com cada letra no mesmo lugar.
 *
 * @returns `{ source }`, ou `{ source, problem }` se há um `export` que não faz sentido em uma célula: onde está e o que dizer
 */
function withoutExports(source) {
  if (!/\bexport\b/.test(source)) return { source };
  const file = ts.createSourceFile("célula.ts", source, ts.ScriptTarget.Latest, true);
  const edits = [];
  const blank = (start, end) => edits.push({ start, end });
  let problem;
  const refuse = (node, message) =>
    (problem ??= { start: file.getLineAndCharacterOfPosition(node.getStart(file)), message });
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (ts.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier)
        refuse(
          statement,
          "reexportar não faz sentido em uma célula, que as outras já veem inteira. Use import em vez de export",
        );
      else blank(start, statement.end);
    } else if (ts.isExportAssignment(statement)) {
      if (statement.isExportEquals)
        refuse(statement, '"export =" é de módulos CommonJS. Na célula, basta o valor');
      else blank(start, statement.expression.getStart(file));
    } else {
      const modifiers = (statement.modifiers ?? []).filter(
        ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
      );
      for (const modifier of modifiers) blank(modifier.getStart(file), modifier.end);
      // Uma função ou classe sem nome só existe como expressão.
      const nameless =
        modifiers.length > 0 &&
        !statement.name &&
        (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement));
      if (nameless) {
        edits.push({ start: modifiers.at(-1).end, end: modifiers.at(-1).end + 1, text: "(" });
        edits.push({ start: statement.end, end: statement.end, text: ")" });
      }
    }
  }
  let text = source;
  for (const { start, end, text: put } of edits.sort((a, b) => b.start - a.start))
    text = text.slice(0, start) + (put ?? source.slice(start, end).replace(/[^\n]/g, " ")) + text.slice(end); // prettier-ignore
  return { source: text, problem };
}

module.exports = { withoutExports };

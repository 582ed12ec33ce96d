/** O tslab esquece, duas células depois, os `namespace` declarados; aqui eles voltam às declarações. */
const { typescript: ts } = require("./typescript.cjs");

const parse = (text) => ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest);
const nameOf = (statement) => statement.name?.text;

/** As declarações depois de uma célula, com os namespaces de `before` cujo nome ela não usou de novo. */
function keepNamespaces(before, after) {
  if (!/^declare namespace/m.test(before)) return after;
  const declared = new Set(parse(after).statements.flatMap(declaredNames));
  const kept = parse(before).statements.filter(
    (statement) => ts.isModuleDeclaration(statement) && !declared.has(nameOf(statement)),
  );
  return (
    after +
    kept.map((statement) => `${before.slice(statement.pos, statement.end).trim()}\n`).join("")
  );
}

function declaredNames(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.text);
  return nameOf(statement) ?? [];
}

module.exports = { keepNamespaces };

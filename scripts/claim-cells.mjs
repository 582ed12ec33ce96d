import ts from "typescript";
import { CELL_WIDTH } from "./format-cells.mjs";

// Células que só conferem: uma chamada de claims e nada mais. Ficam recolhidas, com a afirmação em palavras na primeira linha, que é
// o que o JupyterLab mostra de uma célula fechada.

const START = "// conferido: ";
const TAG = "conferido";

/**
 * O que uma célula afirma: a lista de afirmações, se ela chama `claims` e não faz mais nada; `undefined`, se não chama.
 *
 * @throws Error se faz mais alguma coisa além de conferir, ou se as afirmações não estão escritas ali
 */
export function claimsOf(source) {
  const { statements } = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const calls = statements.filter(isClaims);
  if (calls.length === 0) return undefined;
  if (calls.length < statements.length)
    throw new Error("uma célula que chama claims não faz mais nada; separe o resto");
  return calls.flatMap(({ expression: { arguments: args } }) => {
    const properties = args[0]?.properties ?? [];
    const names = properties.map(({ name }) => name?.text).filter(Boolean);
    if (names.length === 0 || names.length < properties.length)
      throw new Error("claims: escreva as afirmações ali mesmo, entre chaves");
    return names;
  });
}

const isClaims = (statement) =>
  ts.isExpressionStatement(statement) &&
  ts.isCallExpression(statement.expression) &&
  statement.expression.expression.getText() === "claims";

/** Uma célula que só confere como deve ficar: { source, metadata }. As outras ficam como são. */
export function settleClaims(cell) {
  const { source, metadata } = cell;
  const claims = claimsOf(source);
  if (!claims) return { source, metadata };
  const code = withoutClaimsLine(source);
  const { tags = [], jupyter = {}, ...rest } = metadata;
  return {
    source: `${firstLine(claims)}\n${code}`,
    metadata: {
      ...rest,
      jupyter: { ...jupyter, source_hidden: true },
      tags: [...new Set([...tags, TAG])],
    },
  };
}

/** O código de uma célula sem a linha com as afirmações. */
export const withoutClaimsLine = (source) =>
  source.startsWith(START) ? source.slice(source.indexOf("\n") + 1) : source;

/** As afirmações em uma linha, cortada se passa da largura. */
function firstLine(claims) {
  const line = START + claims.join("; ");
  return line.length <= CELL_WIDTH ? line : `${line.slice(0, CELL_WIDTH - 1).trimEnd()}…`;
}

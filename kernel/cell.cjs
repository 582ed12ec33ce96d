/**
 * De uma célula em TypeScript ao JavaScript que o kernel executa.
 *
 * O tslab transforma cada variável do topo da célula numa propriedade de um objeto comum a todas as células. Aqui ela continua a
 * ser uma variável comum, rápida, e o objeto recebe funções que a leem e a mudam: as células seguintes usam essas funções, e
 * o valor é um só. A célula vira o corpo de uma função assíncrona:
 *
 *     async function (exports, require, __cell, …) {
 *       __cell.define({ a: { get: () => a, set: (value) => { a = value; } } });
 *       let a = 1;
 *       __cell.value = a + 1;                                 // a última expressão
 *     }
 *
 * Cada `await` ganha uma verificação ao voltar, para que a parada (■) acabe também com laços assíncronos.
 */
const { typescript: ts } = require("./typescript.cjs");

const { factory } = ts;
const cellName = "__cell";

const member = (name) => factory.createPropertyAccessExpression(factory.createIdentifier(cellName), name);
const call = (name, ...args) => factory.createCallExpression(member(name), undefined, args);
const arrow = (parameters, body) =>
  factory.createArrowFunction(
    undefined,
    undefined,
    parameters.map((name) => factory.createParameterDeclaration(undefined, undefined, name)),
    undefined,
    undefined,
    body,
  );

/**
 * `{ a }` com `a` de uma célula anterior vira `{ a: exports.a }`; o tslab esquece este caso. Roda antes de tudo, ainda com os
 * nós que o verificador de tipos conhece.
 */
function expandShorthand(checker) {
  const isFromEarlierCell = (node) =>
    checker
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((declaration) => declaration.getSourceFile().fileName.endsWith("/__prev__.d.ts"));
  return (context) => (file) => {
    const visit = (node) => {
      if (!ts.isShorthandPropertyAssignment(node) || !isFromEarlierCell(node))
        return ts.visitEachChild(node, visit, context);
      const access = factory.createPropertyAccessExpression(
        factory.createIdentifier("exports"),
        node.name.text,
      );
      const value = node.objectAssignmentInitializer
        ? factory.createAssignment(access, ts.visitNode(node.objectAssignmentInitializer, visit))
        : access;
      return factory.createPropertyAssignment(node.name.text, value);
    };
    return ts.visitEachChild(file, visit, context);
  };
}

/** Depois das transformações do tslab: variáveis, última expressão e `await`. */
function rewriteCell(locals) {
  return (context) => {
    const visitAwait = (node) => {
      if (ts.isForOfStatement(node) && node.awaitModifier) {
        const { awaitModifier, initializer, expression, statement } = ts.visitEachChild(node, visitAwait, context);
        const watched = call("watch", expression);
        return ts.setTextRange(
          factory.createForOfStatement(awaitModifier, initializer, watched, statement),
          node,
        );
      }
      const visited = ts.visitEachChild(node, visitAwait, context);
      if (!ts.isAwaitExpression(visited)) return visited;
      return ts.setTextRange(call("resume", call("run"), visited), node);
    };
    return (file) => {
      const names = file.statements.filter(ts.isExportDeclaration).flatMap(exportedNames);
      const statements = file.statements
        .filter((statement) => !ts.isExportDeclaration(statement))
        .map((statement) => assignResult(ts.visitNode(statement, visitAwait)));
      // O `export {}` mantém o arquivo um módulo, em que `await` é permitido.
      const keepModule = factory.createExportDeclaration(undefined, false, factory.createNamedExports([]));
      const all = [...(names.length > 0 ? [defineNames(names, locals)] : []), ...statements, keepModule];
      return factory.updateSourceFile(file, ts.setTextRange(factory.createNodeArray(all), file.statements));
    };
  };
}

const exportedNames = ({ exportClause }) => exportClause?.elements?.map(({ name }) => name.text) ?? [];

/** `export const tsLastExpr = e`, que o tslab põe no lugar da última expressão, vira `__cell.value = e`. */
function assignResult(statement) {
  const isExported =
    ts.isVariableStatement(statement) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return statement;
  const [{ initializer }] = statement.declarationList.declarations;
  return factory.createExpressionStatement(factory.createAssignment(member("value"), initializer));
}

function defineNames(names, locals) {
  const accessors = names.map((name) => {
    const id = factory.createIdentifier(name);
    const get = factory.createPropertyAssignment("get", arrow([], id));
    const assign = factory.createBlock([
      factory.createExpressionStatement(factory.createAssignment(id, factory.createIdentifier("__value"))),
    ]);
    const set = factory.createPropertyAssignment("set", arrow(["__value"], assign));
    return factory.createPropertyAssignment(
      name,
      factory.createObjectLiteralExpression(isAssignable(locals?.get(name)) ? [get, set] : [get]),
    );
  });
  return factory.createExpressionStatement(
    call("define", factory.createObjectLiteralExpression(accessors)),
  );
}

/** Declarado com `let` ou `var`? */
function isAssignable(symbol) {
  const declaration = symbol?.valueDeclaration;
  if (!declaration || !(symbol.flags & ts.SymbolFlags.Variable)) return false;
  return !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const);
}

let firstMap; // do primeiro passo, à espera do segundo
let lastMaps; // os dois da célula compilada por último

/** Primeiro passo, chamado pelo tslab através de `program.cjs`: TypeScript → JavaScript com módulos ES, e as declarações. */
function emit(program, source, writeFile, transformers) {
  const checker = program.getTypeChecker();
  program.emit(
    source,
    (name, text) => {
      if (name.endsWith(".map")) firstMap = text;
      else writeFile(name.endsWith(".d.ts") ? "outDir/__tslab__.d.ts" : "outDir/__tslab__.js", text);
    },
    undefined,
    undefined,
    {
      before: [expandShorthand(checker)],
      after: [...transformers.after, rewriteCell(source.locals)],
      afterDeclarations: transformers.afterDeclarations,
    },
  );
}

/** Segundo passo, no lugar de `ts.transpileModule`: módulos ES → CommonJS. */
function transpileModule(js, options) {
  const result = ts.transpileModule(withoutMapComment(js), {
    ...options,
    compilerOptions: { ...options.compilerOptions, sourceMap: true },
  });
  lastMaps = [result.sourceMapText, firstMap];
  const outputText = withoutMapComment(result.outputText).replace(
    'Object.defineProperty(exports, "__esModule", { value: true });',
    "",
  );
  return { ...result, outputText };
}

const withoutMapComment = (js) => js.replace(/^\/\/# sourceMappingURL=.*$/m, "");

module.exports = { emit, transpileModule, lastMaps: () => lastMaps, cellName };

/**
 * De uma célula em TypeScript ao JavaScript que o kernel executa.
 *
 * O tslab transforma cada variável do topo da célula numa propriedade de um objeto comum a todas as células. Aqui ela continua a
 * ser uma variável comum, rápida, e o objeto recebe funções que a leem e a mudam: as células seguintes usam essas funções, e
 * o valor é um só. A célula vira o corpo de uma função, assíncrona se há `await` no topo:
 *
 *     function (exports, require, __cell, …) {
 *       __cell.define({ a: { get: () => a, set: (value) => { a = value; } } });
 *       let a = 1;
 *       const f = () => a;
 *       __cell.value = f() + 1;                               // a última expressão
 *     }
 *
 * Cada `await` ganha uma verificação ao voltar, para que a parada (■) acabe também com laços assíncronos.
 */
const { typescript: ts } = require("./typescript.cjs");

const { factory } = ts;
const cellName = "__cell";

const member = (name) =>
  factory.createPropertyAccessExpression(factory.createIdentifier(cellName), name);
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
      ?.declarations?.some((declaration) =>
        declaration.getSourceFile().fileName.endsWith("/__prev__.d.ts"),
      );
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

/**
 * `{ a: b }` do lado esquerdo de uma declaração vira `{ "a": b }`: quando o tipo do que se abre vem de uma célula anterior, o
 * tslab toma o `a` por uma variável de lá.
 */
function quotePropertyNames(context) {
  return (file) => {
    const visit = (node) => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isBindingElement(visited) || !visited.propertyName) return visited;
      const { dotDotDotToken, propertyName, name, initializer } = visited;
      if (!ts.isIdentifier(propertyName)) return visited;
      const quoted = factory.createStringLiteral(propertyName.text);
      return factory.updateBindingElement(visited, dotDotDotToken, quoted, name, initializer);
    };
    return ts.visitEachChild(file, visit, context);
  };
}

/** Depois das transformações do tslab: variáveis, última expressão e `await`. */
function rewriteCell(locals) {
  return (context) => (file) => {
    let waits = false; // há await fora de funções?
    const visitAwait = (node, inFunction) => {
      const visit = (child) => visitAwait(child, inFunction || ts.isFunctionLike(node));
      if (ts.isForOfStatement(node) && node.awaitModifier) {
        waits ||= !inFunction;
        const { awaitModifier, initializer, expression, statement } = ts.visitEachChild(
          node,
          visit,
          context,
        );
        const watched = call("watch", expression);
        return ts.setTextRange(
          factory.createForOfStatement(awaitModifier, initializer, watched, statement),
          node,
        );
      }
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isAwaitExpression(visited)) return visited;
      waits ||= !inFunction;
      return ts.setTextRange(call("resume", call("run"), visited), node);
    };
    const names = new Set(file.statements.filter(ts.isExportDeclaration).flatMap(exportedNames));
    const all = file.statements
      .filter((statement) => !ts.isExportDeclaration(statement))
      .map((statement) => assignResult(ts.visitNode(statement, (node) => visitAwait(node, false))));
    const imports = all.filter(ts.isImportDeclaration);
    const body = all.filter((statement) => !ts.isImportDeclaration(statement));
    lastIsAsync = waits;

    const plain = waits ? new Set() : plainVariables(body);
    for (const name of plain) names.delete(name);
    const block = [
      ...(names.size > 0 ? [defineNames([...names], locals)] : []),
      ...body.map((statement) => (isPlain(statement, plain) ? assign(statement) : statement)),
    ];
    // O `export {}` mantém o arquivo um módulo, em que `await` é permitido.
    const keepModule = factory.createExportDeclaration(
      undefined,
      false,
      factory.createNamedExports([]),
    );
    const statements = [
      ...imports,
      ...(plain.size > 0 ? keepValues([...plain], block) : block),
      keepModule,
    ];
    return factory.updateSourceFile(
      file,
      ts.setTextRange(factory.createNodeArray(statements), file.statements),
    );
  };
}

const namesOf = (name) =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) =>
        ts.isOmittedExpression(element) ? [] : namesOf(element.name),
      );
const declaredNames = (statement) =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.flatMap(({ name }) => namesOf(name))
    : [];
const isPlain = (statement, plain) => {
  const names = declaredNames(statement);
  return names.length > 0 && names.every((name) => plain.has(name));
};

/**
 * As variáveis do topo que nenhuma função da célula usa. Ficam em registradores, e um laço com elas corre como em uma função;
 * seu valor vai para o objeto comum quando a célula termina. (As outras são lidas onde estão, por funções.)
 */
function plainVariables(statements) {
  const captured = new Set();
  const visit = (node, inFunction) => {
    if (ts.isIdentifier(node) && inFunction) captured.add(node.text);
    const inner = inFunction || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  for (const statement of statements) visit(statement, false);
  const plain = statements
    .map(declaredNames)
    .filter((names) => !names.some((name) => captured.has(name)));
  return new Set(plain.flat());
}

/** `const { a, b } = f(), c = 1` vira `({ a, b } = f()), c = 1`. */
function assign(statement) {
  const assignments = statement.declarationList.declarations
    .filter(({ initializer }) => initializer)
    .map(({ name, initializer }) => factory.createAssignment(toPattern(name), initializer));
  if (assignments.length === 0) return factory.createEmptyStatement();
  const [first, ...rest] = assignments;
  const sequence = rest.reduce((left, right) => factory.createComma(left, right), first);
  return ts.setTextRange(
    factory.createExpressionStatement(factory.createParenthesizedExpression(sequence)),
    statement,
  );
}

/** O padrão de uma declaração como alvo de uma atribuição. */
function toPattern(name) {
  if (ts.isIdentifier(name)) return name;
  const withDefault = (target, initializer) =>
    initializer ? factory.createAssignment(target, initializer) : target;
  const elements = name.elements.map((element) => {
    if (ts.isOmittedExpression(element)) return element;
    const target = toPattern(element.name);
    if (ts.isArrayBindingPattern(name))
      return element.dotDotDotToken
        ? factory.createSpreadElement(target)
        : withDefault(target, element.initializer);
    if (element.dotDotDotToken) return factory.createSpreadAssignment(target);
    const property = element.propertyName ?? element.name;
    return factory.createPropertyAssignment(property, withDefault(target, element.initializer));
  });
  return ts.isArrayBindingPattern(name)
    ? factory.createArrayLiteralExpression(elements)
    : factory.createObjectLiteralExpression(elements);
}

/** `let a, b; __cell.expect("a", "b"); try { …; __cell.done() } finally { __cell.store({ a, b }) }` */
function keepValues(names, block) {
  const statement = (expression) => factory.createExpressionStatement(expression);
  const declarations = names.map((name) => factory.createVariableDeclaration(name));
  const values = names.map((name) => factory.createShorthandPropertyAssignment(name));
  return [
    factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let),
    ),
    statement(call("expect", ...names.map((name) => factory.createStringLiteral(name)))),
    factory.createTryStatement(
      factory.createBlock([...block, statement(call("done"))]),
      undefined,
      factory.createBlock([
        statement(call("store", factory.createObjectLiteralExpression(values))),
      ]),
    ),
  ];
}

const exportedNames = ({ exportClause }) =>
  exportClause?.elements?.map(({ name }) => name.text) ?? [];

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
      factory.createExpressionStatement(
        factory.createAssignment(id, factory.createIdentifier("__value")),
      ),
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

let lastIsAsync; // a última célula compilada espera alguma coisa fora de funções?
let firstMap; // do primeiro passo, à espera do segundo
let lastMaps; // os dois da célula compilada por último

/** Primeiro passo, chamado pelo tslab através de `program.cjs`: TypeScript → JavaScript com módulos ES, e as declarações. */
function emit(program, source, writeFile, transformers) {
  const checker = program.getTypeChecker();
  program.emit(
    source,
    (name, text) => {
      if (name.endsWith(".map")) firstMap = text;
      else
        writeFile(name.endsWith(".d.ts") ? "outDir/__tslab__.d.ts" : "outDir/__tslab__.js", text);
    },
    undefined,
    undefined,
    {
      before: [expandShorthand(checker), quotePropertyNames],
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

/** Da célula compilada por último: os mapas e se o corpo é assíncrono. */
const lastCompiled = () => ({ maps: lastMaps, isAsync: lastIsAsync });

module.exports = { emit, transpileModule, lastCompiled, cellName };

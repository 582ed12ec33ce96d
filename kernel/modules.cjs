/**
 * Carrega os módulos do projeto (lib) para as células, compilando TypeScript na hora. Quando um arquivo muda, ele e todos os
 * que o importam, direta ou indiretamente, são carregados de novo no próximo import de uma célula; os outros mantêm seu estado.
 */
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { typescript: ts } = require("./typescript.cjs");
const { root, notebook, cellFolders, isProjectFile, displayName, slashes } = require("./paths.cjs");
const { setMaps } = require("./sourceMaps.cjs");

const suffixes = ["", ".ts", ".js", ".cjs", ".json", "/index.ts", "/index.js"];
const isRelative = (name) => /^\.\.?(\/|$)/.test(name);
const isFile = (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function version(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs} ${stat.size}`;
}

/** O arquivo do projeto que `name` indica a partir de `folder`, ou `undefined`. */
function findFile(name, folder) {
  const base = slashes(path.resolve(folder, name));
  return suffixes
    .map((suffix) => base + suffix)
    .find((file) => isProjectFile(file) && isFile(file));
}

class Modules {
  /** arquivo → { module, version, imports } */
  #loaded = new Map();
  #flags;

  constructor(flags) {
    this.#flags = flags;
  }

  /** O `require` das células. */
  requireFromCell = (name) => {
    this.#refresh();
    if (isRelative(name)) {
      const file = cellFolders.map((folder) => findFile(name, folder)).find(Boolean);
      if (file) return this.#load(file);
    }
    return this.#native(name, [notebook, root]);
  };

  /** Esquece os módulos cujo arquivo mudou, ou que uma parada cortou no meio, e os que os importam. */
  #refresh() {
    const stale = new Set();
    for (const [file, entry] of this.#loaded)
      if (version(file) !== entry.version || !entry.module.loaded) stale.add(file);
    let before;
    do {
      before = stale.size;
      for (const [file, { imports }] of this.#loaded)
        if ([...imports].some((name) => stale.has(name))) stale.add(file);
    } while (stale.size > before);
    for (const file of stale) this.#loaded.delete(file);
  }

  #load(file) {
    const known = this.#loaded.get(file);
    if (known) return known.module.exports;
    const module = new Module(file);
    const entry = { module, version: version(file), imports: new Set() };
    module.filename = file;
    module.paths = Module._nodeModulePaths(path.dirname(file));
    module.require = (name) => {
      const imported = isRelative(name) && findFile(name, path.dirname(file));
      if (!imported) return this.#native(name, [path.dirname(file)]);
      entry.imports.add(imported);
      return this.#load(imported);
    };
    this.#loaded.set(file, entry); // antes de rodar: dois módulos podem se importar um ao outro
    try {
      const text = fs.readFileSync(file, "utf8");
      if (file.endsWith(".json")) module.exports = JSON.parse(text);
      else module._compile(compile(file, text), file);
      module.loaded = true;
      return module.exports;
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
  }

  /** Pacotes e módulos do Node, procurados a partir das pastas dadas. Um pacote não pode ficar carregado pela metade. */
  #native(name, folders) {
    const found = folders
      .map((folder) => Module.createRequire(`${folder}/module.js`))
      .find((candidate, i) => i === folders.length - 1 || canResolve(candidate, name));
    return this.#flags.protect(() => found(name));
  }
}

function canResolve(requireFrom, name) {
  try {
    requireFrom.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function compile(file, text) {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      jsx: ts.JsxEmit.React,
      sourceMap: true,
    },
  });
  if (diagnostics.length > 0) throw moduleError(file, diagnostics[0]);
  setMaps(file, [sourceMapText]);
  return outputText;
}

function moduleError(file, { file: source, start, messageText, code }) {
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  const message = ts.flattenDiagnosticMessageText(messageText, "\n");
  return new SyntaxError(
    `${displayName(file)}, linha ${line + 1}, coluna ${character + 1}: ${message} (TS${code})`,
  );
}

module.exports = { Modules };

/**
 * O programa TypeScript de uma célula, no lugar do "watch program" que o tslab usa: o mesmo
 * resultado sem percorrer todas as dependências a cada célula (as do TensorFlow.js são centenas).
 *
 * O tslab pede um programa por `createWatchCompilerHost` e `createWatchProgram`, avisa que o
 * texto da célula mudou e recebe um "builder" com quatro métodos. `Snapshot` é esse builder; só
 * cria o programa quando alguém precisa dele, e reaproveita tudo do anterior.
 */
const { isBuiltin } = require("node:module");
const { typescript: ts } = require("./typescript.cjs");
const { root, cellFolders, isProjectFile } = require("./paths.cjs");

/** As opções do tsconfig.json do repositório, com o que uma célula precisa de diferente. */
function compilerOptions(fromTslab) {
  const config = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile).config ?? {};
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions ?? {}, root);
  return {
    ...fromTslab,
    ...options,
    module: ts.ModuleKind.ESNext,
    noImplicitUseStrict: undefined,
    ignoreDeprecations: undefined,
    typeRoots: [`${root}/node_modules/@types`],
    checkJs: false,
    declaration: true,
    noEmit: false,
    sourceMap: true,
    rootDir: undefined,
  };
}

/** Arquivos-fonte já lidos: os do projeto são relidos quando mudam; os de node_modules, não. */
class SourceFiles {
  #files = new Map();

  constructor(sys, virtual) {
    this.sys = sys;
    this.virtual = virtual; // a célula e as declarações das anteriores
  }

  #version(file) {
    if (this.virtual.has(file)) return this.sys.readFile(file);
    if (!isProjectFile(file)) return "";
    return String(this.sys.getModifiedTime(file)?.getTime());
  }

  get(file, languageVersion) {
    const version = this.#version(file);
    const known = this.#files.get(file);
    if (known?.version === version) return known.source;
    const text = this.sys.readFile(file);
    if (text === undefined) return undefined;
    const source = ts.createSourceFile(file, text, languageVersion);
    source.version = version;
    this.#files.set(file, { version, source });
    return source;
  }

  /** O tslab tira declarações da árvore de um arquivo virtual depois de usá-la: ela não serve duas vezes. */
  forgetVirtual() {
    for (const file of this.virtual) this.#files.delete(file);
  }
}

class Snapshot {
  #program = null;

  constructor(owner) {
    this.owner = owner;
  }

  getProgram() {
    return (this.#program ??= this.owner.createProgram());
  }

  getSourceFile(name) {
    if (this.#program || !this.owner.rootNames.includes(name))
      return this.getProgram().getSourceFile(name);
    // Os nomes declarados na célula bastam ao tslab na primeira passada: não cria programa para isso.
    const source = this.owner.sources.get(name, this.owner.options.target);
    if (!source.locals) ts.bindSourceFile(source, this.owner.options);
    return source;
  }

  getAllDependencies(source) {
    return [source.fileName]; // os módulos locais são carregados por modules.cjs
  }

  emit(source, writeFile, _token, _onlyDts, transformers) {
    this.owner.emit(this.getProgram(), source, writeFile, transformers);
    this.owner.sources.forgetVirtual();
  }
}

/**
 * @param emit recebe (programa, arquivo da célula, writeFile, transformadores do tslab)
 * @returns as funções que `typescript.cjs` põe no lugar das do TypeScript
 */
function createProgramFunctions(emit) {
  function createWatchCompilerHost(rootNames, options, sys) {
    return { rootNames, options: compilerOptions(options), sys };
  }

  function createWatchProgram(watch) {
    const { rootNames, options, sys } = watch;
    const sources = new SourceFiles(sys, new Set(rootNames));
    const host = ts.createCompilerHostWorker(options, false, sys);
    host.getSourceFile = (file, { languageVersion = options.target } = {}) =>
      sources.get(file, languageVersion);

    // O TypeScript procura, a cada programa, pacotes que troquem suas bibliotecas padrão; aqui não há.
    const { directoryExists } = host;
    host.directoryExists = (folder) => !folder.endsWith("/@typescript") && directoryExists(folder);

    const resolutions = ts.createModuleResolutionCache(root, (name) => name, options);
    const resolve = (name, file) =>
      ts.resolveModuleName(name, file, options, host, isProjectFile(file) ? undefined : resolutions)
        .resolvedModule;
    const resolveFromCell = (name) => {
      const folders = /^\.\.?(\/|$)/.test(name) ? cellFolders : cellFolders.slice(0, 2);
      for (const folder of folders) {
        const found = resolve(name, `${folder}/__cell__.ts`);
        if (found) return found;
      }
    };
    host.resolveModuleNameLiterals = (literals, file) =>
      literals.map(({ text }) => ({
        resolvedModule: rootNames.includes(file) ? resolveFromCell(text) : resolve(text, file),
      }));
    let previous;
    // Um arquivo do projeto com um import não encontrado: o que falta pode ter sido criado.
    host.hasInvalidatedResolutions = (path) => {
      let missing = false;
      const source = previous?.getSourceFileByPath(path);
      if (source && isProjectFile(source.fileName))
        source.resolvedModules?.forEach(
          ({ resolvedModule }, name) => (missing ||= !resolvedModule && !isBuiltin(name)),
        );
      return missing;
    };

    const owner = {
      rootNames,
      options,
      sources,
      emit,
      createProgram: () =>
        (previous = ts.createProgram({ rootNames, options, host, oldProgram: previous })),
    };
    let timer = null;
    const rebuild = () => {
      timer = null;
      watch.afterProgramCreate(new Snapshot(owner));
    };
    for (const file of rootNames)
      sys.watchFile(file, () => {
        if (timer) sys.clearTimeout(timer);
        timer = sys.setTimeout(rebuild);
      });
    rebuild();
    return { close() {}, updateRootFileNames() {} };
  }

  return { createWatchCompilerHost, createWatchProgram };
}

module.exports = { createProgramFunctions };

/**
 * O TypeScript do tslab, carregado com o cache de código do V8 (menos ~0,3 s a cada início) e
 * com as mensagens em português. `typescript` é o módulo como veio; `install` põe no lugar dele,
 * para o tslab, uma cópia com funções trocadas.
 */
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { root } = require("./paths.cjs");

const file = require.resolve("@tslab/typescript-for-tslab", {
  paths: [path.dirname(require.resolve("tslab/package.json"))],
});
const cacheFile = path.join(
  root,
  ".cache",
  "kernel",
  `typescript-${process.version}-${process.arch}`,
);

function read(name) {
  try {
    return fs.readFileSync(name);
  } catch {
    return undefined;
  }
}

const cachedData = read(cacheFile);
const script = new vm.Script(Module.wrap(fs.readFileSync(file, "utf8")), {
  filename: file,
  cachedData,
});
const loaded = new Module(file);
loaded.filename = file;
script.runInThisContext()(
  loaded.exports,
  Module.createRequire(file),
  loaded,
  file,
  path.dirname(file),
);
loaded.loaded = true;

const typescript = loaded.exports;
typescript.validateLocaleAndSetLanguage("pt-br", typescript.sys);

/** Grava o cache de código, se falta; melhor chamar depois que o compilador já trabalhou. */
function saveCodeCache() {
  if (cachedData && !script.cachedDataRejected) return;
  try {
    fs.mkdirSync(path.dirname(cacheFile), { recursive: true });
    const part = `${cacheFile}.${process.pid}.part`;
    fs.writeFileSync(part, script.createCachedData());
    fs.renameSync(part, cacheFile);
  } catch {
    // Sem permissão de escrita ou sem espaço: o kernel funciona sem o cache.
  }
}

/** Faz `require("@tslab/typescript-for-tslab")` devolver o TypeScript com `changes`. */
function install(changes) {
  loaded.exports = { ...typescript, ...changes };
  require.cache[file] = loaded;
}

module.exports = { typescript, install, saveCodeCache };

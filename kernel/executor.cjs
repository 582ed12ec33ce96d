/** Executa células: compila, roda, mostra o valor, interrompe. */
const vm = require("node:vm");
const { MessageChannel } = require("node:worker_threads");
const { lastCompiled, cellName } = require("./cell.cjs");
const { complete } = require("./complete.cjs");
const { keepNamespaces } = require("./declarations.cjs");
const { withoutExports } = require("./exports.cjs");
const { Interruption, cellScript, describeDiagnostics, describeThrown } = require("./errors.cjs");
const { advised } = require("./names.cjs");
const { mimeBundle } = require("./output.cjs");
const { notebook } = require("./paths.cjs");
const { setMaps } = require("./sourceMaps.cjs");

/** Quanto esperar por quem trata SIGINT (`fit`, `progress`) antes de abandonar a célula, em ms. */
const GRACE = 10_000;

class Executor {
  #converter;
  #modules;
  #flags;
  /** Variáveis de todas as células: propriedades que leem e mudam as variáveis de verdade. */
  #variables = {};
  /** As mesmas, como declarações de tipos: o que o tslab passa de uma célula à seguinte. */
  #declarations = "";
  /** Texto de cada célula executada, pelo nome de seu script. */
  #sources = new Map();
  /** A execução em curso; a última, se não há nenhuma. */
  #run = { interrupted: false, finish() {} };
  #running = false;
  #stage;

  constructor(converter, modules, flags) {
    this.#converter = converter;
    this.#modules = modules;
    this.#flags = flags;
    // O código da célula começa em uma tarefa só sua: se ela for cortada no meio, nada do kernel é cortado junto.
    const { port1, port2 } = new MessageChannel();
    port2.on("message", () => this.#stage());
    this.#begin = (stage) => {
      this.#stage = stage;
      port1.postMessage(null);
    };
    watchHandlers(flags);
  }
  #begin;

  /** Compila uma célula vazia. */
  warmUp() {
    this.#flags.protect(() => this.#converter.convert("", "0;"));
  }

  /**
   * @returns `{ ok: true, bundle }`, com o pacote MIME do valor se há valor, ou `{ ok: false, error }`, com o conteúdo da
   *   mensagem `error`
   */
  async execute(source, number) {
    const script = cellScript(number);
    this.#sources.set(script, source);
    try {
      const compiled = this.#flags.protect(() => this.#compile(source, script));
      if (compiled.error) return { ok: false, error: compiled.error };
      return { ok: true, bundle: await this.#start(compiled.main, script) };
    } catch (thrown) {
      return { ok: false, error: describeThrown(thrown, this.#sources) };
    } finally {
      this.#running = false;
      await nextTurn(); // rejeições sem await ainda pertencem a esta célula
    }
  }

  #compile(source, script) {
    const { source: plain, problem } = withoutExports(source);
    const converted = problem
      ? { diagnostics: [{ start: problem.start, messageText: problem.message }] }
      : this.#converter.convert(this.#declarations, plain);
    if (converted.diagnostics.length > 0)
      return { error: describeDiagnostics(converted.diagnostics.map(advised), source, script) };
    const { maps, isAsync } = lastCompiled();
    setMaps(script, maps, { skippedLines: 1 }); // o tslab põe uma linha antes da célula
    const code = `(${isAsync ? "async " : ""}function (exports, require, __dirname, __filename, ${cellName}) { "use strict"; ${converted.output}\n})`;
    const main = new vm.Script(code, { filename: script }).runInThisContext();
    this.#declarations = keepNamespaces(this.#declarations, converted.declOutput || "");
    return { main };
  }

  /** Roda o corpo da célula; a promessa termina com ele, ou antes, na parada. */
  #start(main, script) {
    const run = { interrupted: false, finish() {} };
    this.#run = run;
    this.#running = true;
    const cell = this.#cellObject(script);
    return new Promise((resolve, reject) => {
      run.finish = (error) => {
        run.interrupted = true;
        dropHandlers();
        reject(error);
      };
      this.#begin(() => {
        if (run.interrupted) return; // a parada chegou antes do começo
        const { requireFromCell } = this.#modules;
        const body = async () =>
          main(this.#variables, requireFromCell, notebook, `${notebook}/${script}`, cell);
        body()
          .then(() => (cell.value === undefined ? undefined : mimeBundle(cell.value)))
          .then(resolve, reject);
      });
    });
  }

  /** O que o código de uma célula recebe como `__cell`: veja `cell.cjs`. */
  #cellObject(script) {
    const noValue = (name) => () => {
      throw new ReferenceError(`${name} não tem valor: a ${script} parou antes de defini-lo`);
    };
    const property = (name, descriptor) =>
      Object.defineProperty(this.#variables, name, {
        enumerable: true,
        configurable: true,
        ...descriptor,
      });
    let done = false;
    return {
      value: undefined,
      names: [],
      define(accessors) {
        for (const [name, { get, set }] of Object.entries(accessors))
          property(name, { get: () => readOr(get, noValue(name)), set });
      },
      expect(...names) {
        this.names = names;
        for (const name of names) property(name, { get: noValue(name) });
      },
      done() {
        done = true;
      },
      store(values) {
        for (const [name, value] of Object.entries(values))
          if (done || value !== undefined) property(name, { value, writable: true });
      },
      run: () => this.#run,
      resume: (run, value) => {
        if (run.interrupted) throw new Interruption();
        return value;
      },
      watch: (iterable) => watch(iterable, this.#run),
    };
  }

  /** A parada (■). Quem trata SIGINT pode terminar o passo em que está; a segunda parada não espera. */
  interrupt() {
    const cut = this.#flags.takeTerminated();
    const run = this.#run;
    if (!this.#running) return;
    if (cut || run.asked || this.#flags.handlers === 0) return run.finish(new Interruption());
    run.asked = true;
    for (const handler of userHandlers()) handler("SIGINT");
    setTimeout(() => {
      if (this.#run === run && this.#running) run.finish(new Interruption());
    }, GRACE).unref();
  }

  /** Deixa de esperar pela célula, se há uma. */
  abandon() {
    if (this.#running) this.#run.finish(new Interruption());
  }

  /** Descreve um erro que ninguém esperou: de um timer, ou de uma promessa sem await. */
  describeStray(thrown) {
    if (thrown instanceof Interruption) return undefined;
    const { traceback } = describeThrown(thrown, this.#sources);
    return traceback.join("\n");
  }

  inspect(source, position) {
    const { source: plain } = withoutExports(source);
    return this.#flags.protect(() => this.#converter.inspect(this.#declarations, plain, position));
  }

  complete(source, position) {
    const { source: plain } = withoutExports(source);
    const usual = () => this.#converter.complete(this.#declarations, plain, position);
    return this.#flags.protect(() => complete(plain, position, usual));
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** O que `get` lê, ou `fail()` se a célula que declara a variável não chegou a lhe dar um valor. */
function readOr(get, fail) {
  try {
    return get();
  } catch (error) {
    return error instanceof ReferenceError ? fail() : raise(error);
  }
}

function raise(error) {
  throw error;
}

/** Os itens de `iterable`, até a parada. */
async function* watch(iterable, run) {
  for await (const item of iterable) {
    if (run.interrupted) throw new Interruption();
    yield item;
  }
}

const kernelHandlers = new Set();
const userHandlers = () =>
  process.listeners("SIGINT").filter((handler) => !kernelHandlers.has(handler));

/** Mantém a outra linha de execução informada de quantos ouvintes de SIGINT as células têm. */
function watchHandlers(flags) {
  const count = (change) => (event, handler) => {
    if (event === "SIGINT" && !kernelHandlers.has(handler)) flags.handlers += change;
  };
  process.on("newListener", count(1));
  process.on("removeListener", count(-1));
}

/** Os ouvintes de um código abandonado não servem mais. */
function dropHandlers() {
  for (const handler of userHandlers()) process.off("SIGINT", handler);
}

/** Um ouvinte de SIGINT do próprio kernel. */
function onSignal(handler) {
  kernelHandlers.add(handler);
  process.on("SIGINT", handler);
}

module.exports = { Executor, onSignal };

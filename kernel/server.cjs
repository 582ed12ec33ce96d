/** O protocolo do Jupyter: recebe pedidos, responde, publica o que as células mostram. */
const jupyter = require("tslab/dist/jupyter");
const { language_info } = require("./notebookMetadata.json");
const { leave } = require("./exit.cjs");
const { isComplete } = require("./isComplete.cjs");
const { History } = require("./history.cjs");
const { Streams, encoded } = require("./output.cjs");
const { typescript: ts } = require("./typescript.cjs");
const { Wire } = require("./wire.cjs");

class Server {
  #wire;
  #port;
  #flags;
  #executor;
  #handler;
  #queue = [];
  /** O pedido de execução em curso, se há. */
  #active = null;
  /** O pedido a que pertence o que se publica: o último executado, até depois que termina. */
  #parent = { header: {}, identities: [] };
  #silent = false;
  #count = 0;
  #fence = null;
  #history = new History();

  /** @param port a linha de execução dos soquetes, `sockets.cjs` */
  constructor({ key, port, flags, executor }) {
    this.#wire = new Wire(key);
    this.#port = port;
    this.#flags = flags;
    this.#executor = executor;
    this.#handler = new jupyter.JupyterHandlerImpl(executor, false);
    this.streams = new Streams((content) => {
      if (!this.#silent) this.#publish("stream", content);
    });
    // Por aqui passam tslab.display e lib/notebook/display: uma mensagem com vários tipos MIME.
    jupyter.lastWriteDisplayData = (content, update) => {
      this.streams.flush();
      const shown = { ...content, data: encoded(content.data) };
      if (!this.#silent) this.#publish(update ? "update_display_data" : "display_data", shown);
    };
    // O sinal de que se está em um caderno, que lib/notebook/display procura; o executor do tslab, que não usamos, o punha.
    Object.defineProperty(globalThis, "__tslab__", { value: {}, configurable: true });
    port.on("message", ({ channel, frames }) => {
      if (channel === "fence") this.#fence?.();
      else if (channel === "closed") leave(0);
      else this.#receive(channel, frames);
    });
  }

  #receive(channel, frames) {
    let request;
    try {
      request = this.#wire.parse(frames);
    } catch {
      return; // não é para este kernel
    }
    const type = request.header.msg_type;
    if (type === "execute_request") {
      this.#queue.push({ ...request, channel });
      if (!this.#active) this.#drain();
      return;
    }
    this.#status("busy", request);
    const answer = answers[type]?.call(this, request);
    if (answer) this.#reply(request, channel, type.replace("_request", "_reply"), answer);
    this.#status("idle", request);
    if (this.#active) this.#status("busy", this.#active); // a célula continua rodando
    if (type === "shutdown_request") this.#port.postMessage({ command: "close" });
  }

  async #drain() {
    while (this.#queue.length > 0) {
      const request = this.#queue.shift();
      this.#active = request;
      this.#status("busy", request);
      const ok = await this.#execute(request);
      this.streams.flush();
      if (!ok && request.content.stop_on_error !== false) await this.#abortQueue();
      this.#reply(request, request.channel, "execute_reply", request.reply);
      this.#active = null;
      this.#status("idle", request);
      for (const aborted of request.aborted ?? []) this.#abort(aborted);
    }
  }

  async #execute(request) {
    const { code, silent = false, store_history = true } = request.content;
    if (!silent && store_history) this.#count++;
    const execution_count = this.#count;
    this.streams.flush();
    this.#parent = request;
    this.#silent = silent;
    if (!silent) this.#publish("execute_input", { code, execution_count });
    const { ok, bundle, error } = await this.#executor.execute(code, execution_count);
    this.streams.flush();
    if (!silent && bundle) {
      this.#publish("execute_result", { execution_count, data: bundle, metadata: {} });
    }
    if (!silent && error) this.#publish("error", error);
    if (!silent && store_history) this.#history.add(execution_count, code, bundle?.["text/plain"]);
    request.reply = ok
      ? { status: "ok", execution_count, payload: [], user_expressions: {} }
      : { status: "error", execution_count, ...error };
    return ok;
  }

  /** Depois de um erro, o que já estava na fila, aqui ou a caminho, não é executado. */
  async #abortQueue() {
    await new Promise((resolve) => {
      this.#fence = resolve;
      this.#port.postMessage({ command: "fence" });
    });
    this.#active.aborted = this.#queue.splice(0);
  }

  #abort(request) {
    this.#status("busy", request);
    this.#reply(request, request.channel, "execute_reply", { status: "aborted" });
    this.#status("idle", request);
  }

  /** Um erro de timer ou de promessa sem await aparece na última célula, e o kernel segue. */
  reportStray(title, thrown) {
    const text = this.#executor.describeStray(thrown);
    if (text) process.stderr.write(`${title}\n${text}\n`);
  }

  kernelInfo() {
    return {
      status: "ok",
      protocol_version: "5.3",
      implementation: "caderno-typescript",
      implementation_version: require("../package.json").version,
      language_info,
      banner: `TypeScript ${ts.version}, Node ${process.versions.node}`,
      help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
    };
  }

  complete({ code, cursor_pos }) {
    const { start, end, items } = this.#executor.complete(code, toUnits(code, cursor_pos));
    const [cursor_start, cursor_end] = [toCharacters(code, start), toCharacters(code, end)];
    const details = items.map(({ text, type }) => ({ text, type, start: cursor_start, end: cursor_end })); // prettier-ignore
    return {
      status: "ok",
      matches: items.map(({ text }) => text),
      cursor_start,
      cursor_end,
      metadata: { _jupyter_types_experimental: details }, // o que o JupyterLab mostra ao lado de cada um
    };
  }

  inspect({ code, cursor_pos }) {
    return this.#handler.handleInspect({ code, cursor_pos: toUnits(code, cursor_pos) });
  }

  isComplete({ code }) {
    return isComplete(code);
  }

  history(request) {
    return this.#history.answer(request);
  }

  interrupt() {
    this.#flags.receiveUrgent();
    this.#executor.interrupt();
    return { status: "ok" };
  }

  shutdown({ restart = false }) {
    this.#flags.receiveUrgent();
    this.#queue = [];
    this.#executor.abandon();
    return { status: "ok", restart };
  }

  #publish(type, content, parent = this.#parent) {
    this.#port.postMessage({
      channel: "iopub",
      frames: this.#wire.serialize(parent, type, content, [`kernel.${type}`]),
    });
  }

  #status(execution_state, request) {
    this.#publish("status", { execution_state }, request);
  }

  #reply(request, channel, type, content) {
    this.#port.postMessage({ channel, frames: this.#wire.serialize(request, type, content) });
  }
}

/** O que responder a cada tipo de pedido. O que não está aqui não tem resposta. */
const answers = {
  kernel_info_request() {
    return this.kernelInfo();
  },
  complete_request({ content }) {
    return this.complete(content);
  },
  inspect_request({ content }) {
    return this.inspect(content);
  },
  is_complete_request({ content }) {
    return this.isComplete(content);
  },
  history_request({ content }) {
    return this.history(content);
  },
  comm_info_request() {
    return { status: "ok", comms: {} };
  },
  interrupt_request() {
    return this.interrupt();
  },
  shutdown_request({ content }) {
    return this.shutdown(content);
  },
};

// O Jupyter conta letras (pontos de código); o JavaScript, unidades de 16 bits.
const toUnits = (code, characters) => Array.from(code).slice(0, characters).join("").length;
const toCharacters = (code, units) => Array.from(code.slice(0, units)).length;

module.exports = { Server };

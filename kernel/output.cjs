/** O que as células escrevem e o valor de sua última expressão, como conteúdo de mensagens do Jupyter. */
const util = require("node:util");
const { StringDecoder } = require("node:string_decoder");

const PAUSE = 20; // ms: textos escritos mais perto que isto vão juntos
const LONGEST = 100; // ms: num laço síncrono, em que nada mais roda, o texto sai ao menos com este intervalo
const LARGEST = 65536; // letras

/** Substitui process.stdout e process.stderr; junta textos, para que milhares de linhas não virem milhares de mensagens. */
class Streams {
  #send;
  #texts = { stdout: "", stderr: "" };
  #timer = null;
  #lastFlush = 0;

  /** @param send recebe o conteúdo de cada mensagem `stream` */
  constructor(send) {
    this.#send = send;
    for (const name of ["stdout", "stderr"]) {
      const decoder = new StringDecoder("utf8");
      process[name].write = (chunk, encoding, callback) => {
        const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
        this.#write(name, text);
        const done = typeof encoding === "function" ? encoding : callback;
        if (done) process.nextTick(done);
        return true;
      };
    }
  }

  #write(name, text) {
    const other = name === "stdout" ? "stderr" : "stdout";
    if (this.#texts[other]) this.flush(); // a ordem entre os dois
    this.#texts[name] += text;
    this.#timer ??= setTimeout(() => this.flush(), PAUSE);
    const now = performance.now();
    if (this.#texts[name].length > LARGEST || now - this.#lastFlush > LONGEST) this.flush();
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastFlush = performance.now();
    for (const name of ["stdout", "stderr"]) {
      const text = this.#texts[name];
      if (!text) continue;
      this.#texts[name] = "";
      this.#send({ name, text });
    }
  }
}

const display = Symbol.for("Jupyter.display");

/**
 * Um pacote MIME para o valor: o que ele mesmo diz por `[Symbol.for("Jupyter.display")]()`, que pode ser uma promessa (o
 * protocolo do kernel do Deno), ou seu texto.
 */
async function mimeBundle(value) {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  if (isObject && typeof value[display] === "function") {
    const bundle = await value[display]();
    if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
      throw new TypeError(
        `Symbol.for("Jupyter.display"): esperava um objeto com tipos MIME, recebi ${util.inspect(bundle)}`,
      );
    }
    return encoded(bundle);
  }
  return { "text/plain": inspect(value) };
}

const WIDTH = 100;
const options = { depth: 4, maxArrayLength: 50, maxStringLength: 10_000, breakLength: WIDTH };

/** O valor como texto: em uma linha, se cabe. (O Node parte em linhas toda lista de mais de seis números.) */
function inspect(value) {
  const line = util.inspect(value, { ...options, compact: true, breakLength: Infinity });
  return line.length <= WIDTH && !line.includes("\n") ? line : util.inspect(value, options);
}

/** O pacote como vai na mensagem: bytes, em base64. */
const encoded = (bundle) =>
  Object.fromEntries(Object.entries(bundle).map(([type, data]) => [type, encode(data)]));
const encode = (data) => (data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data);

module.exports = { Streams, encoded, mimeBundle };

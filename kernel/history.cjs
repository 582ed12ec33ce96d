/** O que já foi executado, para quem pede a história (o `jupyter console`, com a seta para cima). */
class History {
  #session = 1;
  #entries = []; // { line, input, output }

  add(line, input, output) {
    this.#entries.push({ line, input, output });
  }

  /** Responde a um pedido do protocolo: "tail", "range" ou "search". */
  answer({
    hist_access_type: type,
    output = false,
    n,
    start = 0,
    stop,
    pattern = "*",
    unique = false,
  }) {
    let found = this.#entries;
    if (type === "range")
      found = found.filter(({ line }) => line >= start && line < (stop ?? Infinity));
    if (type === "search") found = found.filter(({ input }) => toRegExp(pattern).test(input));
    if (type === "search" && unique) found = lastOfEach(found);
    if (type !== "range" && n) found = found.slice(-n);
    return {
      status: "ok",
      history: found.map(({ line, input, output: result }) => [
        this.#session,
        line,
        output ? [input, result ?? null] : input,
      ]),
    };
  }
}

/** Um padrão como os de nomes de arquivos: `*` é qualquer texto, `?` uma letra qualquer. */
function toRegExp(pattern) {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

const lastOfEach = (entries) => [...new Map(entries.map((entry) => [entry.input, entry])).values()];

module.exports = { History };

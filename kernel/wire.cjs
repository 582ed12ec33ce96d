/** As mensagens do protocolo do Jupyter (versão 5.3) em partes, assinadas com HMAC-SHA256. */
const { createHmac, randomUUID, timingSafeEqual } = require("node:crypto");

const delimiter = "<IDS|MSG>";
const session = randomUUID();

class Wire {
  #key;

  constructor(key) {
    this.#key = key;
  }

  /** Lê as partes de uma mensagem. @throws Error se está incompleta ou mal assinada */
  parse(frames) {
    const buffers = frames.map((frame) => Buffer.from(frame));
    const at = buffers.findIndex((buffer) => buffer.equals(Buffer.from(delimiter)));
    if (at < 0 || buffers.length < at + 6) throw new Error("mensagem incompleta");
    const parts = buffers.slice(at + 2, at + 6);
    this.#verify(buffers[at + 1], parts);
    const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
    return { identities: buffers.slice(0, at), header, parent, metadata, content };
  }

  /** As partes de uma mensagem em resposta a `request`. */
  serialize(request, type, content, identities = request.identities) {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username: request.header.username ?? "kernel",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const parts = [header, request.header, {}, content].map((part) => JSON.stringify(part));
    return [...identities, delimiter, this.#sign(parts), ...parts];
  }

  #sign(parts) {
    if (!this.#key) return "";
    const hash = createHmac("sha256", this.#key);
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  }

  #verify(signature, parts) {
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new Error("assinatura inválida");
  }
}

module.exports = { Wire };

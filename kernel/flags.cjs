/** O que as duas linhas de execução do kernel precisam saber uma da outra na hora, em memória compartilhada. */
const SENT = 0;
const RECEIVED = 1;
const HANDLERS = 2;
const PROTECTED = 3;
const TERMINATED = 4;

class Flags {
  #cells;

  constructor(buffer = new SharedArrayBuffer(20)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  /** Pedidos de parada ou de encerramento: enviados por uma linha, recebidos pela outra. */
  urgentSent() {
    Atomics.add(this.#cells, SENT, 1);
  }
  receiveUrgent() {
    Atomics.add(this.#cells, RECEIVED, 1);
  }
  get urgentReceived() {
    return Atomics.load(this.#cells, RECEIVED) >= Atomics.load(this.#cells, SENT);
  }

  /** Quantos ouvintes de SIGINT as células e a lib têm. */
  get handlers() {
    return Atomics.load(this.#cells, HANDLERS);
  }
  set handlers(count) {
    Atomics.store(this.#cells, HANDLERS, count);
  }

  /** O código que rodava foi cortado? Perguntar apaga a resposta. */
  setTerminated() {
    Atomics.store(this.#cells, TERMINATED, 1);
  }
  takeTerminated() {
    return Atomics.exchange(this.#cells, TERMINATED, 0) === 1;
  }

  /** Verdadeiro durante o que não pode ser cortado no meio: compilar uma célula, carregar um pacote. */
  get protected() {
    return Atomics.load(this.#cells, PROTECTED) > 0;
  }

  /** Executa `action` sem que um pedido de parada a corte. */
  protect(action) {
    Atomics.add(this.#cells, PROTECTED, 1);
    try {
      return action();
    } finally {
      Atomics.sub(this.#cells, PROTECTED, 1);
    }
  }
}

module.exports = { Flags };

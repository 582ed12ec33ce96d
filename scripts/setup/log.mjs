/**
 * Linhas de progresso. `log(texto)` fica na tela; `log.progress(texto)` mostra o andamento: no terminal, uma linha
 * que se reescreve; fora dele (um arquivo, o CI), uma linha a cada dez segundos.
 */
export function createLog(stream = process.stdout, now = Date.now) {
  let transient = false;
  let last = now();
  const clear = () => {
    if (transient) stream.write("\r\x1b[K");
    transient = false;
  };
  const log = (text) => {
    clear();
    last = now();
    stream.write(`${text}\n`);
  };
  log.progress = (text) => {
    if (stream.isTTY) {
      clear();
      stream.write(text.slice(0, (stream.columns ?? 80) - 1));
      transient = true;
    } else if (now() - last >= 10_000) log(text);
  };
  log.clear = clear;
  return log;
}

/** "48 s", "2 min 05 s" */
export function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

import { liveOutput, type MimeBundle } from "./display";
import { nextTurn, onInterrupt } from "./display/interrupt";
import { escapeHtml, formatNumber } from "./format";

/**
 * Os números 0 … n − 1, com uma barra sob a célula que diz onde está o laço e quanto falta:
 *
 *     for await (const epoch of progress(20, () => `perda ${formatNumber(loss)}`)) { … }
 *
 * A barra muda no máximo dez vezes por segundo. Entre um passo e outro o kernel pode responder, e por isso o botão ■ encerra
 * o laço, com o que já foi calculado nas variáveis. Fora de um caderno não mostra nada.
 *
 * @param n quantos passos: um inteiro ≥ 0
 * @param note o que escrever ao lado da barra, perguntado a cada mudança
 * @throws RangeError se n não é um inteiro ≥ 0; dentro do laço, depois de ■, um erro de nome "Interrompido"
 */
export function progress(
  n: number,
  note: () => string = () => "",
): AsyncGenerator<number, void, void> {
  if (!(Number.isInteger(n) && n >= 0)) {
    throw new RangeError(`progress: n deve ser um inteiro ≥ 0, recebi ${n}`);
  }
  return steps(n, note);
}

async function* steps(n: number, note: () => string): AsyncGenerator<number, void, void> {
  const show = liveOutput();
  const start = performance.now();
  let done = 0;
  let stopped = false;
  let shown = -Infinity;
  let rested = start;
  const stop = () => {
    stopped = true;
  };
  const update = (state: "running" | "finished" | "stopped") => {
    shown = performance.now();
    show(bar(done, n, (shown - start) / 1000, state, note()));
  };

  update("running");
  const unlisten = await onInterrupt(stop);
  try {
    while (done < n) {
      yield done;
      done++;
      const now = performance.now();
      if (now - rested > 20) {
        if (now - shown > 100 && done < n) update("running");
        await nextTurn();
        rested = performance.now();
      }
      if (stopped) throw interruption("laço interrompido (■)");
    }
  } finally {
    unlisten();
    update(done === n ? "finished" : "stopped");
  }
}

/** O erro de quem para depois de ■: tem o nome "Interrompido". */
export function interruption(message: string): Error {
  const error = new Error(message);
  error.name = "Interrompido";
  return error;
}

/**
 * A barra em um instante: `done` de `n` passos, `seconds` segundos depois do começo. `from` passos já estavam dados no começo,
 * e não contam para o que falta.
 */
export function bar(
  done: number,
  n: number,
  seconds: number,
  state: "running" | "finished" | "stopped",
  note: string,
  from = 0,
): MimeBundle {
  const count = `${formatNumber(done)}/${formatNumber(n)}`;
  const times = {
    running:
      done > from ? `faltam ${duration((seconds / (done - from)) * (n - done))}` : "começando",
    finished: `pronto em ${duration(seconds)}`,
    stopped: `parado após ${duration(seconds)}`,
  };
  const words = [count, times[state], note].filter(Boolean).join(" · ");
  const filled = Math.round(20 * (n > 0 ? done / n : 1));
  return {
    "text/html":
      `<div style="display:flex;flex-wrap:wrap;align-items:center;gap:0 0.6em"><progress value="${n > 0 ? done : 1}" max="${n || 1}" aria-label="progresso" style="width:min(20em,100%)"></progress>` +
      `<span style="font-variant-numeric:tabular-nums">${escapeHtml(words)}</span></div>`,
    "text/plain": `[${"█".repeat(filled)}${"░".repeat(20 - filled)}] ${words}`,
  };
}

/** Um tempo em segundos, em palavras: "0,8 s", "42 s", "3 min 05 s", "1 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${formatNumber(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/**
 * Quem, em uma célula ou biblioteca, pede para encerrar o processo encerraria o kernel, com tudo o que já foi calculado: aqui isso é um
 * erro. O kernel encerra por `leave`.
 */
const { exit, kill } = process;

class ExitError extends Error {
  name = "Erro";
  constructor(name) {
    super(
      `${name} encerraria o kernel e perderia tudo o que já foi calculado. Para parar a célula, lance um erro (throw); para recomeçar, reinicie o kernel pelo menu`,
    );
  }
}

for (const name of ["exit", "abort", "reallyExit"]) {
  const own = process[name];
  process[name] = function (...args) {
    if (leaving) return own.apply(process, args);
    throw new ExitError(`process.${name}`);
  };
}

/** Perguntar se existe (sinal 0), avisar outro processo e os sinais que alguém trata continuam. */
process.kill = function (pid, signal = "SIGTERM") {
  const own = [process.pid, 0, -process.pid].includes(Number(pid));
  if (own && signal !== 0 && process.listenerCount(signal) === 0)
    throw new ExitError("process.kill");
  return kill.call(process, pid, signal);
};

let leaving = false;

/** Encerra o processo de verdade. */
function leave(code) {
  leaving = true;
  exit.call(process, code);
}

module.exports = { leave };

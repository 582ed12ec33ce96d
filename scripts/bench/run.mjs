// Mede um benchmark: rodadas em que os lados se alternam, na mesma máquina e no mesmo minuto.
import { setTimeout as sleep } from "node:timers/promises";
import { difference, median } from "./statistics.mjs";

/** Entre uma medida e outra: as linhas de execução do BLAS esperam trabalho girando por algum tempo. */
const PAUSE = 150;

/**
 * @param {object} bench o que um arquivo de bench/ exporta: `sides`, `cases`, `rounds` e, se o que interessa é o ritmo de quem já está em
 *   marcha, `warm`: por quantos segundos, ao menos, a mesma conta roda sem ser contada antes de cada medida
 * @param {Side[]} sides os processos, o nosso em primeiro lugar
 * @param {{ rounds?: number, onStep?: (text: string) => void }} options
 * @returns uma linha da tabela por caso e concorrente
 */
export async function runBench(bench, sides, { rounds = bench.rounds, onStep = () => {} } = {}) {
  const measured = bench.cases.map(() => sides.map(() => ({ seconds: [], check: undefined })));
  for (let round = 0; round <= rounds; round++) {
    for (const [c, { name, label }] of bench.cases.entries()) {
      for (const [s, side] of sides.entries()) {
        onStep(`${label}: ${side.name}, rodada ${round} de ${rounds}`);
        await sleep(PAUSE);
        for (let spent = 0; spent < (bench.warm ?? 0);)
          spent += (await side.ask({ case: name })).seconds;
        const { seconds, check = [] } = await side.ask({ case: name });
        measured[c][s].check = check;
        if (round > 0) measured[c][s].seconds.push(seconds); // a rodada 0 só aquece
      }
    }
  }
  return bench.cases.flatMap((one, c) => rowsOf(one, sides, measured[c]));
}

/** As linhas de um caso: nós diante de cada concorrente. */
function rowsOf({ name, label, aims, tolerance }, sides, [ours, ...peers]) {
  return peers.map((peer, i) => {
    const error = difference(ours.check, peer.check);
    return {
      case: name,
      label,
      peer: sides[i + 1].name,
      ours: median(ours.seconds),
      theirs: median(peer.seconds),
      ratio: median(ours.seconds) / median(peer.seconds),
      best: Math.min(...ours.seconds) / Math.min(...peer.seconds),
      aim: aims?.[sides[i + 1].name] ?? null,
      difference: error,
      equal: error <= (tolerance ?? Infinity),
      seconds: { ours: ours.seconds, theirs: peer.seconds },
    };
  });
}

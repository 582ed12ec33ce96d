import { spawn } from "node:child_process";

/**
 * Roda etapas. `rounds` são rodadas, uma depois da outra; uma rodada são etapas { title, run }, duas de cada vez. `run(print)` escreve
 * com `print` e devolve { passed, failed, skipped? }. Todas rodam, mesmo depois de uma falha: quem conserta quer ver tudo de uma vez.
 * Devolve, na ordem em que começaram, { title, start, seconds, passed, failed, skipped }, os tempos em segundos.
 */
export async function runStages(rounds, write = (text) => process.stdout.write(text)) {
  const turn = takingTurns(write);
  const results = [];
  for (const stages of rounds) await twoAtOnce(stages, (stage) => runStage(stage, turn(), results));
  return results;
}

/** Chama `work` com cada item, em ordem, dois de cada vez: um por núcleo da máquina mais simples. Devolve o que cada chamada devolveu. */
export async function twoAtOnce(items, work) {
  const results = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next; (next = waiting.shift());) results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

async function runStage({ title, run }, { print, end }, results) {
  const result = { title, start: performance.now() / 1000 };
  results.push(result);
  print(`\n── ${title}\n`);
  try {
    Object.assign(result, { skipped: 0 }, await run(print));
  } catch (error) {
    print(`${error.stack ?? error}\n`);
    Object.assign(result, { passed: 0, failed: 1, skipped: 0 });
  }
  result.seconds = performance.now() / 1000 - result.start;
  print(`${mark(result)} ${title}: ${verdict(result)} (${decimal(result.seconds)} s)\n`);
  end();
}

/** Quem começou primeiro escreve na hora; o que os outros escrevem espera a vez deles, e assim nada se mistura. */
export function takingTurns(write) {
  const turns = [];
  const advance = () => {
    while (turns.length > 0) {
      for (const text of turns[0].texts.splice(0)) write(text);
      if (!turns[0].ended) return;
      turns.shift();
    }
  };
  return () => {
    const turn = { texts: [], ended: false };
    turns.push(turn);
    return {
      print(text) {
        turn.texts.push(text);
        advance();
      },
      end() {
        turn.ended = true;
        advance();
      },
    };
  };
}

/** A tabela de quando cada etapa começou e quanto levou, em segundos desde que o programa começou. */
export function timeTable(results) {
  const row = (start, seconds, text) => `${start.padStart(8)} ${seconds.padStart(8)}  ${text}`;
  const end = Math.max(...results.map(({ start, seconds }) => start + seconds));
  return [
    row("começo", "segundos", "etapa (duas de cada vez; sozinha, cada uma levaria menos)"),
    ...results.map((result) => {
      const verdictIfFailed = result.failed > 0 ? `: ${verdict(result)}` : "";
      const text = `${mark(result)} ${result.title}${verdictIfFailed}`;
      return row(decimal(result.start), decimal(result.seconds), text);
    }),
    row("", decimal(end), "ao todo"),
  ].join("\n");
}

/** "96 passed, 1 failed, 2 skipped": a soma de todas as etapas. */
export function totals(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const mark = ({ failed }) => (failed > 0 ? "✖" : "✔");
const verdict = ({ failed }) => (failed > 0 ? `${failed} falha(s)` : "ok");
const decimal = (seconds) => seconds.toFixed(1).replace(".", ",");

/** Roda um programa, passando a saída a `print`; devolve { status, output }. */
export function runShown(print, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        print(text);
      });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Roda arquivos de teste com o node:test e conta pelo resumo que ele imprime. */
export async function runNodeTests(print, root, files, { concurrency = 2 } = {}) {
  const options = [
    "--import",
    "tsx",
    "--test",
    `--test-concurrency=${concurrency}`,
    "--test-reporter=spec",
  ];
  const { status, output } = await runShown(print, process.execPath, [...options, ...files], {
    cwd: root,
  });
  return counted(status, (word) => lastNumber(output, new RegExp(`^ℹ ${word} (\\d+)$`, "gm")), {
    passed: "pass",
    failed: "fail",
    skipped: "skipped",
  });
}

/** Roda o pytest do ambiente e conta pela última linha ("3 passed, 1 failed in 2.0s"). */
export async function runPytest(print, root, python, args, env) {
  const { status, output } = await runShown(print, python, ["-m", "pytest", "-q", ...args], {
    cwd: root,
    env,
  });
  return counted(status, (word) => lastNumber(output, new RegExp(`(\\d+) ${word}`, "g")), {
    passed: "passed",
    failed: "failed",
    skipped: "skipped",
  });
}

function counted(status, numberOf, words) {
  const { passed, failed, skipped } = Object.fromEntries(
    Object.entries(words).map(([key, word]) => [key, numberOf(word)]),
  );
  // Um executor que morreu sem contar a falha, ou que não rodou teste nenhum, também é falha.
  return { passed, failed: failed > 0 ? failed : Number(status !== 0 || passed === 0), skipped };
}

const lastNumber = (text, pattern) => Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);

import { spawn } from "node:child_process";

/**
 * Roda etapas em ordem, mostra o tempo de cada uma e conta testes. Uma etapa devolve { passed, failed, skipped? }.
 * Todas rodam, mesmo depois de uma falha: quem conserta quer ver tudo de uma vez.
 */
export async function runStages(stages) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [title, run] of stages) {
    console.log(`\n── ${title}`);
    const start = performance.now();
    const { passed, failed, skipped = 0 } = await run();
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const seconds = ((performance.now() - start) / 1000).toFixed(1).replace(".", ",");
    console.log(
      `${failed > 0 ? "✖" : "✔"} ${title}: ${failed > 0 ? `${failed} falha(s)` : "ok"} (${seconds} s)`,
    );
  }
  return total;
}

/** Uma etapa que devolve uma lista de problemas: nenhuma linha, tudo certo. */
export function reportProblems(problems) {
  for (const problem of problems) console.error(problem);
  return { passed: problems.length === 0 ? 1 : 0, failed: problems.length };
}

/** Roda um programa com a saída na tela; devolve { status, output }. */
export function runShown(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        target.write(text);
      });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Roda arquivos de teste com o node:test e conta pelo resumo que ele imprime. */
export async function runNodeTests(root, files, { concurrency = 2 } = {}) {
  const options = [
    "--import",
    "tsx",
    "--test",
    `--test-concurrency=${concurrency}`,
    "--test-reporter=spec",
  ];
  const { status, output } = await runShown(process.execPath, [...options, ...files], {
    cwd: root,
  });
  return counted(status, (word) => lastNumber(output, new RegExp(`^ℹ ${word} (\\d+)$`, "gm")), {
    passed: "pass",
    failed: "fail",
    skipped: "skipped",
  });
}

/** Roda o pytest do ambiente e conta pela última linha ("3 passed, 1 failed in 2.0s"). */
export async function runPytest(root, python, args, env) {
  const { status, output } = await runShown(python, ["-m", "pytest", "-q", ...args], {
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

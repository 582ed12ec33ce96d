import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { bar, duration, progress } from "./progress";

test("progress dá 0 … n − 1", async () => {
  const seen: number[] = [];
  for await (const i of progress(4)) seen.push(i);
  for await (const i of progress(0)) seen.push(i);
  assert.deepEqual(seen, [0, 1, 2, 3]);
});

test("fora de um caderno nada se imprime", () => {
  const script = `const { progress } = require("./progress");
    (async () => { for await (const i of progress(3, () => "nota")) process.exitCode = i; })();`;
  const run = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
    cwd: __dirname,
    encoding: "utf8",
  });
  assert.deepEqual([run.status, run.stdout, run.stderr], [2, "", ""]);
});

test("os temporizadores andam enquanto o laço trabalha", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  for await (const _ of progress(8)) busy(25);
  clearInterval(timer);
  assert.ok(ticks >= 4, `${ticks} batidas`);
});

test("uma interrupção encerra o laço e não deixa ouvinte", async () => {
  const before = process.listenerCount("SIGINT");
  let last = -1;
  const loop = async () => {
    for await (const i of progress(1000)) {
      last = i;
      if (i === 3) process.kill(process.pid, "SIGINT");
      busy(25);
    }
  };
  await assert.rejects(loop(), { name: "Interrompido" });
  assert.ok(last >= 3 && last < 20, `parou em ${last}`);
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("um erro no laço passa adiante e não deixa ouvinte", async () => {
  const before = process.listenerCount("SIGINT");
  const loop = async () => {
    for await (const i of progress(5)) if (i === 2) throw new RangeError("meu");
  };
  await assert.rejects(loop(), { name: "RangeError", message: "meu" });
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("progress recusa um número de passos que não é um", () => {
  for (const n of [-1, 1.5, NaN, Infinity]) {
    assert.throws(() => progress(n), { name: "RangeError", message: /inteiro ≥ 0/ });
  }
});

test("a barra diz onde está, quanto falta e a nota", () => {
  const plain = (...args: Parameters<typeof bar>) => bar(...args)["text/plain"];
  assert.equal(plain(0, 4, 0, "running", ""), "[░░░░░░░░░░░░░░░░░░░░] 0/4 · começando");
  assert.equal(plain(1, 4, 2, "running", "perda 0,5"), "[█████░░░░░░░░░░░░░░░] 1/4 · faltam 6,0 s · perda 0,5"); // prettier-ignore
  assert.equal(
    plain(4, 4, 70, "finished", ""),
    "[████████████████████] 4/4 · pronto em 1 min 10 s",
  );
  assert.equal(plain(2, 4, 5, "stopped", ""), "[██████████░░░░░░░░░░] 2/4 · parado após 5,0 s");
  assert.match(String(bar(1, 2, 1, "running", "<b>")["text/html"]), /&#60;b&#62;/);
});

test("duration fala em segundos, minutos e horas", () => {
  const said = [0, 0.84, 9.96, 59.4, 59.6, 185, 3599.6, 4800].map(duration);
  assert.deepEqual(said, ["0,0 s", "0,8 s", "10 s", "59 s", "1 min 00 s", "3 min 05 s", "1 h 00 min", "1 h 20 min"]); // prettier-ignore
});

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

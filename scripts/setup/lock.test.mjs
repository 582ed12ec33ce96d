import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock.mjs";

let folder, file;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trava-"));
  file = join(folder, "nova", "setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const past = (path, seconds) =>
  utimesSync(path, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);

test("devolve o resultado e solta a trava", async () => {
  assert.equal(await withLock(file, async () => readFileSync(file, "utf8")), String(process.pid));
  assert.ok(!existsSync(file));
});

test("um erro também solta a trava", async () => {
  await assert.rejects(
    withLock(file, async () => Promise.reject(new Error("x"))),
    /^Error: x$/,
  );
  assert.ok(!existsSync(file));
});

test("o segundo espera o primeiro, avisado uma vez", async () => {
  const events = [];
  const first = withLock(file, async () => {
    await sleep(60);
    events.push("primeiro");
  });
  const second = withLock(file, async () => events.push("segundo"), {
    onWait: (pid) => events.push(`espera ${pid}`),
    poll: 5,
  });
  await Promise.all([first, second]);
  assert.deepEqual(events, [`espera ${process.pid}`, "primeiro", "segundo"]);
});

test("seis processos ao mesmo tempo, sobre a trava de um morto: um de cada vez", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const log = join(folder, "registro");
  const lock = join(folder, "setup.lock");
  writeFileSync(lock, String(pid));
  const program = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withLock } from ${JSON.stringify(new URL("./lock.mjs", import.meta.url).href)};
    await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, "entra ");
      await sleep(20);
      appendFileSync(${JSON.stringify(log)}, "sai\\n");
    }, { poll: 3 });`;
  const one = () =>
    new Promise((resolve) =>
      spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" }).on(
        "close",
        resolve,
      ),
    );
  assert.deepEqual(await Promise.all(Array.from({ length: 6 }, one)), [0, 0, 0, 0, 0, 0]);
  assert.equal(readFileSync(log, "utf8"), "entra sai\n".repeat(6));
});

for (const [name, prepare] of [
  [
    "de um processo morto",
    () => writeFileSync(file, String(spawnSync(process.execPath, ["-e", ""]).pid)),
  ],
  ["vazia, de quem morreu antes de escrever", () => (writeFileSync(file, ""), past(file, 5))],
  [
    "de um número de processo que hoje é de outro",
    () => (writeFileSync(file, String(process.ppid)), past(file, 90)),
  ],
])
  test(`uma trava ${name} não detém ninguém`, async () => {
    await withLock(file, async () => {}); // cria a pasta
    prepare();
    let waited = false;
    await withLock(file, async () => {}, { onWait: () => (waited = true), poll: 5 });
    assert.equal(waited, false);
  });

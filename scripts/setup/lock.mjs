// Uma instalação por vez: um arquivo com o número do processo. Quem morre deixa o arquivo, e quem vem depois percebe.
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "./engine-files.mjs";

const BEAT = 2_000; // o dono renova a data do arquivo enquanto vive
const STALE = 60_000; // sem renovação por tanto tempo, o número do processo já é de outro programa

/** Roda `work` com a trava em `file`; se outro processo a tem, avisa uma vez por `onWait(pid)` e espera. */
export async function withLock(file, work, { onWait, poll = 300 } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  let warned = false;
  while (!take(file)) {
    if (breakStale(file)) continue;
    if (!warned) onWait?.(owner(file));
    warned = true;
    await sleep(poll);
  }
  const beat = setInterval(() => touch(file), BEAT);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (owner(file) === process.pid) rmSync(file, { force: true });
  }
}

/** Cria o arquivo, se não existe; é o sistema que garante que só um consegue. */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Apaga a trava de um processo morto. Só um por vez a quebra, para não apagar a trava nova de outro. */
function breakStale(file) {
  if (!isStale(file)) return false;
  const breaking = `${file}.quebrando`;
  if (!take(breaking)) {
    if (ageOf(breaking) > 10_000) rmSync(breaking, { force: true });
    return false;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(breaking, { force: true });
  }
  return true;
}

function isStale(file) {
  const age = ageOf(file);
  const pid = owner(file);
  if (pid === 0) return age > BEAT; // criado, mas o dono ainda não escreveu (ou morreu antes)
  return !isRunning(pid) || age > STALE;
}

function owner(file) {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    return 0;
  }
}

function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // apagado por fora: a trava já não vale, e terminar o trabalho é o melhor que se faz
  }
}

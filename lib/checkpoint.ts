import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs"; // prettier-ignore
import { dirname, join } from "node:path";
import type { Callback } from "./training";
import { restoreRun, saveRun, type RunState, type TrainingRun } from "./training/run";
import { checkInteger } from "./validate";

const defaultFolder = join(__dirname, "..", "data", "checkpoints");

/**
 * Grava o treino a cada N passos, e no fim de cada época, em data/checkpoints/: pesos, otimizadores, fontes, histórico e posição.
 *
 *     await fit(run, { …, callbacks: [checkpoint("cap02/cnn", { everySteps: 200 })] });
 *
 * O que lá estiver de um treino mais adiantado, que este não continua, passa a se chamar `…-anterior.ckpt`.
 *
 * @param name onde gravar, sem a extensão: "cap02/cnn"
 * @throws RangeError se `everySteps` não é um inteiro ≥ 1; Error se o disco recusa
 */
export function checkpoint(
  name: string,
  { everySteps, folder = defaultFolder }: { everySteps: number; folder?: string },
): Callback {
  checkInteger("checkpoint: everySteps", everySteps, 1);
  const path = checkpointPath(name, folder);
  let first = true;
  const save = (run: TrainingRun) => {
    if (first && existsSync(path) && stepOf(path) > run.progress.step)
      renameSync(path, path.replace(/\.ckpt$/, "-anterior.ckpt"));
    first = false;
    saveCheckpoint(run, name, folder);
  };
  return {
    onStepEnd: (at, run) => {
      if ((at.step + 1) % everySteps === 0) save(run);
    },
    onEpochEnd: (_, run) => save(run),
  };
}

/**
 * Grava o treino como está. O arquivo só toma o nome depois de completo no disco: uma queda no meio deixa o anterior inteiro.
 *
 * @throws Error se o disco recusa
 */
export function saveCheckpoint(run: TrainingRun, name: string, folder = defaultFolder): void {
  const path = checkpointPath(name, folder);
  const part = `${path}.part`;
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(part, "w");
  try {
    for (const bytes of encode(saveRun(run))) writeAll(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
  syncFolder(dirname(path));
}

/**
 * Continua do que foi gravado, se há o que continuar: rode-a depois de `trainingRun`, com o modelo recém-feito.
 *
 *     loadCheckpoint(run, "cap02/cnn"); // true se havia
 *
 * @returns se havia um arquivo
 * @throws Error, sem mudar o treino nem o arquivo, se ele está truncado ou alterado, ou é de outro modelo
 */
export function loadCheckpoint(run: TrainingRun, name: string, folder = defaultFolder): boolean {
  const path = checkpointPath(name, folder);
  if (!existsSync(path)) return false;
  const before = saveRun(run);
  try {
    restoreRun(run, decode(readFileSync(path)));
  } catch (error) {
    restoreRun(run, before);
    throw new Error(
      `loadCheckpoint: ${path}: ${(error as Error).message}. O treino ficou como estava; para começar do zero, apague o arquivo ou mude seu nome`,
      { cause: error },
    );
  }
  return true;
}

function checkpointPath(name: string, folder: string): string {
  if (!/^[\w-]+(\/[\w-]+)*$/.test(name))
    throw new TypeError(
      `checkpoint: esperava um nome de letras, números, - e _, como "cap02/cnn", recebi ${JSON.stringify(name)}`,
    );
  return join(folder, `${name}.ckpt`);
}

/** Onde parou o treino gravado; ∞ se não dá para saber. */
function stepOf(path: string): number {
  try {
    return decode(readFileSync(path)).progress.step;
  } catch {
    return Infinity; // ilegível: melhor guardá-lo que escrever por cima
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** O novo nome também precisa chegar ao disco. O Windows não abre pastas: lá, o sistema de arquivos cuida disso. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

// O arquivo: 16 bytes de nome, 4 com o tamanho do cabeçalho, o cabeçalho em JSON, os números, e o sha256 de tudo isso.
// Números de 4 bytes na ordem do processador (little-endian em todo computador que roda o Node com o TensorFlow).
const magic = Buffer.from("caderno ckpt 1\n\0", "latin1");

/** As listas de um estado, na ordem em que vão para o arquivo. */
const listsOf = (state: RunState) => [
  ...state.variables.map(({ values }) => values),
  ...state.optimizers.flatMap(({ slots }) => slots.flat()),
];

function* encode(state: RunState): Generator<Uint8Array> {
  const text = JSON.stringify(state, (_, value) => {
    if (ArrayBuffer.isView(value)) return [value.constructor.name, (value as Float32Array).length];
    return typeof value === "number" && !Number.isFinite(value) ? `#${value}` : value;
  });
  const header = Buffer.from(text, "utf8");
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const hash = createHash("sha256");
  const lists = listsOf(state).map((list) => new Uint8Array(list.buffer, list.byteOffset, list.byteLength)); // prettier-ignore
  for (const bytes of [magic, size, header, ...lists]) {
    hash.update(bytes);
    yield bytes;
  }
  yield hash.digest();
}

const arrays = { Float32Array, Int32Array, Uint8Array };

function decode(bytes: Buffer): RunState {
  if (bytes.length < 52 || !bytes.subarray(0, 16).equals(magic))
    throw new Error("não é um checkpoint destas notas, ou está truncado");
  const content = bytes.subarray(0, -32);
  if (!createHash("sha256").update(content).digest().equals(bytes.subarray(-32)))
    throw new Error("está truncado ou foi alterado (o sha256 não confere)");
  const end = 20 + content.readUInt32LE(16);
  let at = end;
  const revive = (_: string, value: unknown) => {
    if (typeof value === "string" && /^#(NaN|-?Infinity)$/.test(value)) return Number(value.slice(1)); // prettier-ignore
    if (!Array.isArray(value) || !(value[0] in arrays)) return value;
    const [name, length] = value as [keyof typeof arrays, number];
    const size = length * arrays[name].BYTES_PER_ELEMENT;
    const copy = Uint8Array.from(content.subarray(at, at + size)); // em memória própria, alinhada
    at += size;
    return new arrays[name](copy.buffer);
  };
  return JSON.parse(content.subarray(20, end).toString("utf8"), revive) as RunState;
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { liveOutput } from "../../notebook/display";
import { onInterrupt } from "../../notebook/display/interrupt";
import { formatNumber } from "../../notebook/format";
import { bar, interruption } from "../../notebook/progress";

/** Um arquivo que se baixa uma vez. */
export interface RemoteFile {
  /** Onde fica, dentro de data/cache/: "fashion-mnist/train-images-idx3-ubyte.gz". */
  readonly name: string;
  /** De onde vem, na ordem em que se tenta: todos dão o mesmo conteúdo. */
  readonly urls: readonly string[];
  readonly sha256: string;
  readonly bytes: number;
}

const cache = join(__dirname, "..", "..", "..", "data", "cache");

/**
 * O caminho do arquivo, que é baixado se ainda não está em data/cache/. O conteúdo é sempre conferido. Enquanto baixa, o nome
 * termina em `.part`, e o que já veio se aproveita na vez seguinte (`Range`); um endereço que falha passa a vez ao próximo. O
 * que estava no lugar e não confere passa a se chamar `….recusado`.
 *
 * @param options `stall`: quantos segundos esperar por uma conexão parada; 30
 * @throws Error se nenhum endereço serve, com o motivo de cada um e onde pôr o arquivo à mão; de nome "Interrompido" depois de ■
 */
export async function download(
  file: RemoteFile,
  { folder = cache, stall = 30 }: { folder?: string; stall?: number } = {},
): Promise<string> {
  const path = join(folder, file.name);
  if ((await sizeOf(path)) >= 0) {
    if ((await sha256Of(path)) === file.sha256) return path;
    await rename(path, `${path}.recusado`);
  }
  await mkdir(dirname(path), { recursive: true });
  const show = progressOf(file);
  const control = new AbortController();
  const stop = () =>
    control.abort(
      interruption("download interrompido (■): o que já veio se aproveita na próxima vez"),
    );
  const unlisten = await onInterrupt(stop);
  const failures: string[] = [];
  try {
    for (const url of file.urls) {
      try {
        await fetchInto(file, url, path, stall, control.signal, show);
        show(file.bytes, "finished");
        return path;
      } catch (error) {
        if (control.signal.aborted) throw control.signal.reason;
        failures.push(`${url}: ${reasonOf(error)}`);
      }
    }
  } catch (error) {
    show(Math.max(0, await sizeOf(`${path}.part`)), "stopped");
    throw error;
  } finally {
    unlisten();
  }
  show(Math.max(0, await sizeOf(`${path}.part`)), "stopped");
  throw new Error(
    `download: não consegui baixar ${file.name} (${formatNumber(file.bytes)} bytes):\n${failures.map((line) => `  ${line}`).join("\n")}\n` +
      `Sem internet? Baixe-o em outro computador, de um desses endereços, e ponha-o em ${path} (sha256 ${file.sha256}). Com internet, rode a célula de novo: o que já veio se aproveita`,
  );
}

/** O conteúdo do arquivo, que é baixado se preciso. */
export const readDownload = async (file: RemoteFile): Promise<Uint8Array> =>
  readFile(await download(file));

/** O conteúdo do arquivo, que é baixado se preciso, em pedaços: o que não cabe bem na memória. */
export const streamDownload = async (file: RemoteFile): Promise<AsyncIterable<Uint8Array>> =>
  createReadStream(await download(file));

/** Baixa de um endereço, em até quatro vezes enquanto avança, e confere. */
async function fetchInto(
  file: RemoteFile,
  url: string,
  path: string,
  stall: number,
  stop: AbortSignal,
  show: Show,
): Promise<void> {
  const part = `${path}.part`;
  for (let attempt = 1; ; attempt++) {
    const had = await prepared(part, file.bytes);
    try {
      if (had < file.bytes) await receive(file, url, part, had, stall, stop, show);
    } catch (error) {
      if (stop.aborted || attempt === 4 || (await sizeOf(part)) <= had) throw error;
      continue; // avançou: tenta do ponto em que parou
    }
    const got = await sha256Of(part);
    if (got === file.sha256) return rename(part, path);
    await rm(part);
    if (had === 0) throw new Error(`o conteúdo não confere (sha256 ${got})`);
    attempt = Math.max(attempt, 3); // o pedaço antigo podia ser o errado: uma vez desde o começo
  }
}

/** Quantos bytes o `.part` já tem; se passa do tamanho, não serve. */
async function prepared(part: string, bytes: number): Promise<number> {
  const size = await sizeOf(part);
  if (size <= bytes) return Math.max(0, size);
  await rm(part);
  return 0;
}

async function receive(
  file: RemoteFile,
  url: string,
  part: string,
  had: number,
  stall: number,
  stop: AbortSignal,
  show: Show,
): Promise<void> {
  const control = new AbortController();
  const forward = () => control.abort(stop.reason);
  stop.addEventListener("abort", forward);
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(new Error(`${formatNumber(stall)} s sem receber nada`)), 1000 * stall); // prettier-ignore
  };
  let handle: FileHandle | undefined;
  try {
    wait();
    // Sem "identity", o servidor pode comprimir, e fetch descomprimiria: a soma seria outra.
    const headers = { "Accept-Encoding": "identity", ...(had > 0 && { Range: `bytes=${had}-` }) };
    const response = await fetch(url, { headers, signal: control.signal });
    const resumed =
      response.status === 206 &&
      response.headers.get("content-range")?.startsWith(`bytes ${had}-`) === true;
    if (!resumed && response.status !== 200) {
      if (had > 0) await rm(part); // 416, ou um pedaço que ninguém pediu
      throw new Error(`o servidor respondeu ${response.status}`);
    }
    handle = await open(part, resumed ? "a" : "w");
    let received = resumed ? had : 0;
    for await (const chunk of response.body ?? []) {
      wait();
      received += chunk.length;
      if (received > file.bytes) {
        await handle.truncate(0);
        throw new Error(`veio mais do que ${formatNumber(file.bytes)} bytes`);
      }
      await handle.writeFile(chunk);
      show(received, "running");
    }
    if (received < file.bytes)
      throw new Error(`veio truncado: ${formatNumber(received)} de ${formatNumber(file.bytes)} bytes`); // prettier-ignore
    await handle.sync();
  } catch (error) {
    throw control.signal.aborted ? control.signal.reason : error;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", forward);
    control.abort(); // fecha a conexão, se algo ficou por ler
    await handle?.close();
  }
}

type Show = (received: number, state: "running" | "finished" | "stopped") => void;

function progressOf(file: RemoteFile): Show {
  const show = liveOutput();
  const start = performance.now();
  let [shown, from] = [-Infinity, -1];
  const mega = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return (received, state) => {
    if (from < 0) from = received;
    const now = performance.now();
    if (state === "running" && now - shown < 100) return;
    shown = now;
    show(bar(mega(received), mega(file.bytes), (now - start) / 1000, state, `MB de ${file.name}`, mega(from))); // prettier-ignore
  };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => -1,
  );
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string } };
  const known: Record<string, string> = {
    ENOTFOUND: "não achei o servidor (há internet?)",
    EAI_AGAIN: "não achei o servidor (há internet?)",
    ECONNREFUSED: "o servidor recusou a conexão",
    ECONNRESET: "a conexão caiu",
    UND_ERR_SOCKET: "a conexão caiu",
    ETIMEDOUT: "o servidor não respondeu",
    UND_ERR_CONNECT_TIMEOUT: "o servidor não respondeu",
  };
  return known[cause?.code ?? ""] ?? (message === "terminated" ? "a conexão caiu" : message);
}

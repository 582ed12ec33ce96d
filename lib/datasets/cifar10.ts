import { streamDownload, type RemoteFile } from "./files/download";
import { untar } from "./files/untar";

/** O nome de cada classe, na ordem dos rótulos. */
export const cifar10Classes = ["avião", "automóvel", "pássaro", "gato", "cervo", "cachorro", "sapo", "cavalo", "navio", "caminhão"] as const; // prettier-ignore

/** Imagens coloridas de 32 × 32, em bytes: em `Float32Array` o treino ocuparia 614 MB. */
export interface ColorImages {
  /** n × 32 × 32 × 3 bytes: linha a linha, vermelho, verde e azul de cada ponto, de 0 a 255. */
  readonly pixels: Uint8Array;
  /** A classe de cada imagem, de 0 a 9. */
  readonly labels: Uint8Array;
}

const archive: RemoteFile = {
  name: "cifar-10-binary.tar.gz",
  urls: [
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
  ],
  bytes: 170052171,
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

/**
 * CIFAR-10 (A. Krizhevsky, 2009): 50.000 imagens de treino e 10.000 de teste, coloridas, 32 × 32, de dez classes. Baixa 170 MB na
 * primeira vez; origem e somas em data/README.md. Um tensor com valores de 0 a 1, das mil primeiras:
 *
 *     tf.div(tf.tensor4d(train.pixels.subarray(0, 1000 * 3072), [1000, 32, 32, 3]), 255)
 *
 * @throws Error se o arquivo não pode ser baixado, com o lugar onde pô-lo à mão
 */
export async function cifar10(): Promise<Record<"train" | "test", ColorImages>> {
  return readCifar10(await streamDownload(archive));
}

const [area, record] = [32 * 32, 1 + 3 * 32 * 32];
const files = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`).concat("test_batch.bin");

/**
 * As imagens de um cifar-10-binary.tar.gz, lido em sequência: seis arquivos de registros de 3.073 bytes, o rótulo e os planos
 * vermelho, verde e azul.
 *
 * @throws Error se o arquivo está truncado ou alterado, se falta uma parte, ou se um registro não é do formato
 */
export async function readCifar10(
  tarGz: AsyncIterable<Uint8Array>,
): Promise<Record<"train" | "test", ColorImages>> {
  const parts = new Map<string, ColorImages>();
  await untar(tarGz, "cifar10", files, (name, bytes) => parts.set(name, readRecords(bytes, name)));
  const missing = files.filter((name) => !parts.has(name));
  if (missing.length > 0) throw new Error(`cifar10: falta ${missing.join(", ")} no arquivo`);
  const part = (names: string[]) => join(names.map((name) => parts.get(name) as ColorImages));
  return { train: part(files.slice(0, 5)), test: part(files.slice(5)) };
}

function readRecords(bytes: Uint8Array, name: string): ColorImages {
  const n = bytes.length / record;
  if (!Number.isInteger(n) || n === 0)
    throw new Error(`cifar10: ${name}: esperava registros de ${record} bytes, recebi ${bytes.length} bytes`); // prettier-ignore
  const pixels = new Uint8Array(n * 3 * area);
  const labels = Uint8Array.from({ length: n }, (_, i) => bytes[i * record]);
  const wrong = labels.findIndex((label) => label > 9);
  if (wrong >= 0)
    throw new Error(`cifar10: ${name}: o rótulo ${wrong} deve ser de 0 a 9, e é ${labels[wrong]}`);
  for (let i = 0; i < n; i++)
    for (let channel = 0; channel < 3; channel++) {
      const from = i * record + 1 + channel * area;
      const to = i * 3 * area + channel;
      for (let p = 0; p < area; p++) pixels[to + 3 * p] = bytes[from + p];
    }
  return { pixels, labels };
}

function join(parts: readonly ColorImages[]): ColorImages {
  const together = (lists: Uint8Array[]) => {
    const all = new Uint8Array(lists.reduce((sum, list) => sum + list.length, 0));
    let at = 0;
    for (const list of lists) {
      all.set(list, at);
      at += list.length;
    }
    return all;
  };
  return {
    pixels: together(parts.map(({ pixels }) => pixels)),
    labels: together(parts.map(({ labels }) => labels)),
  };
}

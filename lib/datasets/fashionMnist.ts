import { gunzip } from "./files";
import { readDownload, type RemoteFile } from "./files/download";
import { labelledImages, type LabelledImages } from "./labelledImages";

/** O nome de cada classe, na ordem dos rótulos. */
export const fashionClasses = ["camiseta", "calça", "suéter", "vestido", "casaco", "sandália", "camisa", "tênis", "bolsa", "bota"] as const; // prettier-ignore

const mirrors = [
  "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
  "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
];

const remote = (name: string, bytes: number, sha256: string): RemoteFile => ({
  name: `fashion-mnist/${name}`,
  urls: mirrors.map((mirror) => mirror + name),
  bytes,
  sha256,
});

const parts = {
  train: [
    remote("train-images-idx3-ubyte.gz", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"), // prettier-ignore
    remote("train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"), // prettier-ignore
  ],
  test: [
    remote("t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"), // prettier-ignore
    remote("t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"), // prettier-ignore
  ],
} as const;

/**
 * Fashion-MNIST (H. Xiao, K. Rasul e R. Vollgraf, 2017; MIT): 60.000 imagens de treino e 10.000 de teste, 28 × 28 em tons de
 * cinza, de dez tipos de roupa. Baixa 31 MB na primeira vez; origem e somas em data/README.md. O treino ocupa 188 MB.
 *
 * @throws Error se um arquivo não pode ser baixado, com o lugar onde pô-lo à mão
 */
export async function fashionMnist(): Promise<Record<"train" | "test", LabelledImages>> {
  return { train: await read(parts.train), test: await read(parts.test) };
}

async function read([images, labels]: readonly RemoteFile[]): Promise<LabelledImages> {
  return idxImages(await readDownload(images), await readDownload(labels));
}

/**
 * Imagens e rótulos de dois arquivos IDX comprimidos com gzip, o formato do MNIST: um número de identificação, o tamanho de cada
 * dimensão (4 bytes, o mais significativo antes) e um byte por valor.
 *
 * @throws Error se um deles não é um IDX de bytes, está truncado, ou se não há um rótulo por imagem
 */
export function idxImages(images: Uint8Array, labels: Uint8Array): LabelledImages {
  const pixels = idx(images, "imagens", 3);
  const classes = idx(labels, "rótulos", 1);
  const [n, rows, columns] = pixels.shape;
  if (rows !== columns)
    throw new Error(`idxImages: esperava imagens quadradas, recebi ${rows} × ${columns}`);
  if (classes.shape[0] !== n)
    throw new Error(`idxImages: esperava ${n} rótulos, recebi ${classes.shape[0]}`);
  return labelledImages(
    rows,
    Float32Array.from(pixels.values, (tone) => tone / 255),
    Uint8Array.from(classes.values),
  );
}

function idx(gz: Uint8Array, name: string, rank: number): { shape: number[]; values: Uint8Array } {
  const bytes = gunzip(gz, `idxImages: ${name}`);
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * rank;
  if (bytes.length < start || numbers.getUint32(0) !== 0x0800 + rank)
    throw new Error(`idxImages: ${name}: não é um IDX de bytes com ${rank} dimensões`);
  const shape = Array.from({ length: rank }, (_, i) => numbers.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length - start !== size)
    throw new Error(`idxImages: ${name}: esperava ${size} valores, recebi ${bytes.length - start}`);
  return { shape, values: bytes.subarray(start) };
}

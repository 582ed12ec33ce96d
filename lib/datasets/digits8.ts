import { gunzip, readData } from "./files";
import { labelledImages, type LabelledImages } from "./labelledImages";

const sha256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22";

/**
 * As partes que a literatura usa, com as imagens na ordem do arquivo (`split` sem fonte): 1.000 de treino, 350 de validação e
 * 447 de teste, como no código de J. Tomczak, “Deep Generative Modeling”, 2022 (github.com/jmtomczak/intro_dgm).
 */
export const digits8Split = { train: 1000, validation: 350, test: 447 } as const;

/**
 * Os 1.797 dígitos manuscritos de 8 × 8 pixels da UCI (E. Alpaydin e C. Kaynak, 1998; CC BY 4.0), no arquivo que acompanha
 * scikit-learn; origem e sha256 em data/README.md. Cada pixel conta os pontos escuros de um bloco de 4 × 4, de 0 a 16: aqui é
 * essa conta dividida por 16, sem perda. O arquivo é lido uma vez, na primeira chamada (uns 40 ms).
 *
 * @throws Error se o arquivo falta ou foi alterado
 */
export function digits8(): LabelledImages {
  return (loaded ??= load());
}

let loaded: LabelledImages | undefined;

function load(): LabelledImages {
  const name = "digits8.csv.gz";
  const bytes = gunzip(readData(name, sha256), name);
  const lines = new TextDecoder().decode(bytes).trim().split("\n");
  const pixels = new Float32Array(lines.length * 64);
  const labels = new Uint8Array(lines.length);
  lines.forEach((line, i) => {
    const numbers = line.split(",");
    for (let j = 0; j < 64; j++) pixels[i * 64 + j] = Number(numbers[j]) / 16;
    labels[i] = Number(numbers[64]);
  });
  return labelledImages(8, pixels, labels);
}

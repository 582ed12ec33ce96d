/** Produtos internos de muitos vetores de uma vez: a conta que domina a PCA. */
import { productsKernel } from "./productsModule";

/** Vetores do mesmo tamanho, as linhas ou as colunas de uma matriz. */
export interface Vectors {
  /** Quantos vetores. */
  readonly count: number;
  /** Quantos números em cada um. */
  readonly length: number;
  /** Escreve em `memory`, a partir de `at`, os números de `from` a `to` dos vetores de `first` a `last`, em painéis de quatro. */
  pack(
    first: number,
    last: number,
    from: number,
    to: number,
    memory: Float64Array,
    at: number,
  ): void;
}

type Matrix = readonly ArrayLike<number>[];

/** As linhas de M, cada uma menos `centre`. */
export function rowsOf(M: Matrix, centre: Float64Array = new Float64Array(M[0].length)): Vectors {
  return {
    count: M.length,
    length: M[0].length,
    pack(first, last, from, to, memory, at) {
      for (let i = first; i < last; i += 4) {
        // Uma linha que não existe vale zero: o centro menos ele mesmo.
        const [a, b, c, d] = [0, 1, 2, 3].map((lane) => (i + lane < last ? M[i + lane] : centre));
        for (let k = from; k < to; k++, at += 4) {
          memory[at] = a[k] - centre[k];
          memory[at + 1] = b[k] - centre[k];
          memory[at + 2] = c[k] - centre[k];
          memory[at + 3] = d[k] - centre[k];
        }
      }
    },
  };
}

/** As colunas de M, cada linha de M menos `centre`. */
export function columnsOf(
  M: Matrix,
  centre: Float64Array = new Float64Array(M[0].length),
): Vectors {
  return {
    count: M[0].length,
    length: M.length,
    pack(first, last, from, to, memory, at) {
      for (let j = first; j < last; j += 4) {
        const [c0, c1, c2, c3] = [centre[j], centre[j + 1], centre[j + 2], centre[j + 3]];
        const full = j + 4 <= last;
        if (!full) memory.fill(0, at, at + 4 * (to - from));
        for (let i = from; i < to; i++, at += 4) {
          const row = M[i];
          memory[at] = row[j] - c0;
          if (full || j + 1 < last) memory[at + 1] = row[j + 1] - c1;
          if (full || j + 2 < last) memory[at + 2] = row[j + 2] - c2;
          if (full) memory[at + 3] = row[j + 3] - c3;
        }
      }
    },
  };
}

const chunk = 256; // números de cada vetor por vez: dois painéis cabem no cache
const slice = 1024; // vetores de A por vez: limita a memória

/**
 * O produto interno de cada vetor de A com cada vetor de B.
 *
 * @param A m vetores de n números
 * @param B k vetores de n números; sem eles, os próprios A, e só metade da conta é feita
 * @returns m linhas de k números
 */
export function innerProducts(A: Vectors, B = A): Float64Array[] {
  const result: Float64Array[] = [];
  const step = A === B ? A.count : slice;
  for (let top = 0; top < A.count; top += step)
    result.push(...products(A, B, top, Math.min(A.count, top + step)));
  if (A === B) result.forEach((row, i) => { for (let j = 0; j < i; j++) row[j] = result[j][i]; }); // prettier-ignore
  return result;
}

/** As linhas de `top` a `bottom` do resultado; de A por A, só da diagonal para a direita. */
function products(A: Vectors, B: Vectors, top: number, bottom: number): Float64Array[] {
  const [panelsA, panelsB] = [Math.ceil((bottom - top) / 4), Math.ceil(B.count / 4)];
  // Na memória: os produtos, os painéis de B e os de A.
  const startB = 16 * panelsA * panelsB;
  const startA = A === B ? startB : startB + 4 * panelsB * chunk;
  const { products, numbers } = productsKernel(8 * (startA + 4 * panelsA * chunk));
  numbers.fill(0, 0, startB);
  for (let from = 0; from < A.length; from += chunk) {
    const to = Math.min(A.length, from + chunk);
    const size = 32 * (to - from); // bytes de um painel
    B.pack(0, B.count, from, to, numbers, startB);
    if (A !== B) A.pack(top, bottom, from, to, numbers, startA);
    const end = 8 * startB + panelsB * size;
    for (let i = 0; i < panelsA; i++) {
      const j = A === B ? i : 0;
      const out = 128 * (i * panelsB + j);
      products(8 * startA + i * size, 8 * startB + j * size, end, out, size);
    }
  }
  return Array.from({ length: bottom - top }, (_, i) => {
    const values = new Float64Array(B.count);
    const row = 16 * (i >> 2) * panelsB + 4 * (i & 3);
    for (let j = 0; j < B.count; j++) values[j] = numbers[row + 16 * (j >> 2) + (j & 3)];
    return values;
  });
}

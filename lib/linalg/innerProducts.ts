/**
 * Produtos internos de muitos vetores de uma vez: a conta que domina a PCA.
 *
 * O miolo é uma função WebAssembly de poucas linhas, montada neste arquivo. Cada instrução SIMD faz duas contas em ponto
 * flutuante de 64 bits, e cada número lido da memória serve a vários produtos: um nono do tempo do mesmo laço em
 * JavaScript.
 */

// Os tipos de @types/node não têm WebAssembly, que é global no Node.
declare const WebAssembly: {
  Memory: new (options: { initial: number }) => Memory;
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { products: Products } };
};
type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };

/** Escreve em `out` os produtos de `rows` vetores a partir de `p` por `columns` vetores a partir de `q` (endereços). */
type Products = (p: number, q: number, out: number) => void;

const [rows, columns] = [4, 2]; // vetores por chamada: as somas cabem nos 16 registradores
const chunk = 256; // números de cada vetor por vez: cabem no cache
const slice = 1024; // vetores de A por vez: limita a memória
const stride = 8 * chunk; // bytes de um vetor na memória
const startOfA = 8 * rows * columns; // antes dele, o resultado de uma chamada
const startOfB = startOfA + slice * stride;

/**
 * O produto interno de cada vetor de A com cada vetor de B, isto é, A Bᵀ.
 *
 * @param A m vetores de n números
 * @param B k vetores de n números; sem eles, os próprios A, e só metade da conta é feita
 * @returns m linhas de k números
 */
export function innerProducts(
  A: readonly ArrayLike<number>[],
  B: readonly ArrayLike<number>[] = A,
): Float64Array[] {
  const result = A.map(() => new Float64Array(B.length));
  const { products, memory } = ready(startOfB + (B.length + columns) * stride);
  const numbers = new Float64Array(memory.buffer);
  for (let top = 0; top < A.length; top += slice) {
    const bottom = Math.min(A.length, top + slice);
    for (let from = 0; from < A[0].length; from += chunk) {
      copy(A.slice(top, bottom), from, numbers, startOfA / 8);
      copy(B, from, numbers, startOfB / 8);
      for (let i = top; i < bottom; i += rows) {
        // De A por A, só da diagonal para a direita.
        for (let j = A === B ? i : 0; j < B.length; j += columns) {
          products(startOfA + (i - top) * stride, startOfB + j * stride, 0);
          for (let k = 0; k < rows * columns; k++) {
            const [row, column] = [i + Math.floor(k / columns), j + (k % columns)];
            if (row < bottom && column < B.length) result[row][column] += numbers[k];
          }
        }
      }
    }
  }
  if (A === B) result.forEach((row, i) => { for (let j = 0; j < i; j++) row[j] = result[j][i]; }); // prettier-ignore
  return result;
}

/** Põe na memória, um após o outro, `chunk` números de cada vetor, com zeros onde ele já acabou. */
function copy(
  vectors: readonly ArrayLike<number>[],
  from: number,
  memory: Float64Array,
  start: number,
): void {
  const to = Math.min(from + chunk, vectors[0].length);
  vectors.forEach((vector, i) => {
    const at = start + i * chunk;
    for (let k = from; k < to; k++) memory[at + k - from] = vector[k];
    memory.fill(0, at + to - from, at + chunk);
  });
}

let kernel: { products: Products; memory: Memory } | undefined;

/** A função e sua memória, de ao menos tantos bytes. */
function ready(bytes: number) {
  if (!kernel) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()), {
      "": { "": memory },
    });
    kernel = { products: exports.products, memory };
  }
  const missing = bytes - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65_536));
  return kernel;
}

/**
 * O módulo, no formato binário da especificação (WebAssembly Core 2.0, cap. 5). A função percorre os vetores de 16 em 16
 * bytes, e mantém uma soma de dois números para cada par (a, b) de vetores:
 *
 *     repete: para cada a, b: soma[a,b] += p[a] × q[b];  p += 16;  q += 16;  enquanto p < fim
 *     out[a,b] = as duas metades de soma[a,b]
 */
function assemble(): Uint8Array {
  const [p, q, out, end] = [0, 1, 2, 3]; // variáveis: três argumentos, um inteiro e os vetores de 128 bits:
  const left = (a: number) => 4 + a;
  const right = 4 + rows;
  const sum = (a: number, b: number) => right + 1 + a * columns + b;

  const get = (variable: number) => [0x20, ...integer(variable)];
  const set = (variable: number) => [0x21, ...integer(variable)];
  const constant = (value: number) => [0x41, ...integer(value)];
  const load = (offset: number) => [0xfd, 0x00, 3, ...integer(offset)]; // v128.load
  const store = (offset: number) => [0x39, 3, ...integer(offset)]; // f64.store
  const half = (lane: number) => [0xfd, 0x21, lane]; // f64x2.extract_lane
  const [addInteger, less, add] = [[0x6a], [0x49], [0xa0]]; // i32.add, i32.lt_u, f64.add
  const [multiplyPairs, addPairs] = [[0xfd, 0xf2, 0x01], [0xfd, 0xf0, 0x01]]; // prettier-ignore
  const [loop, branch, close] = [[0x03, 0x40], [0x0d, 0], [0x0b]]; // prettier-ignore
  const advance = (pointer: number, by: number) => [
    ...get(pointer),
    ...constant(by),
    ...addInteger,
  ];

  const all = <T>(n: number, make: (i: number) => T[]) => Array.from({ length: n }, (_, i) => make(i)).flat(); // prettier-ignore
  const body = [
    ...advance(p, stride), ...set(end),
    ...loop,
    ...all(rows, (a) => [...get(p), ...load(a * stride), ...set(left(a))]),
    ...all(columns, (b) => [
      ...get(q), ...load(b * stride), ...set(right),
      ...all(rows, (a) => [...get(sum(a, b)), ...get(left(a)), ...get(right), ...multiplyPairs, ...addPairs, ...set(sum(a, b))]),
    ]),
    ...advance(p, 16), ...set(p),
    ...advance(q, 16), ...set(q),
    ...get(p), ...get(end), ...less, ...branch,
    ...close,
    ...all(rows, (a) => all(columns, (b) => [
      ...get(out), ...get(sum(a, b)), ...half(0), ...get(sum(a, b)), ...half(1), ...add, ...store(8 * (a * columns + b)),
    ])),
    ...close,
  ]; // prettier-ignore

  const [i32, v128] = [0x7f, 0x7b];
  const locals = list([[1, i32], [rows + 1 + rows * columns, v128]]); // prettier-ignore
  const name = [...Buffer.from("products")];
  return Uint8Array.from([
    ...Buffer.from("\0asm"), 1, 0, 0, 0,
    ...section(1, list([[0x60, ...list([[i32], [i32], [i32]]), 0]])), // o tipo da função
    ...section(2, list([[0, 0, 2, 0, 1]])), // importa a memória, de nome vazio
    ...section(3, list([[0]])), // uma função, do tipo 0
    ...section(7, list([[name.length, ...name, 0, 0]])), // exporta a função 0
    ...section(10, list([sized([...locals, ...body])])),
  ]); // prettier-ignore
}

/**
 * Um inteiro ≥ 0 em LEB128: sete bits por byte, dos menos aos mais significativos. (Em `i32.const` o bit 64 do último byte
 * seria o sinal; nos passos usados aqui, 16 e 2048, ele é zero.)
 */
function integer(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...integer(value >> 7)];
}
const sized = (bytes: number[]) => [...integer(bytes.length), ...bytes];
const list = (items: number[][]) => [...integer(items.length), ...items.flat()];
const section = (id: number, content: number[]) => [id, ...sized(content)];

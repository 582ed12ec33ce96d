/**
 * O miolo dos produtos internos: uma função WebAssembly de poucas linhas, montada neste arquivo. Cada instrução SIMD faz
 * duas contas em ponto flutuante de 64 bits, e cada número lido da memória serve a quatro produtos.
 */

// Os tipos de @types/node não têm WebAssembly, que é global no Node.
declare const WebAssembly: {
  Memory: new (options: { initial: number }) => Memory;
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { products: Products } };
};
type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };

/**
 * Multiplica um painel por vários: os quatro vetores do painel em `p` pelos de cada painel de `q` a `end` (endereços).
 * Um painel são quatro vetores lado a lado, o primeiro número de cada, depois o segundo…, em `size` bytes. Os 16 produtos
 * de cada par de painéis são somados ao que está em `out`, par após par.
 */
type Products = (p: number, q: number, end: number, out: number, size: number) => void;

let kernel: { products: Products; memory: Memory } | undefined;

/** A função e sua memória, de ao menos tantos bytes. */
export function productsKernel(bytes: number): { products: Products; numbers: Float64Array } {
  if (!kernel) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()), {
      "": { "": memory },
    });
    kernel = { products: exports.products, memory };
  }
  const missing = bytes - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65_536));
  return { products: kernel.products, numbers: new Float64Array(kernel.memory.buffer) };
}

/**
 * O módulo, no formato binário da especificação (WebAssembly Core 2.0, cap. 5):
 *
 *     repete:
 *       soma[a,b] = out[a,b];  endOfPanel = q + size;  left = p
 *       repete: para cada a, b: soma[a,b] += left[a] × q[b];  left += 32;  q += 32;  enquanto q < endOfPanel
 *       out[a,b] = soma[a,b];  out += 128
 *     enquanto q < end
 *
 * As 16 somas são oito pares. O laço de dentro não é desenrolado de propósito: com duas voltas por vez, o V8 usa mais
 * registradores do que há, e leva o dobro do tempo.
 */
function assemble(): Uint8Array {
  const [p, q, end, out, size, endOfPanel, left, a] = [0, 1, 2, 3, 4, 5, 6, 7];
  const b = (pair: number) => 8 + pair;
  const sum = (row: number, pair: number) => 10 + 2 * row + pair;

  const get = (variable: number) => [0x20, variable];
  const set = (variable: number) => [0x21, variable];
  const constant = (value: number) => [0x41, ...integer(value)];
  const load = (offset: number) => [0xfd, 0x00, 3, offset]; // v128.load
  const loadTwice = (offset: number) => [0xfd, 0x0a, 3, offset]; // v128.load64_splat
  const store = (offset: number) => [0xfd, 0x0b, 3, offset]; // v128.store
  const [addInteger, less] = [0x6a, 0x49]; // i32.add, i32.lt_u
  const [multiply, add] = [
    [0xfd, 0xf2, 0x01],
    [0xfd, 0xf0, 0x01],
  ]; // f64x2.mul, f64x2.add
  const [loop, branch, close] = [[0x03, 0x40], [0x0d, 0], 0x0b]; // prettier-ignore
  const advance = (pointer: number, by: number) => [
    ...get(pointer), ...constant(by), addInteger, ...set(pointer),
  ]; // prettier-ignore

  const four = (make: (i: number) => number[]) => [0, 1, 2, 3].flatMap(make);
  const two = (make: (i: number) => number[]) => [0, 1].flatMap(make);
  const place = (row: number, pair: number) => 32 * row + 16 * pair;
  const body = [
    ...loop,
    ...get(q), ...get(size), addInteger, ...set(endOfPanel), ...get(p), ...set(left),
    ...four((row) => two((pair) => [...get(out), ...load(place(row, pair)), ...set(sum(row, pair))])),
    ...loop,
    ...two((pair) => [...get(q), ...load(16 * pair), ...set(b(pair))]),
    ...four((row) => [
      ...get(left), ...loadTwice(8 * row), ...set(a),
      ...two((pair) => [
        ...get(sum(row, pair)), ...get(a), ...get(b(pair)), ...multiply, ...add, ...set(sum(row, pair)),
      ]),
    ]),
    ...advance(left, 32), ...advance(q, 32), ...get(q), ...get(endOfPanel), less, ...branch,
    close,
    ...four((row) => two((pair) => [...get(out), ...get(sum(row, pair)), ...store(place(row, pair))])),
    ...advance(out, 128), ...get(q), ...get(end), less, ...branch,
    close,
    close,
  ]; // prettier-ignore

  const [i32, v128] = [0x7f, 0x7b];
  const locals = list([[2, i32], [11, v128]]); // prettier-ignore
  const ascii = (text: string) => [...new TextEncoder().encode(text)];
  const name = ascii("products");
  return Uint8Array.from([
    ...ascii("\0asm"), 1, 0, 0, 0,
    ...section(1, list([[0x60, ...list([[i32], [i32], [i32], [i32], [i32]]), 0]])), // o tipo da função
    ...section(2, list([[0, 0, 2, 0, 1]])), // importa a memória, de nome vazio
    ...section(3, list([[0]])), // uma função, do tipo 0
    ...section(7, list([[name.length, ...name, 0, 0]])), // exporta a função 0
    ...section(10, list([sized([...locals, ...body])])),
  ]); // prettier-ignore
}

/**
 * Um inteiro ≥ 0 em LEB128: sete bits por byte, dos menos aos mais significativos. (Em `i32.const` o bit 64 do último byte
 * seria o sinal; nos passos usados aqui, 32 e 128, ele é zero.)
 */
function integer(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...integer(value >> 7)];
}
const sized = (bytes: number[]) => [...integer(bytes.length), ...bytes];
const list = (items: number[][]) => [...integer(items.length), ...items.flat()];
const section = (id: number, content: number[]) => [id, ...sized(content)];

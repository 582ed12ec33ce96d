import { shuffle, type Source } from "../random";
import { tf } from "../tensor";
import { checkInteger } from "../validate";

/** Lotes que `for…of` percorre; `length` diz quantos são. Quem recebe um lote o descarta. */
export interface Batches<Data> extends Iterable<Data> {
  readonly length: number;
}

/**
 * Os dados em lotes, em ordem sorteada pela fonte: cada linha aparece uma vez, e o último lote pode ser menor. Um lote tem a
 * mesma estrutura dos dados: um tensor, ou uma lista de tensores que andam juntos.
 *
 *     for (const [x, y] of batches([images, labels], 128, seeded("cap02/lotes"))) { … }
 *
 * Cada lote é montado quando é pedido (`tf.gather`), e é de quem o pede: `fit` os descarta. Buscar o próximo antes da hora não
 * ajudaria: os dados já estão na memória, e o cálculo do passo ocupa todos os núcleos.
 *
 * @param data tensores com as linhas na primeira dimensão
 * @throws TypeError se não há linhas ou se os números de linhas diferem; RangeError se `batchSize` não é um inteiro ≥ 1, ou se
 * há NaN ou infinito nos dados
 */
export function batches<Data extends tf.Tensor | readonly tf.Tensor[] | []>(
  data: Data,
  batchSize: number,
  source: Source,
): Batches<Data extends readonly tf.Tensor[] ? { -readonly [K in keyof Data]: Data[K] } : Data> {
  checkInteger("batches: batchSize", batchSize, 1);
  const single = data instanceof tf.Tensor;
  const tensors: readonly tf.Tensor[] = single ? [data] : (data as readonly tf.Tensor[]);
  const n = checkTensors(tensors);
  const order = Int32Array.from(
    shuffle(
      Array.from({ length: n }, (_, i) => i),
      source,
    ),
  );
  function* generate(): Generator<unknown> {
    for (let from = 0; from < n; from += batchSize) {
      const rows = tf.tensor1d(order.subarray(from, from + batchSize), "int32");
      const batch = tensors.map((tensor) => tf.gather(tensor, rows));
      rows.dispose();
      yield single ? batch[0] : batch;
    }
  }
  return { length: Math.ceil(n / batchSize), [Symbol.iterator]: generate as never };
}

function checkTensors(tensors: readonly tf.Tensor[]): number {
  if (!Array.isArray(tensors) || tensors.length === 0)
    throw new TypeError("batches: esperava ao menos um tensor, recebi nenhum");
  for (const tensor of tensors)
    if (!(tensor instanceof tf.Tensor) || tensor.rank === 0)
      throw new TypeError("batches: esperava tensores com as linhas na primeira dimensão");
  const rows = tensors.map((tensor) => tensor.shape[0]);
  if (rows.some((n) => n !== rows[0]))
    throw new TypeError(
      `batches: esperava o mesmo número de linhas em cada tensor, recebi ${rows.join(" e ")}`,
    );
  if (rows[0] === 0) throw new TypeError("batches: esperava ao menos uma linha, recebi nenhuma");
  tensors.forEach((tensor, i) => checkFinite(tensor, i));
  return rows[0];
}

/** Os tensores já conferidos: um treino os passa a cada época. Guardam-se os dados, que não mudam. */
const checked = new WeakSet<tf.Tensor>();

function checkFinite(tensor: tf.Tensor, i: number): void {
  if (tensor.dtype !== "float32" || checked.has(tensor) || tensor instanceof tf.Variable) return;
  // 0·x é 0 se x é finito, e NaN se não é: a soma o diz, em uma passada.
  const finite = tf.tidy(() => tf.sum(tf.mul(tensor, 0)).dataSync()[0] === 0);
  if (!finite)
    throw new RangeError(
      `batches: esperava números finitos, e o tensor ${i} [${tensor.shape}] tem NaN ou infinito`,
    );
  checked.add(tensor);
}

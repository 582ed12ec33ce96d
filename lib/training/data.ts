import { tf } from "../tensor";

/** Um lote: um tensor, ou uma lista ou objeto deles. */
export type Batch = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** Os tensores de um lote, na ordem em que aparecem. @throws TypeError se há outra coisa nele */
export function tensorsOf(batch: unknown): tf.Tensor[] {
  if (batch instanceof tf.Tensor) return [batch];
  const parts = typeof batch === "object" && batch !== null ? Object.values(batch) : [];
  if (parts.length === 0 || parts.some((part) => !(part instanceof tf.Tensor)))
    throw new TypeError("fit: esperava lotes de tensores: um tensor, ou uma lista ou objeto deles");
  return parts as tf.Tensor[];
}

/** As formas de um lote, para mensagens: "[128,28,28,1] e [128]". */
export const shapesOf = (batch: Batch) =>
  tensorsOf(batch)
    .map(({ shape }) => `[${shape}]`)
    .join(" e ");

/**
 * Recusa o que nenhum passo aceitaria: números de linhas diferentes, lote sem linhas, NaN ou infinito.
 *
 * @throws TypeError ou RangeError, com as formas
 */
export function checkBatch(batch: Batch): void {
  const tensors = tensorsOf(batch);
  const rows = tensors.filter(({ rank }) => rank > 0).map(({ shape }) => shape[0]);
  if (rows.some((n) => n !== rows[0]))
    throw new TypeError(
      `fit: esperava o mesmo número de linhas em cada tensor do lote, recebi ${shapesOf(batch)}`,
    );
  if (tensors.some(({ size }) => size === 0))
    throw new TypeError(`fit: esperava lotes com ao menos uma linha, recebi ${shapesOf(batch)}`);
  tensors.forEach((tensor, i) => {
    const finite =
      tensor.dtype !== "float32" ||
      tf.tidy(() => Number.isFinite(tf.sum(tf.mul(tensor, 0)).dataSync()[0]));
    if (!finite)
      throw new RangeError(
        `fit: esperava dados finitos, e o tensor ${i} do primeiro lote, ${shapesOf(tensor)}, tem NaN ou infinito`,
      );
  });
}

/** O valor do meio; com uma quantidade par, a média dos dois do meio. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A maior diferença entre duas listas de números, relativa onde o esperado passa de 1; infinita se uma conta falhou. */
export function difference(actual, expected) {
  if (actual.length !== expected.length) return Infinity;
  const errors = actual.map(
    (value, i) => Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i])),
  );
  const largest = Math.max(0, ...errors);
  return Number.isNaN(largest) ? Infinity : largest;
}

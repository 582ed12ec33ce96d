import assert from "node:assert/strict";

// Só para os testes: dados que Python refaz igual, e comparações de listas de números.

/** n números em [0, 1) de um gerador congruencial de 31 bits, o mesmo que gerou os valores de referência em Python. */
export function lcg(n: number, seed = 1): number[] {
  let state = BigInt(seed);
  return Array.from({ length: n }, () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  });
}

/** A lista cortada em linhas de d números. */
export function reshape(values: readonly number[], d: number): number[][] {
  return Array.from({ length: values.length / d }, (_, i) => values.slice(i * d, (i + 1) * d));
}

/** Falha se algum número difere mais do que a tolerância (absoluta, ou relativa se o esperado passa de 1). */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] === expected[i]) continue; // também ±∞
    const error = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    assert.ok(
      error <= tolerance,
      `posição ${i}: ${actual[i]}, esperava ${expected[i]} (erro ${error})`,
    );
  }
}

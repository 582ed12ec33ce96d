/** O produto interno a · b. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Soma scale × v a target, no lugar. */
export function addScaled(target: Float64Array, scale: number, v: ArrayLike<number>): void {
  for (let i = 0; i < target.length; i++) target[i] += scale * v[i];
}

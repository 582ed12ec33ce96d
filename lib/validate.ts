/** Linhas são amostras, colunas são atributos: `number[][]` ou `Float64Array[]`. */
export type Rows = readonly ArrayLike<number>[];

/**
 * Confere que X é uma matriz não vazia de números finitos e devolve quantas linhas (n) e colunas (d) tem.
 *
 * @param name quem pergunta, para a mensagem: "PCA.fit"
 * @param columns quantas colunas deve ter; sem este argumento, tantas quantas a primeira linha tem
 * @throws TypeError se está vazia ou a forma está errada, RangeError se há NaN ou infinito
 */
export function checkRows(name: string, X: Rows, columns?: number): { n: number; d: number } {
  if (!Array.isArray(X) || X.length === 0) {
    throw new TypeError(
      `${name}: esperava ao menos uma linha de números, recebi ${X?.length === 0 ? "nenhuma" : typeof X}`,
    );
  }
  const d = columns ?? X[0]?.length;
  if (!(d > 0))
    throw new TypeError(`${name}: esperava linhas com ao menos um número, recebi uma vazia`);
  for (let i = 0; i < X.length; i++) checkPoint(`${name}: linha ${i}`, X[i], d);
  return { n: X.length, d };
}

/**
 * Confere que os números de X, linhas já conferidas, têm um tamanho cuja potência cabe em float64: fora dele, somas de quadrados dariam
 * infinito, ou zero onde há diferença.
 *
 * @param power a maior potência que a conta faz: 2, ou 4
 * @throws RangeError se o maior deles, em valor absoluto, é grande ou pequeno demais (zeros só, cabem)
 */
export function checkScale(name: string, X: Rows, power: 2 | 4 = 2): void {
  let largest = 0;
  for (const row of X)
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
  const limit = power === 2 ? 1e140 : 1e70;
  if (largest === 0 || (largest <= limit && largest >= 1 / limit)) return;
  const what = largest > limit ? "grandes" : "pequenos";
  throw new RangeError(
    `${name}: números ${what} demais para elevar à potência ${power} em float64: o maior, ${largest}, deve ficar entre ${1 / limit} e ${limit}. Multiplique todos por uma constante`,
  );
}

/** Confere um ponto: d números finitos. */
export function checkPoint(name: string, x: ArrayLike<number>, d: number): void {
  if (x?.length !== d) {
    throw new TypeError(`${name}: esperava ${d} número(s), recebi ${x?.length ?? typeof x}`);
  }
  for (let j = 0; j < d; j++) {
    if (!Number.isFinite(x[j]))
      throw new RangeError(`${name}: esperava números finitos, recebi ${x[j]} na posição ${j}`);
  }
}

/** Confere um inteiro entre low e high. */
export function checkInteger(name: string, value: number, low: number, high = Infinity): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  const range = high === Infinity ? `≥ ${low}` : `entre ${low} e ${high}`;
  throw new RangeError(`${name} deve ser um inteiro ${range}, recebi ${value}`);
}

/** Confere um número finito maior que zero. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity))
    throw new RangeError(`${name} deve ser > 0, recebi ${value}`);
}

/** Confere probabilidades: nenhuma negativa, soma 1 (a menos de 1e-9). */
export function checkProbabilities(name: string, weights: ArrayLike<number>): void {
  if (!(weights?.length > 0))
    throw new TypeError(`${name}: esperava ao menos uma probabilidade, recebi nenhuma`);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    if (!(weights[k] >= 0))
      throw new RangeError(`${name}: probabilidades devem ser ≥ 0, recebi ${weights[k]}`);
    sum += weights[k];
  }
  if (Math.abs(sum - 1) > 1e-9)
    throw new RangeError(`${name}: probabilidades devem somar 1, somam ${sum}`);
}

/**
 * Confere que há um rótulo por linha e ao menos duas classes; devolve as classes em ordem (números por valor, textos por letra).
 *
 * @throws TypeError se o número de rótulos é outro ou algum não é texto nem número, RangeError se um é NaN ou só há uma classe
 */
export function checkLabels<Label extends string | number>(
  name: string,
  y: ArrayLike<Label>,
  n: number,
): Label[] {
  if (y?.length !== n)
    throw new TypeError(
      `${name}: esperava um rótulo por linha (${n}), recebi ${y?.length ?? typeof y}`,
    );
  for (let i = 0; i < n; i++) {
    if (typeof y[i] !== "string" && typeof y[i] !== "number")
      throw new TypeError(`${name}: rótulos são textos ou números; o ${i} é ${typeof y[i]}`);
    if (Number.isNaN(y[i])) throw new RangeError(`${name}: o rótulo ${i} é NaN`);
  }
  const classes = [...new Set(Array.from(y))].sort((a, b) => (a < b ? -1 : 1));
  if (classes.length < 2)
    throw new RangeError(`${name}: esperava ao menos 2 classes, recebi só ${classes[0]}`);
  return classes;
}

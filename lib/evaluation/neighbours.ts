import { checkInteger, checkRows, checkScale, type Rows } from "../validate";

/** O quadrado da distância de cada linha de A à mais próxima de B. @throws como `checkRows` e `checkScale` */
export function nearestSquared(A: Rows, B: Rows): Float64Array {
  const { d } = checkRows("nearestSquared", A);
  checkRows("nearestSquared", B, d);
  checkScale("nearestSquared", A);
  checkScale("nearestSquared", B);
  return Float64Array.from(A, (a) =>
    B.reduce((least, b) => Math.min(least, squared(a, b)), Infinity),
  );
}

function squared(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

/**
 * Precisão e cobertura (T. Kynkäänniemi et al., “Improved Precision and Recall Metric…”, 2019, equações 1 e 2): a parte das amostras
 * que cai perto de uma imagem verdadeira, e a parte das verdadeiras que tem uma amostra perto. Perto é dentro da bola que vai até o
 * k-ésimo vizinho do mesmo conjunto.
 *
 * @param real n × d e `generated` m × d, atributos do juiz; n e m > k
 * @throws TypeError se as linhas não combinam; RangeError se k não cabe
 */
export function precisionRecall(
  real: Rows,
  generated: Rows,
  { k = 3 }: { k?: number } = {},
): { precision: number; recall: number } {
  const { n, d } = checkRows("precisionRecall", real);
  const m = checkRows("precisionRecall", generated, d).n;
  checkInteger("precisionRecall: k", k, 1, Math.min(n, m) - 1);
  checkScale("precisionRecall", real);
  checkScale("precisionRecall", generated);
  return { precision: covered(generated, real, k), recall: covered(real, generated, k) };
}

/** A parte das linhas de A que cai na bola de alguma linha de B. */
function covered(A: Rows, B: Rows, k: number): number {
  const radii = B.map((b) => Float64Array.from(B, (other) => squared(b, other)).sort()[k]); // a de índice 0 é a própria
  return A.filter((a) => B.some((b, i) => squared(a, b) <= radii[i])).length / A.length;
}

/**
 * A parte das amostras que está mais perto de uma imagem de treino do que 95 % das de teste estão: perto de 5 % se o modelo não decorou
 * nada, 100 % se devolve as imagens de treino.
 *
 * @param samples, train, test imagens, n × d cada uma
 */
export function memorization(samples: Rows, train: Rows, test: Rows): number {
  const { d } = checkRows("memorization", samples);
  checkRows("memorization", train, d);
  checkRows("memorization", test, d);
  const usual = nearestSquared(test, train).sort();
  const limit = usual[Math.floor(0.05 * usual.length)];
  return nearestSquared(samples, train).filter((value) => value < limit).length / samples.length;
}

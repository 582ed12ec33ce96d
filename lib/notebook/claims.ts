import { AssertionError } from "node:assert";

/**
 * Se dois números diferem menos do que a tolerância, que tem a unidade deles. NaN não é perto de nada; dois infinitos iguais são.
 *
 * @throws RangeError se a tolerância não é maior que zero
 */
export function near(value: number, expected: number, tolerance: number): boolean {
  if (!(tolerance > 0))
    throw new RangeError(`near: a tolerância deve ser > 0, recebi ${tolerance}`);
  return value === expected || Math.abs(value - expected) < tolerance;
}

/**
 * Confere o que o texto afirma: cada afirmação, com as palavras dele, e se vale. A célula que chama `claims` não faz mais nada, e
 * aparece recolhida em uma linha; `npm run format` a marca.
 *
 *     claims({
 *       "13,7 % de frutas miúdas": near(tinyShare, 13.7, 0.05),
 *       "o saco limpo tem menos": cleanShare < tinyShare,
 *     });
 *
 * @param options.when com `false`, nada se confere: números que só o treino padrão dá, por exemplo
 * @throws AssertionError com as afirmações que não se confirmam; TypeError se não há afirmação, ou se uma não é verdadeira nem falsa
 */
export function claims(
  statements: Readonly<Record<string, boolean>>,
  { when = true }: { when?: boolean } = {},
): void {
  const entries = Object.entries(statements);
  if (entries.length === 0)
    throw new TypeError("claims: esperava ao menos uma afirmação, recebi nenhuma");
  for (const [words, holds] of entries)
    if (typeof holds !== "boolean")
      throw new TypeError(`claims: "${words}" deve ser true ou false, recebi ${typeof holds}`);
  const failed = entries.filter(([, holds]) => !holds).map(([words]) => `“${words}”`);
  if (!when || failed.length === 0) return;
  const message = `não se confirma: ${failed.join(", ")}`;
  throw new AssertionError({ message, stackStartFn: claims });
}

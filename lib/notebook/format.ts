/**
 * Um número como se escreve no Brasil: `formatNumber(1234.5, 2)` é "1.234,50"; o sinal de menos é o da tipografia, "−".
 *
 * @param digits quantas casas decimais, de 0 a 20; sem isto, as necessárias, até três
 * @throws RangeError se digits está fora da faixa
 */
export function formatNumber(value: number, digits?: number): string {
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 0 && digits <= 20)) {
    throw new RangeError(`formatNumber: digits deve ser um inteiro de 0 a 20, recebi ${digits}`);
  }
  const text = value.toLocaleString("pt-BR", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits ?? 3,
  });
  if (!/[1-9∞]/.test(text)) return text.replace("-", ""); // −0,04 com uma casa é 0,0
  return text.replace("-", "−");
}

/** O texto com `&`, `<`, `>` e aspas escritos de modo que HTML e SVG os mostrem em vez de obedecer a eles. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

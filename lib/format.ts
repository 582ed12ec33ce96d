/** A number as Brazilians write it: `formatNumber(1234.5, 2)` is "1.234,50". `digits`: decimals, fixed. */
export function formatNumber(value: number, digits?: number): string {
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 0 && digits <= 20)) {
    throw new RangeError(`formatNumber: digits deve ser um inteiro de 0 a 20, recebi ${digits}`);
  }
  return value.toLocaleString("pt-BR", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits ?? 3,
  });
}

/** The text with `&`, `<`, `>` and quotes written so that HTML and SVG show them instead of obeying them. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

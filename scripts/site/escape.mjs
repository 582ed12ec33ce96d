/** Texto que vai dentro de HTML, também em atributos. */
export const escapeHtml = (text) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** O contrário, para o que o Sphinx e o plotly escrevem. */
export const unescapeHtml = (text) =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replace(
      /&(lt|gt|quot|apos);/g,
      (_, name) => ({ lt: "<", gt: ">", quot: '"', apos: "'" })[name],
    )
    .replace(/&amp;/g, "&");

/** JSON dentro de um <script>: nada nele pode encerrá-lo. */
export const scriptJson = (value) => JSON.stringify(value).replace(/</g, "\\u003c");

import katex from "katex";
import { unescapeHtml } from "./escape.mjs";

/**
 * As fórmulas de uma página, prontas: HTML para ver, MathML para quem ouve. As que ocupam a própria linha são numeradas;
 * `\label{nome}` dá a uma delas a âncora `eq-nome`. Devolve { html, numbers }, com o número de cada âncora.
 *
 * @throws Error com a fórmula, se o KaTeX não a entende
 */
export function renderMath(html, chapter) {
  const numbers = new Map();
  let count = 0;
  const rendered = html
    .replace(/<span class="math[^"]*"[^>]*>([^<]*)<\/span>/g, (_, tex) => render(tex, false))
    .replace(/<div class="math[^"]*"[^>]*>([^<]*)<\/div>/g, (_, tex) => {
      const number = `${chapter}.${++count}`;
      const label = /\\label\{([\w:-]+)\}/.exec(tex)?.[1];
      const id = `eq-${label?.replace(/^eq[:-]/, "") ?? `${chapter}-${count}`}`;
      numbers.set(id, number);
      const formula = render(tex.replace(/\\label\{[^}]*\}/, ""), true);
      return (
        `<div class="math" id="${id}"><div class="formula" tabindex="0" role="group" aria-label="Equação ${number}">${formula}</div>` +
        `<a class="eqno" href="#${id}" aria-label="Equação ${number}">(${number})</a></div>`
      );
    });
  return { html: rendered, numbers };
}

function render(tex, displayMode) {
  const source = unescapeHtml(tex).trim();
  try {
    return katex.renderToString(source, { displayMode, throwOnError: true, strict: "ignore" });
  } catch (error) {
    throw new Error(`fórmula que o KaTeX não entende: ${source}\n${error.message}`);
  }
}

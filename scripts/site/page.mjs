import { renderMath } from "./math.mjs";

/** O que o tema só diz em inglês. */
const WORDS = {
  "Skip to main content": "Pular para o conteúdo",
  "Back to top": "Voltar ao topo",
  "light/dark": "claro, escuro ou automático",
  "Toggle primary sidebar": "Mostrar ou esconder os capítulos",
  "Toggle secondary sidebar": "Mostrar ou esconder o índice da página",
  'aria-label="Main"': 'aria-label="Capítulos"',
  'aria-label="Page"': 'aria-label="Nesta página"',
};

/** A página do Sphinx, acabada: { html, numbers }, com o número de cada figura e equação que tem âncora. */
export function finishPage(html, chapter) {
  const math = renderMath(withoutLoaders(html), chapter);
  const numbers = new Map(math.numbers);
  for (const [, id, number] of html.matchAll(/<figcaption><a href="#([^"]+)">Figura ([\d.]+)</g))
    numbers.set(id, number);
  return { html: namedByText(translated(lighter(math.html))), numbers };
}

/** Os ícones já vêm com a fonte, em icons.css: sem o programa de 1,5 MB e sem pedidos de fontes. */
const withoutLoaders = (html) =>
  html
    .replace(/<script src="[^"]*fontawesome[^"]*"><\/script>/g, "")
    .replace(/<link[^>]*(fontawesome|rel="preload")[^>]*>/g, "")
    .replace(/<meta name="docsearch:language"[^>]*>/g, "");

/** O código colorido sem as marcas de espaços e nomes, que têm a cor do texto: são um quarto do peso de um capítulo. */
const lighter = (html) => html.replace(/<span class="(?:w|nx|p)">([^<]*)<\/span>/g, "$1");

/** Botões cujo nome é o que está escrito neles: sem o aria-label que diz outra coisa. */
const namedByText = (html) =>
  html
    .replace(/(class="btn search-button-field[^>]*?) aria-label="[^"]*"/g, "$1")
    .replaceAll('<summary aria-label="Toggle hidden content">', "<summary>");

const translated = (html) =>
  Object.entries(WORDS).reduce((text, [from, to]) => text.replaceAll(from, to), html);

/**
 * As referências `<a class="numerada" href="pagina.html#ancora">Figura</a>` com o número do que apontam.
 *
 * @param numbersOf os números de cada página, por nome de arquivo
 * @throws Error se a âncora não existe
 */
export function fillReferences(html, page, numbersOf) {
  return html.replace(
    /<a class="numerada" href="([^"#]*)#([^"]+)">(.*?)<\/a>/g,
    (_, other, id, text) => {
      const number = numbersOf.get(other || page)?.get(id);
      if (!number) throw new Error(`${page}: a referência a ${other}#${id} não leva a nada`);
      return `<a class="numerada" href="${other}#${id}">${text} ${number}</a>`;
    },
  );
}

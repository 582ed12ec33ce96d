import { namesOf, namesPattern } from "../glossary.mjs";
import { chapterNumber } from "../notebooks.mjs";
import { escapeHtml } from "./escape.mjs";

/**
 * A página de um capítulo, ainda com as fórmulas por fazer, em que os termos do glossário mostram a definição: cada um na primeira
 * vez em que aparece no texto de uma seção `##`. Valem os deste capítulo e dos anteriores.
 */
export function withDefinitions(html, terms, chapter) {
  const words = wordsOf(terms, chapter);
  const start = html.indexOf("<article");
  const end = html.indexOf("</article>");
  if (words.length === 0 || start < 0) return html;
  const used = new Set();
  const article = marked(html.slice(start, end), words, used);
  const notes = [...used].sort((a, b) => a - b).map((id) => note(terms[id], id));
  return html.slice(0, start) + article + notes.join("") + html.slice(end);
}

/** As palavras que se marcam, [nome, número do termo]: as mais longas antes; um nome que dois capítulos definem é do último. */
function wordsOf(terms, chapter) {
  const known = [...terms.entries()]
    .filter(([, term]) => term.chapter <= chapter)
    .sort(([, a], [, b]) => a.chapter - b.chapter);
  const owner = new Map(known.flatMap(([id, term]) => namesOf(term).map((name) => [name, id])));
  return [...owner]
    .filter(([, id]) => terms[id].hover !== false)
    .sort(([a], [b]) => b.length - a.length);
}

const TOKEN =
  /<!--[^]*?-->|<(script|style|svg)\b[^]*?<\/\1>|<(\/?)([a-z][\w-]*)((?:"[^"]*"|[^">])*)>|[^<]+/gi;
const ALONE = /^(br|hr|img|input|wbr)$/;
const PROSE = /^(p|li|dd)$/;
const QUIET = /^(a|abbr|button|code|em|h\d|pre|summary|table|figure)$/;
const QUIET_PART = /class="(?:math|cell )|id="(?:glossario|referencias)"/;

/** O artigo com as palavras marcadas; `used` recebe os números dos termos. */
function marked(article, words, used) {
  const pattern = namesPattern(words.map(([name]) => name));
  const open = []; // os elementos em volta
  let seen = new Set();
  const mark = (text) =>
    text.replace(pattern, (word, ...groups) => {
      const id = words[groups.findIndex((group) => group !== undefined)][1];
      if (seen.has(id)) return word;
      seen.add(id);
      if (open.some(({ tag }) => tag === "strong")) return word; // ali o texto o apresenta
      used.add(id);
      return `<span class="termo" tabindex="0" aria-describedby="termo-${id}">${word}</span>`;
    });
  return article.replace(TOKEN, (token, _, closing, name, attributes) => {
    const tag = name?.toLowerCase();
    if (!tag) {
      const prose = open.some(({ tag }) => PROSE.test(tag)) && !open.some(({ quiet }) => quiet);
      return prose && !token.startsWith("<") ? mark(token) : token;
    }
    if (ALONE.test(tag)) return token;
    if (closing) {
      const at = open.findLastIndex((element) => element.tag === tag);
      if (at >= 0) open.splice(at);
      return token;
    }
    open.push({ tag, quiet: QUIET.test(tag) || QUIET_PART.test(attributes) });
    const depth = open.filter(({ tag }) => tag === "section").length;
    if (tag === "section" && depth === 2) seen = new Set();
    return token;
  });
}

/** A definição, escondida até que a peçam; a fórmula é como as da página. */
function note({ pt, en, definition, chapter }, id) {
  const text = escapeHtml(definition)
    .replace(/\$([^$]+)\$/g, '<span class="math">$1</span>')
    .replace(/`([^`]+)`/g, "<code>$1</code>");
  return (
    `<div class="termo-nota" id="termo-${id}" role="tooltip" popover>` +
    `<strong>${escapeHtml(pt)}</strong> (<em lang="en">${escapeHtml(en)}</em>): ${text}. Capítulo ${chapter}.</div>`
  );
}

/** O que a busca acha de cada termo, no formato dos trechos: leva ao glossário do capítulo. `chapters` são { name, title }. */
export function termPassages(terms, chapters) {
  return terms.flatMap(({ pt, en, synonyms = [], definition, chapter }, i) => {
    const page = chapters.find(({ name }) => chapterNumber(name) === chapter);
    if (!page) return [];
    const also = synonyms.length > 0 ? ` Também: ${synonyms.join(", ")}.` : "";
    return {
      id: `termo-${i}`,
      page: page.title,
      url: `${page.name.replace(".ipynb", ".html")}#glossario`,
      title: `${plain(pt)} (${en})`,
      text: `${plain(definition)}.${also}`,
    };
  });
}

/** O texto de uma fórmula curta, sem as marcas. */
const plain = (text) => text.replaceAll("\\mid", "|").replace(/[$`\\]/g, "");

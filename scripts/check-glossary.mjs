import { findGlossaryCell, glossaryCell, namesOf, namesPattern, readGlossary } from "./glossary.mjs"; // prettier-ignore
import { chapterNumber, listNotebooks, readNotebook } from "./notebooks.mjs";

/** O que, nos cadernos, não está como o glossário diz: a tabela de cada capítulo e as palavras do texto. */
export function checkGlossary(root) {
  let terms;
  try {
    terms = readGlossary(root);
  } catch (error) {
    return [error.message];
  }
  const wordProblems = wordChecker(terms);
  return listNotebooks(root).flatMap((name) => {
    const notebook = readNotebook(root, name);
    const texts = notebook.cells.filter((cell) => cell.cell_type === "markdown");
    return [
      ...tableProblems(notebook, terms, chapterNumber(name)),
      ...texts.flatMap(({ id, source }) =>
        wordProblems(source).map((problem) => `célula ${id}: ${problem}`),
      ),
    ].map((problem) => `notebooks/${name}: ${problem}`);
  });
}

function tableProblems(notebook, terms, chapter) {
  const cell = findGlossaryCell(notebook);
  const has = terms.some((term) => term.chapter === chapter);
  if (!cell) return has ? ["falta a célula “## Glossário”"] : [];
  if (cell.source === glossaryCell(terms, chapter)) return [];
  return ["a tabela do glossário não é a de data/glossario.json; rode npm run format"];
}

const NEW_TERM = /\*\*([^*]+)\*\*,?\s+\(\*([^*]+)\*/g;

/**
 * Uma função que diz o que há de errado com as palavras de um texto em Markdown: as que o glossário evita, e os termos novos, em
 * negrito e com o inglês entre parênteses, que ele não tem.
 */
export function wordChecker(terms) {
  const avoided = terms
    .filter(({ avoid }) => avoid)
    .map(({ pt, avoid, allow }) => ({
      pt,
      avoid: namesPattern(avoid),
      allow: allow && namesPattern(allow),
    }));
  const names = terms.flatMap(namesOf);
  const known = namesPattern(names);
  return (source) => {
    const text = prose(source);
    const plainText = text.replaceAll("*", "");
    const misused = avoided.flatMap(({ pt, avoid, allow }) => {
      const found = (allow ? plainText.replace(allow, "") : plainText).match(avoid) ?? [];
      return [...new Set(found)].map((word) => `“${word}”; o glossário pede “${pt}”`);
    });
    const missing = [...text.matchAll(NEW_TERM)]
      .filter(([, term]) => !term.match(known) && !names.join("\n").match(namesPattern([term])))
      .map(([, term, en]) => `**${term}** (*${en}*) não está em data/glossario.json`);
    return [...misused, ...missing];
  };
}

/** O texto sem código, sem os endereços dos links e sem as marcas de HTML. */
const prose = (source) =>
  source.replace(/```[^]*?```|`[^`]*`|<code>.*?<\/code>|(?<=\])\([^)]*\)|<\/?[a-z][^<>\n]*>/g, " ");

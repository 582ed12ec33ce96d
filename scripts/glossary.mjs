import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./errors.mjs";
import { chapterNumber, listNotebooks } from "./notebooks.mjs";

// O glossário de todos os capítulos é um arquivo só, data/glossario.json: dele se fazem a tabela de cada capítulo, a definição que
// aparece sobre uma palavra no site e o que a busca acha. Um termo é
//   { pt, en, definition, chapter }   pt e en com vírgula são mais de um nome; chapter é o capítulo que o apresenta
// e pode ter
//   synonyms   outros nomes, que a tabela não mostra
//   avoid      o que não se escreve em lugar dele, e `allow`, as locuções em que isso pode
//   hover      false, se a palavra também é do dia a dia: sem definição sobre ela

const FILE = "data/glossario.json";

/**
 * Os termos do glossário.
 *
 * @throws UserError com tudo o que está errado no arquivo
 */
export function readGlossary(root) {
  let terms;
  try {
    terms = JSON.parse(readFileSync(join(root, FILE), "utf8"));
  } catch (error) {
    throw new UserError(`${FILE} não se lê: ${error.message}`);
  }
  const chapters = listNotebooks(root).map(chapterNumber);
  const problems = glossaryProblems(terms, chapters);
  if (problems.length > 0) throw new UserError(`${FILE}:\n${problems.join("\n")}`);
  return terms;
}

const line = (value) => typeof value === "string" && value.trim() !== "" && !/[|\n]/.test(value);
const lines = (value) => Array.isArray(value) && value.every(line);
const REQUIRED = { pt: line, en: line, definition: line, chapter: Number.isInteger };
const FIELDS = {
  ...REQUIRED,
  synonyms: lines,
  avoid: lines,
  allow: lines,
  hover: (value) => value === false,
};

/** O que está errado numa lista de termos; `chapters` são os capítulos que existem. */
export function glossaryProblems(terms, chapters) {
  const problems = [];
  const owners = new Map();
  for (const [index, term] of terms.entries()) {
    const report = (text) => problems.push(`termo ${index + 1} (${term.pt ?? "sem pt"}): ${text}`);
    const missing = Object.keys(REQUIRED).filter((field) => !(field in term));
    const wrong = Object.keys(term).filter((field) => !FIELDS[field]?.(term[field]));
    for (const field of missing) report(`falta ${field}`);
    for (const field of wrong) report(`${field} não pode ser ${JSON.stringify(term[field])}`);
    if (missing.length + wrong.length > 0) continue;
    if (!chapters.includes(term.chapter)) report(`não há capítulo ${term.chapter}`);
    for (const name of [...split(term.pt), ...(term.synonyms ?? [])]) {
      const key = name.toLowerCase();
      if (owners.has(key)) report(`“${name}” já é de “${owners.get(key)}”`);
      owners.set(key, term.pt);
    }
  }
  return problems;
}

const split = (names) => names.split(", ");

/** As palavras pelas quais se reconhece um termo, sem o que está entre parênteses. */
export const namesOf = ({ pt, synonyms = [] }) =>
  [...split(pt), ...synonyms].map((name) => name.replace(/ ?\([^)]*\)/g, ""));

const HEADING = "## Glossário";
const collator = new Intl.Collator("pt-BR");

/** A célula do glossário de um capítulo: os termos que ele apresenta, em ordem. */
export function glossaryCell(terms, chapter) {
  const rows = terms
    .filter((term) => term.chapter === chapter)
    .sort((a, b) => collator.compare(a.pt, b.pt))
    .map(({ pt, en, definition }) => {
      const english = split(en).map((name) => `*${name}*`);
      return `| ${pt} | ${english.join(", ")} | ${definition} |`;
    });
  return `${HEADING}\n\n| português | inglês | em uma linha |\n|---|---|---|\n${rows.join("\n")}`;
}

/** A célula do glossário de um caderno, se há. */
export const findGlossaryCell = ({ cells }) =>
  cells.find(
    ({ cell_type, source }) => cell_type === "markdown" && source.split("\n")[0] === HEADING,
  );

/** Uma expressão que acha qualquer dos nomes, no singular ou no plural, com a primeira letra maiúscula ou não: um grupo por nome. */
export function namesPattern(names) {
  const forms = names.map((name) => `(${form(name)})`).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${forms})(?![\\p{L}\\p{N}_])`, "gu");
}

function form(name) {
  const words = name.split(/([ -])/).map((word) => (word === " " ? "\\s+" : plural(escape(word))));
  return words.join("").replace(/^\p{Ll}/u, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Como cada fim de palavra faz o plural; o primeiro que casa vale. */
const PLURALS = [
  [/^(a|o|as|os|e|ou|de|d[ao]s?|em|n[ao]s?|por|para|com|que|não)$/, "$&"],
  [/ão$/, "(?:ão|ões)"],
  [/[êé]s$/, "(?:$&|eses)"],
  [/m$/, "(?:m|ns)"],
  [/il$/, "(?:il|is)"],
  [/(?<=[aeou])l$/, "(?:l|is)"],
  [/[rz]$/, "$&(?:es)?"],
  [/\p{L}$/u, "$&s?"],
];

function plural(word) {
  const [ending, replacement] = PLURALS.find(([ending]) => ending.test(word)) ?? [];
  return ending ? word.replace(ending, replacement) : word;
}

import { claimsOf, withoutClaimsLine } from "../claim-cells.mjs";
import { chapterNumber } from "../notebooks.mjs";
import { unanswered } from "./exercise.mjs";
import { figureHtml, PLOTLY } from "./figure.mjs";
import { withImages } from "./images.mjs";

/** De um caderno executado ao que o Sphinx lê e a primeira página mostra: { notebook, title, description, time, needs, cover }. `name` é "01-modelagem-generativa.ipynb". Com `single`, não há outras páginas para onde apontar; `folder` é onde estão as imagens do texto. */
export function toSource(notebook, name, { single = false, folder } = {}) {
  const { title, promise, time } = heading(notebook, name);
  const number = chapterNumber(name) ?? "C"; // um caderno do leitor
  let figures = 0;
  let cover;
  const given = hasTitle(notebook) ? notebook.cells : [titleCell(name), ...notebook.cells];
  const cells = given.map((cell) => {
    if (cell.cell_type === "markdown")
      return {
        ...cell,
        attachments: undefined,
        source: markdown(withImages(cell, folder), single),
      };
    if (cell.cell_type !== "code") return cell;
    const outputs = cell.outputs.map((output) => {
      const figure = output.data?.[PLOTLY];
      if (!figure) return unanswered(output);
      figures++;
      if (tagsOf(cell).includes("capa")) cover = figure;
      const label = tagsOf(cell).find((tag) => tag.startsWith("fig-"));
      const id = label ?? `fig-${number}-${figures}`;
      const alt = [].concat(output.data["text/plain"] ?? "").join("");
      const html = figureHtml(figure, alt, `${number}.${figures}`, id);
      return { ...output, data: { "text/html": html } };
    });
    const source = withoutClaimsLine(cell.source);
    return { ...cell, source, outputs, metadata: codeMetadata(cell) };
  });
  const description = promise.slice(0, 200) || title;
  const metadata = { ...notebook.metadata, myst: { html_meta: sharing(title, description) } };
  const needs = notebook.metadata.caderno?.needs ?? [];
  return { notebook: { ...notebook, cells, metadata }, title, description, time, needs, cover };
}

const tagsOf = (cell) => cell.metadata?.tags ?? [];

const hasTitle = ({ cells }) =>
  cells.some(({ cell_type, source }) => cell_type === "markdown" && /^#{1,6} \S/m.test(source));
/** A página precisa de um título: o do arquivo. */
const titleCell = (name) => ({
  cell_type: "markdown",
  id: "titulo",
  metadata: {},
  source: `# ${name.replace(".ipynb", "")}`,
});

/** O título, a promessa e o tempo: a primeira linha `# …`, o primeiro parágrafo e o que começa com **Tempo:**. */
function heading({ cells }, name) {
  const text = cells.find((cell) => cell.cell_type === "markdown")?.source ?? "";
  const title = /^# (.+)$/m.exec(text)?.[1] ?? name.replace(".ipynb", "");
  const paragraphs = text.split(/\n\s*\n/).filter((part) => !part.startsWith("#"));
  const time = paragraphs.find((part) => part.startsWith("**Tempo:**")) ?? "";
  return {
    title: plain(title),
    promise: plain(paragraphs[0] ?? ""),
    time: plain(time.replace("**Tempo:**", "")),
  };
}

/** Markdown sem as marcas. */
const plain = (text) =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`$]/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** O que mostram as redes e os buscadores. */
export function sharing(title, description) {
  return {
    "description lang=pt-BR": description,
    "property=og:title": title,
    "property=og:description": description,
    "property=og:type": "article",
    "property=og:locale": "pt_BR",
    "property=og:site_name": "Caderno de IA Generativa",
  };
}

const NAVIGATION = /^\[← .*$|^\[[^\]]* →\]\(\d\d-[^)]*\)$/gm;
const PATH = /^\*(essencial|aprofunda)\*$/gm;
const NUMBERED = /\[([^\]]+)\]\((?:(\d\d-[\w-]+)\.ipynb)?#((?:fig|eq)-[\w-]+)\)/g;
const OTHER_PAGE = /\[([^\]]+)\]\((?:\d\d-[\w-]+\.ipynb[^)]*|\.\.\/data\/README\.md)\)/g;

/** O texto de uma célula, com as referências que o Sphinx não conhece e sem a navegação que a página já tem. */
function markdown(source, single) {
  const text = together(source.replace(NAVIGATION, ""));
  return (single ? text.replace(OTHER_PAGE, "$1") : text)
    .replaceAll("](../data/README.md)", "](dados.md)")
    .replace(PATH, '<span class="trilha $1">$1</span>')
    .replace(NUMBERED, (_, words, page, id) => {
      const href = `${page ? `${page}.html` : ""}#${id}`;
      return `<a class="numerada" href="${href}">${words}</a>`;
    });
}

/** "4 %" não se parte no fim da linha; código e fórmulas ficam como são. */
const together = (text) =>
  text.replace(/(```[^]*?```|`[^`]*`|\$[^$]*\$)|(?<=\d) %/g, (_, kept) => kept ?? "\u00a0%");

/** O que fica recolhido: respostas, com o que mostram, e células que o JupyterLab também mostra fechadas. */
function codeMetadata({ source, metadata = {} }) {
  const { tags = [], jupyter = {}, ...rest } = metadata;
  const answer = tags.includes("resposta");
  const hide = answer
    ? "hide-cell"
    : jupyter.source_hidden && jupyter.outputs_hidden
      ? "hide-cell"
      : jupyter.source_hidden
        ? "hide-input"
        : jupyter.outputs_hidden
          ? "hide-output"
          : undefined;
  if (!hide) return { ...rest, tags };
  return { ...rest, tags: [...tags, hide], mystnb: prompts(source, tags, answer, hide) };
}

/** O que se lê de uma célula recolhida, fechada e aberta. */
function prompts(source, tags, answer, hide) {
  if (tags.includes("conferido")) {
    const claims = `conferido: ${claimsOf(source).join("; ")}`;
    return { code_prompt_show: claims, code_prompt_hide: claims };
  }
  if (tags.includes("conferencia"))
    return {
      code_prompt_show: "Como a resposta é conferida",
      code_prompt_hide: "Esconder a conferência",
    };
  const what = answer ? "a solução" : hide === "hide-output" ? "a saída" : "o código";
  return { code_prompt_show: `Mostrar ${what}`, code_prompt_hide: `Esconder ${what}` };
}

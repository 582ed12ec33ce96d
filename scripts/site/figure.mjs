import { escapeHtml, scriptJson, unescapeHtml } from "./escape.mjs";

export const PLOTLY = "application/vnd.plotly.v1+json";

// Alturas em pixels do que as figuras trazem acima da legenda: cada linha do título e a folga em volta dele.
const TITLE_LINE = 21;
const TITLE_GAP = 14;

/**
 * A figura como HTML, que static/figures.js desenha: o título sai de dentro dela e vira legenda numerada.
 *
 * @param number "1.3"
 * @param id a âncora para onde apontam as referências
 */
export function figureHtml(figure, alt, number, id) {
  const { data, layout = {}, config, frames } = figure;
  const title = layout.title?.text ?? layout.title ?? "";
  const description = layout.meta?.alt ?? alt;
  const drawn = { data, layout: withoutTitle(layout), config, frames };
  const height = Number(drawn.layout.height) || 450;
  return (
    `<figure class="figura" id="${id}">` +
    `<div class="figura-desenho" role="group" aria-label="${escapeHtml(description)}" style="min-height:${height}px"></div>` +
    `<script type="application/json">${scriptJson(drawn)}</script>` +
    `<figcaption><a href="#${id}">Figura ${number}</a> ${escapeHtml(plainText(title))}</figcaption>` +
    `<noscript><p>${escapeHtml(description)}</p></noscript></figure>`
  );
}

/** A figura pequena, sem letras nem legenda: a capa de um capítulo na primeira página. */
export function coverHtml({ data, layout = {} }) {
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const bare = Object.fromEntries(axes.map((key) => [key, { ...layout[key], visible: false }]));
  const drawn = {
    data: data.map((trace) => ({ ...trace, showlegend: false, showscale: false })),
    layout: {
      ...withoutTitle(layout),
      ...bare,
      annotations: [],
      showlegend: false,
      coloraxis: { ...layout.coloraxis, showscale: false },
      height: 150,
      margin: { t: 4, b: 4, l: 4, r: 4 },
    },
    config: { staticPlot: true },
  };
  return `<div class="figura-desenho" aria-hidden="true" style="min-height:150px"></div><script type="application/json">${scriptJson(drawn)}</script>`;
}

function withoutTitle({ title, ...layout }) {
  const text = title?.text ?? title;
  const top = layout.margin?.t;
  const removed = text ? TITLE_LINE * text.split("<br>").length + TITLE_GAP : 0;
  if (!(top > removed && layout.height > removed)) return layout;
  return {
    ...layout,
    height: layout.height - removed,
    margin: { ...layout.margin, t: top - removed },
  };
}

/** O plotly quebra linhas com <br> e escreve < e & como em HTML. */
const plainText = (title) => unescapeHtml(String(title).replace(/<br\s*\/?>/g, " "));

import { palette } from "./colors";
import { titleLine } from "./layout";
import { escapeText, type ColorScale, type Json } from "./mark";

/** O que todas as figuras têm: letra, números em formato brasileiro, fundo, e o que o ponteiro faz. */
export const theme: Json = {
  font: {
    family: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    size: 13,
    color: "#222",
  },
  separators: ",.", // vírgula decimal e ponto de milhar: 12.345,6
  colorway: palette,
  paper_bgcolor: "white",
  plot_bgcolor: "white",
  barmode: "group",
  hovermode: "closest",
  dragmode: false, // senão, no telefone, o dedo ampliaria a figura em vez de rolar a página
  modebar: { bgcolor: "rgba(255,255,255,0.8)", color: "#777", activecolor: "#222" },
};

/** O título, alinhado à esquerda da página. O plotly centra várias linhas na altura da primeira: a margem compensa. */
export function titleStyle(lines: readonly string[]): Json {
  return {
    text: lines.map(escapeText).join("<br>"),
    font: { size: 16 },
    x: 0,
    xref: "container",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { l: 12, t: 12 + (titleLine / 2) * (lines.length - 1) },
  };
}

/** A legenda: na horizontal, logo acima dos painéis. */
export const legendStyle: Json = {
  orientation: "h",
  x: 0,
  xanchor: "left",
  yanchor: "bottom",
  itemsizing: "constant",
  bgcolor: "rgba(255,255,255,0)",
};

/** O comportamento da figura. Nunca `responsive: true`: o JupyterLab a mostraria com altura 0 ao desenhá-la de novo. */
export const config: Json = {
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
};

/** Um eixo; `labelled` diz se ele escreve seus números e seu nome. */
export function axis(
  visible: boolean,
  labelled: boolean,
  name: string | undefined,
  range: readonly [number, number] | undefined,
): Json {
  const ends = range && { range: [...range] };
  if (!visible) return { visible: false, ...ends };
  return {
    ...ends,
    ...(labelled
      ? { title: { text: escapeText(name ?? ""), standoff: 6, font: { size: 13 } } }
      : { showticklabels: false }),
    automargin: true,
    showline: true,
    linecolor: "#777",
    ticks: "outside",
    ticklen: 4,
    tickcolor: "#777",
    gridcolor: "#E8E8E8",
    zeroline: false,
    exponentformat: "none",
  };
}

/** A escala de cores, na horizontal, na altura y abaixo dos painéis. A viridis se lê com qualquer forma de daltonismo. */
export function colorAxis({ title, range }: ColorScale, y: number): Json {
  return {
    colorscale: "Viridis",
    ...(range && { cmin: range[0], cmax: range[1] }),
    colorbar: {
      title: { text: escapeText(title), side: "bottom", font: { size: 13 } },
      orientation: "h",
      x: 0.5,
      y,
      yanchor: "top",
      thickness: 12,
      outlinewidth: 0,
      ypad: 0,
      exponentformat: "none",
    },
  };
}

/** O título de um painel, centrado acima dele. */
export function panelTitle(lines: readonly string[], x: string, y: string): Json {
  return {
    text: lines.map(escapeText).join("<br>"),
    x: 0.5,
    xref: `${x} domain`,
    xanchor: "center",
    y: 1,
    yref: `${y} domain`,
    yanchor: "bottom",
    showarrow: false,
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharing } from "./chapter.mjs";
import { escapeHtml } from "./escape.mjs";
import { coverHtml } from "./figure.mjs";

const DESCRIPTION =
  "Notas de estudo sobre IA generativa, em português, com código TypeScript que você roda e muda: um caderno por capítulo.";

/** A primeira página: o que é e a lista dos capítulos, como `toSource` os dá. */
export function indexPage(chapters) {
  const titles = new Map(chapters.map(({ name, title }) => [name.slice(0, 2), title]));
  const list = chapters.map((chapter) => card(chapter, titles));
  return `---
myst:
  html_meta: ${JSON.stringify({ ...sharing("Caderno de IA Generativa", DESCRIPTION), "property=og:type": "website" })}
---

# Caderno de IA Generativa

**Notas de estudo sobre IA generativa, em português, com código que você roda e muda.**

Estas páginas são os cadernos já executados: o texto, o código e o que ele mostrou. As figuras e os controles deslizantes
funcionam aqui mesmo, sem rede. Para rodar e mudar o código, abra os cadernos na sua máquina, com o projeto e \`npm start\`.

## Capítulos

${list.join("\n\n")}

\`\`\`{toctree}
:hidden:
:maxdepth: 2

${chapters.map(({ name }) => name.replace(".ipynb", "")).join("\n")}
dados
\`\`\`
`;
}

/** Um capítulo na lista: a capa, a promessa, o tempo e o que vem antes. */
function card({ name, title, description, time, needs, cover }, titles) {
  const before = needs.map((number) => titles.get(number)).filter(Boolean);
  const lines = [
    `<h3><a href="${name.replace(".ipynb", ".html")}">${escapeHtml(title)}</a></h3>`,
    `<p>${escapeHtml(description)}</p>`,
    time && `<p class="antes">Tempo: ${escapeHtml(time)}</p>`,
    before.length > 0 && `<p class="antes">Antes: ${escapeHtml(before.join("; "))}.</p>`,
  ].filter(Boolean);
  return `<section class="capitulo"><div class="capa">${cover ? coverHtml(cover) : ""}</div><div>${lines.join("")}</div></section>`;
}

/** A origem dos dados, para onde os capítulos apontam. */
export const dataPage = (root) => readFileSync(join(root, "data", "README.md"), "utf8");

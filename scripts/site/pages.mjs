import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharing } from "./chapter.mjs";

const DESCRIPTION =
  "Notas de estudo sobre IA generativa, em português, com código TypeScript que você roda e muda: um caderno por capítulo.";

/** A primeira página: o que é e a lista dos capítulos, dos quais se tem { name, title, description }. */
export function indexPage(chapters) {
  const list = chapters.map(
    ({ name, title, description }) => `[**${title}**](${name})\n: ${description}\n`,
  );
  return `---
myst:
  html_meta: ${JSON.stringify({ ...sharing("Caderno de IA Generativa", DESCRIPTION), "property=og:type": "website" })}
---

# Caderno de IA Generativa

**Notas de estudo sobre IA generativa, em português, com código que você roda e muda.**

Estas páginas são os cadernos já executados: o texto, o código e o que ele mostrou. As figuras e os controles deslizantes
funcionam aqui mesmo, sem rede. Para rodar e mudar o código, abra os cadernos na sua máquina, com o projeto e \`npm start\`.

## Capítulos

${list.join("\n")}

\`\`\`{toctree}
:hidden:
:maxdepth: 2

${chapters.map(({ name }) => name.replace(".ipynb", "")).join("\n")}
dados
\`\`\`
`;
}

/** A origem dos dados, para onde os capítulos apontam. */
export const dataPage = (root) => readFileSync(join(root, "data", "README.md"), "utf8");

import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const EVIL_TEXT = "<script>globalThis.invaded = 1</script>";

const markdown = (source) => ({ cell_type: "markdown", metadata: {}, source });
const code = (source, metadata = {}) => ({
  cell_type: "code",
  execution_count: null,
  metadata,
  outputs: [],
  source,
});

export function writeNotebook(folder, name, cells) {
  const path = join(folder, name);
  const metadata = {
    kernelspec: { name: "caderno-typescript", display_name: "TypeScript", language: "typescript" },
  };
  const numbered = cells.map((cell, i) => ({ id: `c${i}`, ...cell }));
  writeFileSync(
    path,
    JSON.stringify({ cells: numbered, metadata, nbformat: 4, nbformat_minor: 5 }),
  );
  return path;
}

/** Um capítulo com tudo o que o site trata de modo especial, e com textos que tentam entrar na página como código. */
export const specialCells = [
  markdown("# 98 · Casos especiais\n\n**Tudo o que o site trata de modo especial.**"),
  markdown(
    "Como se vê na [Figura](#fig-pontos), e na [Equação](#eq-nota):\n\n$$\n\\ell = \\sum_i \\ln p(x_i) \\label{eq-nota}\n$$\n\n" +
      '<div class="alert alert-info">\n\n**Uma caixa**, com $x^2$.\n\n</div>\n\n' +
      "<details>\n<summary>Uma dúvida</summary>\n\nA resposta, com $y$.\n\n</details>",
  ),
  code(
    `import { figure, scatter } from "../../lib/plot";
const [begin, end] = ["<script>", "</script>"];
const image = "<img src=x onerror='globalThis.invaded = 1'>";
const evil = begin + "globalThis.invaded = 1" + end + image;
figure({ title: evil, alt: evil, x: evil, y: evil,
  marks: [scatter([[0, 0], [1, 1]],
    { categories: [evil, "outra"], labels: [evil, evil] })] });`,
    { tags: ["fig-pontos"] },
  ),
  code("console.log(evil);"),
  code("evil;"),
  code(`import { table } from "../../lib/notebook/table";
table([{ [evil]: evil, b: 1 }], { caption: evil });`),
  code(`import { explorer } from "../../lib/notebook/explorer";
explorer({ title: evil, alt: evil, data: { evil },
  sliders: [{ name: "r", label: evil, min: 1, max: 9, step: 1, value: 5 }],
  view: ({ r }) => \`<svg viewBox="0 0 20 20" width="100">
    <circle cx="10" cy="10" r="\${r}"/></svg>\` });`),
  code('import { claims } from "../../lib/notebook/claims";'),
  code(
    `// conferido: o segredo é 42
claims({ "o segredo é 42": 6 * 7 === 42 });`,
    { tags: ["conferido"], jupyter: { source_hidden: true } },
  ),
  markdown("## O detalhe\n\n*aprofunda*\n\nQuem tem pressa pula a verossimilhança."),
  code("const check = 42;", { tags: ["conferencia"], jupyter: { source_hidden: true } }),
  code("const secret = 6 * 7;\nsecret;", { tags: ["resposta"], jupyter: { source_hidden: true } }),
];

export const failingCells = [
  markdown("# 99 · Falha"),
  code("1 + 1;"),
  code('throw new RangeError("fora do mapa");'),
];

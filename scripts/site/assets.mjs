import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs"; // prettier-ignore
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { sitePackages } from "../setup/venv.mjs";

/** O que as páginas carregam e não é nosso: plotly, KaTeX, busca e ícones, com as fontes dentro das folhas de estilo. */
export function writeAssets(root, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "plotly.min.js"), packed(readFileSync(plotlyScript(root), "utf8")));
  const npm = (...names) => join(root, "node_modules", ...names);
  copyFileSync(npm("minisearch", "dist", "umd", "index.js"), join(folder, "minisearch.js"));
  writeFileSync(join(folder, "katex.css"), withFonts(npm("katex", "dist", "katex.min.css")));
  writeFileSync(join(folder, "icons.css"), withFonts(iconsCss(root), /fa-solid/));
}

/** O plotly.js do pacote npm, minificado uma vez por versão; o do pacote Python fica para o JupyterLab. */
export function plotlyScript(root) {
  const require = createRequire(join(root, "package.json"));
  const { version } = require("plotly.js-dist/package.json");
  const file = join(root, ".cache", `plotly-${version}.min.js`);
  if (existsSync(file)) return file;
  const { transformSync } = createRequire(require.resolve("tsx"))("esbuild");
  const source = readFileSync(require.resolve("plotly.js-dist"), "utf8");
  const { code } = transformSync(source, { minify: true, target: "es2020" });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${noticeOf(source)}\n${code}`);
  renameSync(`${file}.part`, file);
  return file;
}

/** O plotly.js comprimido, que se abre sozinho no navegador: 2 MB em vez de 5. `plotlyReady` avisa quando está pronto. */
function packed(code) {
  const base64 = gzipSync(code, { level: 9 }).toString("base64");
  return `${noticeOf(code)}
globalThis.plotlyReady = (async () => {
  const bytes = Uint8Array.from(atob("${base64}"), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  (0, eval)(await new Response(stream).text());
})();
`;
}

/** O comentário que abre o plotly.js: a licença e a versão. */
const noticeOf = (source) => /^\s*(\/\*[^]*?\*\/)/.exec(source)[1];

function iconsCss(root) {
  const vendor = join(
    sitePackages(root),
    "pydata_sphinx_theme/theme/pydata_sphinx_theme/static/vendor/fontawesome",
  );
  return join(vendor, readdirSync(vendor)[0], "css", "all.min.css");
}

/**
 * A folha de estilo com as fontes woff2 dentro: em file://, o navegador não carrega fontes de outro arquivo. As fontes que não
 * casam com `wanted` saem.
 */
function withFonts(file, wanted = /./) {
  return readFileSync(file, "utf8").replace(/@font-face\s*\{[^}]*\}/g, (rule) => {
    const font = /url\(["']?([^)"']+\.woff2)["']?\)/.exec(rule)?.[1];
    if (!font || !wanted.test(font) || /Font ?Awesome\\? ?5|family:FontAwesome/.test(rule))
      return "";
    const data = readFileSync(join(dirname(file), font)).toString("base64");
    return rule.replace(/src:[^}]*/, `src:url(data:font/woff2;base64,${data}) format("woff2")`);
  });
}

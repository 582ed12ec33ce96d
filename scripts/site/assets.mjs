import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sitePackages } from "../setup/venv.mjs";

/** O que as páginas carregam e não é nosso: plotly, KaTeX, busca e ícones, com as fontes dentro das folhas de estilo. */
export function writeAssets(root, folder) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(plotlyScript(root), join(folder, "plotly.min.js"));
  const npm = (...names) => join(root, "node_modules", ...names);
  copyFileSync(npm("minisearch", "dist", "umd", "index.js"), join(folder, "minisearch.js"));
  writeFileSync(join(folder, "katex.css"), withFonts(npm("katex", "dist", "katex.min.css")));
  writeFileSync(join(folder, "icons.css"), withFonts(iconsCss(root), /fa-solid/));
}

/** O plotly.js que veio no pacote Python: o mesmo que o JupyterLab usa. */
export const plotlyScript = (root) =>
  join(sitePackages(root), "plotly", "package_data", "plotly.min.js");

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

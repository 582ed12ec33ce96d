import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

const TYPES = { ".png": "image/png", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** A página de um site feito em `folder`, com estilos, programas e imagens dentro dela: um arquivo que basta a si mesmo. */
export function inlinePage(folder, name) {
  const html = readFileSync(join(folder, name), "utf8");
  const deferred = [];
  return html
    .replace(/<link (?=[^>]*rel="stylesheet")[^>]*href="([^"]+)"[^>]*>/g, (_, href) =>
      style(join(folder, pathOf(href))),
    )
    .replace(/<script([^>]*) src="([^"]+)"([^>]*)><\/script>/g, (_, before, src, after) => {
      const code = readFileSync(join(folder, pathOf(src)), "utf8");
      const script = `<script>${code.replace(/<(?=\/script|!--)/gi, "\\x3c")}</script>`;
      if (!/defer/.test(before + after)) return script;
      deferred.push(script); // dentro da página, defer não espera: vão para o fim
      return "";
    })
    .replace(/<link[^>]*rel="(?:index|search|next|prev|icon)"[^>]*>/g, "")
    .replace("</body>", () => `${deferred.join("\n")}\n</body>`);
}

const pathOf = (href) => href.replace(/[?#].*$/, "");

function style(file) {
  return `<style>${css(file).replace(/<(?=\/style)/gi, "\\3c ")}</style>`;
}

function css(file) {
  const text = readFileSync(file, "utf8").replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
  const near = (href) => join(dirname(file), pathOf(href));
  return text
    .replace(/@import\s+(?:url\()?["']([^"']+)["']\)?;/g, (_, href) => css(near(href)))
    .replace(/url\(["']?(?!data:|#)([^)"']+)["']?\)/g, (whole, href) => {
      const type = TYPES[extname(pathOf(href))];
      if (!type || !existsSync(near(href))) return whole;
      return `url(data:${type};base64,${readFileSync(near(href)).toString("base64")})`;
    });
}

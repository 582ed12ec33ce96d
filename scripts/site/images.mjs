import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

const TYPES = { ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml", ".webp": "image/webp" }; // prettier-ignore

/**
 * O texto de uma célula com as imagens dentro dele: as que o JupyterLab guardou com a célula (attachments) e as que estão na pasta do
 * caderno. O que não se acha fica como era, e o Sphinx avisa.
 */
export function withImages({ source, attachments = {} }, folder) {
  const found = (href) => {
    const path = decoded(href);
    if (path.startsWith("attachment:")) {
      const [type, base64] = Object.entries(attachments[path.slice(11)] ?? {})[0] ?? [];
      return type && `data:${type};base64,${[base64].flat().join("")}`;
    }
    const type = TYPES[extname(path).toLowerCase()];
    const elsewhere = /^[a-z][a-z+.-]*:|^[/\\]/i.test(path);
    if (!type || elsewhere || !folder || !existsSync(join(folder, path))) return undefined;
    return `data:${type};base64,${readFileSync(join(folder, path)).toString("base64")}`;
  };
  return source
    .replace(/!\[([^\]]*)\]\(\s*(?:<([^>]+)>|([^)\s]+))[^)]*\)/g, (whole, alt, quoted, bare) => {
      const data = found(quoted ?? bare);
      return data ? `<img alt="${escaped(alt)}" src="${data}">` : whole;
    })
    .replace(/(<img\s[^>]*?src=")([^"]+)"/g, (whole, before, href) => {
      const data = href.startsWith("data:") ? undefined : found(href);
      return data ? `${before}${data}"` : whole;
    });
}

const escaped = (text) => text.replace(/[<>"&]/g, (character) => `&#${character.charCodeAt(0)};`);

function decoded(href) {
  try {
    return decodeURI(href);
  } catch {
    return href; // um % que não é de endereço
  }
}

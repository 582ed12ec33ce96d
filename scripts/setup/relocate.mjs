// Um ambiente Python guarda o próprio caminho em alguns textos de bin/. Quando a pasta muda de lugar, eles mudam.
import { readdirSync, readFileSync, lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SMALL = 100_000;

/** Troca, em `venv`, o caminho `from` por `to`. No Windows só os textos: os .exe guardam o caminho dentro. */
export function relocateVenv(venv, from, to) {
  const folder = join(venv, process.platform === "win32" ? "Scripts" : "bin");
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const { size } = lstatSync(file);
    if (!lstatSync(file).isFile() || size > SMALL) continue;
    const text = readFileSync(file, "utf8");
    if (!text.includes(from) || text.includes("\0")) continue;
    writeFileSync(file, relocateScript(text, from, to));
  }
}

/**
 * O texto com o caminho novo. Uma primeira linha `#!/velho/bin/python` vira a forma que aguenta espaços e
 * caminhos longos, a mesma que o pip usa: para o sh, um exec; para o Python, um texto sem efeito.
 */
export function relocateScript(text, from, to) {
  const python = /^#!(.+\/bin\/python[\d.]*)\n/.exec(text)?.[1];
  if (!python?.startsWith(`${from}/`)) return text.replaceAll(from, to);
  const body = text.slice(text.indexOf("\n") + 1).replaceAll(from, to);
  return `#!/bin/sh\n'''exec' "${python.replace(from, to)}" "$0" "$@"\n' '''\n${body}`;
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

// Quem pode importar o quê, sala por sala. De fora da lib, só o que está em `outside`; do Node, só quem está em `node`.
const math = "(random|distributions|linalg|pca|validate)(/|$)";
const rules: [files: RegExp, mayImport: RegExp][] = [
  [/^plot(\/|$)/, /^plot\//],
  [/^notebook\//, /^notebook\//],
  [/^(random|validate)$/, /^$/],
  [/^(random\/|distributions|linalg|pca)/, new RegExp(`^${math}`)],
  [/^tensor(\/|$)/, /^tensor(\/|$)/],
  [/^(optimizers|losses)$/, /^(random|validate|tensor)(\/|$)/],
  [/^training(\/|$)/, /^(random|optimizers|tensor|notebook\/(progress|display|format)|validate)$|^training\//],
  [/^(checkpoint|ema|schedule)$/, /^(training|optimizers|tensor|validate)(\/|$)/],
  [/^layers\//, /^(random|tensor|validate)$|^layers\//],
  [/^models\//, new RegExp(`^${math}|^(tensor|losses)$|^(layers|models)/|^evaluation/score$`)],
  [/^datasets\/download$/, /^notebook\/(display|format|progress)$/],
  [/^datasets\/(?!download)/, new RegExp(`^${math}|^tensor$|^datasets/`)],
  [/^evaluation\//, new RegExp(`^${math}|^(tensor|losses|optimizers|training)$|^(layers|evaluation|datasets)/`)],
]; // prettier-ignore
const outside: Record<string, RegExp> = {
  "@tensorflow/": /^tensor(\/|$)/,
  tslab: /^notebook\/display$/,
  seedrandom: /^random$/,
  "ml-matrix": /^linalg/,
  "world-atlas": /^datasets\/worldMap$/,
  "topojson-": /^datasets\/worldMap$/,
  "node:fs": /^(tensor(\/wasm\/backend)?|datasets\/files|datasets\/download|checkpoint)$/,
  "tar-stream": /^datasets\/cifar10$/,
};

const files = readdirSync(__dirname, { recursive: true })
  .map((name) => String(name).replace(/\\/g, "/"))
  .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|^testing\.ts$/.test(name));

for (const name of files) {
  const path = join(__dirname, name);
  const module = name.replace(/\.ts$/, "");
  const text = readFileSync(path, "utf8");
  const imported = [...text.matchAll(/(?:\bfrom |\brequire\(|\bimport )["'`]([^"'`]+)/g)].map(([, to]) => to); // prettier-ignore

  test(`imports de ${module}`, () => {
    for (const to of imported) {
      if (to.startsWith(".")) {
        const target = relative(__dirname, resolve(dirname(path), to)).replace(/\\/g, "/");
        for (const [which, may] of rules)
          if (which.test(module)) assert.match(target, may, `${module} importa ${target}`);
      } else {
        for (const [start, may] of Object.entries(outside))
          if (to.startsWith(start)) assert.match(module, may, `${module} importa ${to}`);
      }
    }
    assert.doesNotMatch(text, /Math\.random\(|Date\.now\(/, `${module}: o acaso vem da fonte`);
  });
}

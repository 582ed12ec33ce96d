import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

// Quem pode importar o quê. Um arquivo sem regra importa o que quiser da lib; de fora dela, só o que está em `outside`.
const rules: [files: RegExp, mayImport: RegExp][] = [
  [/^plot(\/|$)/, /^plot\//],
  [/^explorer(\/|$)/, /^explorer(\/|$)|^format$/],
  [/^linalg\//, /^linalg\/|^(random|ziggurat)$/],
  [/^(table|scoreboard|progress|exercise)(\/|$)/, /^(format|display)$|^table\//],
  [/^(optimizers|losses|dropout)$/, /^(random|validate|tensor)$|^tensor\//],
  [/^training(\/|$)/, /^(random|optimizers|tensor|progress|display|format|validate)$|^training\//],
  [/^(checkpoint|ema|schedule)$/, /^(training|optimizers|tensor|validate)$|^training\//],
  [/^models\//, /^(random|distributions|linalg|score|validate|ziggurat|tensor)$/],
  [/^datasets\/download$/, /^(display|format|progress)$/],
  [/^datasets\/(?!download)/, /^(random|distributions|linalg|validate|tensor)$|^datasets\//],
  [/^(distributions|pca|linalg|score)$/, /^(random|distributions|linalg|validate|ziggurat)$|^linalg\//],
  [/^(random|ziggurat|validate|format|display)$/, /^random$/],
]; // prettier-ignore
const outside: Record<string, RegExp> = {
  "@tensorflow/": /^(tensor|(tensor|wasm)\/.*)$/,
  tslab: /^display$/,
  seedrandom: /^random$/,
  "ml-matrix": /^linalg/,
  "world-atlas": /^datasets\/worldMap$/,
  "topojson-": /^datasets\/worldMap$/,
  "node:fs": /^(tensor|wasm\/backend|datasets\/files|datasets\/download|checkpoint)$/,
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

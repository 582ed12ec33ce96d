import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

// Quem pode importar o quê, sala por sala. De fora da lib, só o que está em `outside`.
const math = "(random|distributions|linalg|pca|validate)(/|$)";
const rules: [files: RegExp, mayImport: RegExp][] = [
  [/^plot(\/|$)/, /^plot\//],
  [/^notebook\//, /^notebook\//],
  [/^(random|validate)$/, /^$/],
  [/^(random\/|distributions|linalg|pca)/, new RegExp(`^${math}`)],
  [/^tensor(\/|$)/, /^tensor(\/|$)/],
  [/^(optimizers|losses)$/, /^(random|validate|tensor)(\/|$)/],
  [/^training(\/|$)/, /^(random|optimizers|tensor|notebook\/(progress|display(\/interrupt)?|format)|validate)$|^training\//],
  [/^(checkpoint|ema|schedule)$/, /^(training|optimizers|tensor|validate)(\/|$)/],
  [/^layers\//, /^(random|tensor|tensor\/compile|validate)$|^layers\//],
  [/^models\//, new RegExp(`^${math}|^(tensor|tensor/compile|losses)$|^(layers|models)/|^evaluation/score$`)],
  [/^datasets\/files\//, /^notebook\/(display(\/interrupt)?|format|progress)$/],
  [/^datasets\/(?!files\/)/, new RegExp(`^${math}|^tensor$|^datasets/`)],
  [/^evaluation\//, new RegExp(`^${math}|^(tensor|losses|optimizers|training)$|^notebook/(format|scoreboard|table)$|^(layers|evaluation|datasets)/`)],
]; // prettier-ignore
const outside: Record<string, RegExp> = {
  "@tensorflow/": /^tensor(\/|$)/,
  tslab: /^notebook\/display$/,
  seedrandom: /^random$/,
  "ml-matrix": /^linalg/,
  "topojson-": /^datasets\/worldMap$/,
  fflate: /^plot\/png$/,
};

// O que só existe no Node fica atrás destes módulos: o resto da lib, como as células, poderia rodar em um navegador.
const usesNode = /^(notebook\/display|tensor|datasets\/files|checkpoint)(\/|$)/;
const nodeApi = /"node:(?!assert)|\b(process|Buffer|NodeJS|__dirname|require|setImmediate)\b/;

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
    const code = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    if (!usesNode.test(module)) assert.doesNotMatch(code, nodeApi, `${module} usa o Node`);
    assert.doesNotMatch(text, /Math\.random\(|Date\.now\(/, `${module}: o acaso vem da fonte`);
  });
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findProblems } from "./problems.mjs";
import { root } from "./root.mjs";
import { runNodeTests, runStages } from "./stages.mjs";

/** Formatação, cadernos, palavras e tipos. */
export const readings = [
  { title: "Formatação", run: findProblems("format") },
  { title: "Cadernos sem saída, curtos e formatados", run: findProblems("notebooks") },
  { title: "Palavras como o glossário diz", run: findProblems("glossary") },
  {
    title: "Tipos da lib e de cada célula (TypeScript do editor)",
    run: findProblems("editorTypes"),
  },
  {
    title: "Tipos da lib e de cada célula (TypeScript do kernel)",
    run: findProblems("kernelTypes"),
  },
];

/** Os testes de unidade, `concurrency` arquivos ao mesmo tempo. */
export const unitTests = (concurrency) => ({
  title: "Testes de unidade",
  run: (print) => runNodeTests(print, root, unitTestFiles(), { concurrency }),
});

/** `npm run check`: a parte rápida de `npm test`. */
export async function main() {
  const results = await runStages([readings, [unitTests(2)]]);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** Testes da lib e dos scripts; os que precisam do kernel ou de um navegador (*.slow.test.mjs) ficam com `npm test`. */
function unitTestFiles() {
  return ["lib", "scripts"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.test\.(ts|mjs)$/.test(name) && !name.includes(".slow."))
      .map((name) => join(folder, name)),
  );
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { codeCells, readNotebookFile } from "../notebooks.mjs";
import { localModules } from "./modules.mjs";

/** O que conta para todos os cadernos: o kernel, os pacotes, o compilador, o motor e quem executa. */
const FILES = [
  "package-lock.json",
  "requirements.txt",
  "tsconfig.json",
  "scripts/execute.py",
  ".engine/engine.json",
];
const IRRELEVANT = /(^|[/\\])(tests|cache|checkpoints|__pycache__)[/\\]|\.md$/;

/**
 * A impressão digital do que decide as saídas de um caderno: enquanto não muda, elas valem. Contam o código das células, os módulos
 * que elas importam, direta ou indiretamente, os dados que esse código todo nomeia, e o que vale para todos. O texto não conta:
 * mudar uma frase não pede que se execute de novo.
 */
export function outputsKey(root, source) {
  const cells = codeCells(readNotebookFile(source)).map(({ source, cell }) => [
    source,
    cell.metadata?.tags,
  ]);
  const code = cells.map(([source]) => source);
  // As pastas em que o kernel procura o que uma célula importa (kernel/paths.cjs).
  const modules = localModules(code, [dirname(source), root, join(root, "notebooks")], root);
  for (const file of modules) code.push(readFileSync(file, "utf8"));
  const files = [
    ...modules.map((file) => file.slice(root.length + 1)),
    ...namedData(root, code),
    ...filesIn(root, "kernel"),
    ...FILES.filter((file) => existsSync(join(root, file))),
  ];
  const environment = [process.version, process.env.CADERNO_ENGINE ?? ""];
  const hash = createHash("sha256").update(JSON.stringify([environment, cells]));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Os arquivos de data/ cujo nome aparece em algum dos textos: só quem nomeia um arquivo pode lê-lo. */
const namedData = (root, texts) =>
  filesIn(root, "data").filter((file) => texts.some((text) => text.includes(basename(file))));

/** Os arquivos de uma pasta que contam, em ordem, com o caminho a partir da raiz. */
function filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .filter((file) => !IRRELEVANT.test(file))
    .sort();
}

import { spawnSync } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settleClaims } from "./claim-cells.mjs";
import { cellFormatter } from "./format-cells.mjs";
import { findGlossaryCell, glossaryCell, readGlossary } from "./glossary.mjs";
import {
  METADATA,
  chapterNumber,
  codeCells,
  listNotebooks,
  readNotebook,
  serializeNotebook,
} from "./notebooks.mjs";
import { root } from "./root.mjs";

/** `npm run format`: formata código e células, tira as saídas dos cadernos e refaz as tabelas do glossário. */
export async function main() {
  const prettier = join(root, "node_modules/prettier/bin/prettier.cjs");
  const { status } = spawnSync(
    process.execPath,
    [prettier, "--write", "--log-level", "warn", "."],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  if (status !== 0) return 1;
  const terms = readGlossary(root);
  const formatCell = await cellFormatter(root);
  for (const name of listNotebooks(root)) {
    const notebook = readNotebook(root, name);
    const before = serializeNotebook(notebook);
    Object.assign(notebook.metadata, METADATA);
    for (const { number, source, cell } of codeCells(notebook)) {
      try {
        cell.source = await formatCell(source);
        Object.assign(cell, settleClaims(cell));
      } catch (error) {
        console.error(`notebooks/${name}, célula ${number}: ${error.message}`);
      }
      cell.outputs = [];
      cell.execution_count = null;
    }
    const glossary = findGlossaryCell(notebook);
    if (glossary) glossary.source = glossaryCell(terms, chapterNumber(name));
    const after = serializeNotebook(notebook);
    if (after === before) continue;
    const path = join(root, "notebooks", name);
    writeFileSync(`${path}.part`, after);
    renameSync(`${path}.part`, path);
    console.log(`notebooks/${name}: formatado`);
  }
  return 0;
}

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const file = join(__dirname, "..", "..", "..", "data", "placar.json");

/** Se este processo deve regravar os registros dos placares, em vez de os conferir: `npm run execute -- 03 --update-placar`. */
export const ledgerUpdating = (): boolean => process.env.CADERNO_UPDATE_PLACAR === "1";

/**
 * O conteúdo de data/placar.json, sem conferir o que diz.
 *
 * @throws Error se o arquivo falta ou não é JSON
 */
export function readLedgerFile(path = file): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new Error(
      `data/placar.json: não consegui ler o arquivo (${reason}). O remédio: git checkout data/placar.json`,
    );
  }
}

/** Troca o conteúdo de data/placar.json de uma vez: uma queda no meio deixa o anterior inteiro. @throws Error se o disco recusa */
export function writeLedgerFile(records: unknown, path = file): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(records, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}

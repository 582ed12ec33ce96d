// Os dados dos benchmarks: os mesmos números dos dois lados, em arquivos de 64 bits.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Grava as linhas em <pasta>/<nome>.f64, em sequência, para o outro lado ler. */
export function save(folder: string, name: string, rows: readonly Float64Array[]): void {
  const flat = new Float64Array(rows.length * rows[0].length);
  rows.forEach((row, i) => flat.set(row, i * row.length));
  writeFileSync(join(folder, `${name}.f64`), flat);
}

// O nosso lado: node --import tsx bench/serve.ts pca pasta. Uma linha {"case":"fit"} por medida, uma resposta em JSON.
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Uma conta: `run` é o que se mede, `check` extrai do resultado os números que os dois lados comparam. */
export interface Case<T = unknown> {
  run(): T;
  check(result: T): ArrayLike<number>;
}

/** O que um arquivo deste lado exporta: os dados ficam prontos antes da primeira medida. */
export type Prepare = (folder: string) => Record<string, Case<any>>;

const [name, folder] = process.argv.slice(2);
const cases = (require(join(__dirname, name)).prepare as Prepare)(folder);

createInterface(process.stdin).on("line", (line) => {
  const answer = respond(JSON.parse(line).case);
  console.log(JSON.stringify(answer));
});

function respond(wanted: string) {
  if (wanted === "versions")
    return { versions: { node: process.version, v8: process.versions.v8 } };
  const { run, check } = cases[wanted];
  const start = performance.now();
  const result = run();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, check: Array.from(check(result)) };
}

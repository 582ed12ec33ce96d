// Primeira maneira: o instalador do próprio @tensorflow/tfjs-node, que baixa a biblioteca e a ligação.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  bindingFile,
  bytesOf,
  lastLine,
  megabytes,
  nodeChild,
  removeFolder,
  run,
  tfjsNode,
} from "./engine-files.mjs";

const FIRST_BYTE = 10_000;
const STALL = 30_000;
const BUILD = 300_000;

/** Apaga tudo o que o instalador oficial deixa, inteiro ou pela metade. */
export function removeOfficial(root) {
  const folder = tfjsNode(root);
  for (const name of ["deps", "lib", "build", join("scripts", "_tmp.zip")]) {
    removeFolder(join(folder, name));
  }
}

export async function installOfficial({ root, log }) {
  const folder = tfjsNode(root);
  const manifest = join(folder, "package.json");
  const manifestText = readFileSync(manifest, "utf8"); // o instalador o reescreve por um instante
  removeOfficial(root);
  const binaries = join(root, "node_modules", ".bin");
  const result = await run(process.execPath, nodeChild(join(folder, "scripts", "install.js")), {
    cwd: folder,
    env: { PATH: `${binaries}${delimiter}${process.env.PATH}` },
    watch: downloadWatch(folder, log),
    group: true,
  });
  if (result.code === 0 && existsSync(bindingFile(root))) return;
  removeOfficial(root);
  if (readFileSync(manifest, "utf8") !== manifestText) writeFileSync(manifest, manifestText);
  throw new Error(result.stopped ?? explain(result.output));
}

/** Encerra o que não começa, o que para no meio e a compilação que não termina. */
function downloadWatch(folder, log) {
  let [bytes, moved] = [0, Date.now()];
  return (output) => {
    const now = Date.now();
    const current = bytesOf(join(folder, "deps")) + bytesOf(join(folder, "scripts", "_tmp.zip"));
    if (current !== bytes) moved = now;
    bytes = current;
    if (bytes > 0) log.progress(`  ${megabytes(bytes)} no disco`);
    const building = output.includes("Building TensorFlow");
    const limit = building ? BUILD : bytes > 0 ? STALL : FIRST_BYTE;
    if (now - moved < limit) return undefined;
    return building
      ? `a montagem da ligação passou de ${BUILD / 60_000} minutos`
      : `o servidor do TensorFlow ficou ${limit / 1000} s sem responder`;
  };
}

function explain(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT/.test(output)) {
    return "o servidor do TensorFlow não responde";
  }
  if (/ENOSPC/.test(output)) return "O disco encheu.";
  return lastLine(output);
}

// Um compilador C++ para quem não tem nenhum: o do Zig, que vem num pacote do PyPI e sai do disco depois de usado.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { megabytes, platform, requireDisk } from "./engine-files.mjs";
import { fetchPinned } from "./pip.mjs";

const VERSION = "0.17.1";

/** O pacote de cada plataforma em que se experimentou, com a soma que o pip confere. */
const WHEELS = {
  "linux-x64": {
    bytes: 101083562,
    sha256: "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
  },
  "linux-arm64": {
    bytes: 98063064,
    sha256: "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
  },
};

const UNPACKED = 900e6; // o pacote aberto, a biblioteca padrão de C++ que ele compila e o que ele guarda

/** Há um Zig para esta máquina? */
export const hasZig = () => platform in WHEELS;

/**
 * Baixa o Zig para dentro de `work`, que quem chama apaga.
 *
 * @returns o comando, com os argumentos que vêm antes dos do compilador, e o ambiente dele
 */
export async function fetchZig({ root, python, log, work }) {
  const { bytes, sha256 } = WHEELS[platform];
  requireDisk(root, bytes + UNPACKED);
  log(
    `  sem compilador C++ nesta máquina: baixo um, que sai depois de usado (${megabytes(bytes)})`,
  );
  const target = join(work, "zig");
  await fetchPinned(
    { root, python, log, work },
    `ziglang==${VERSION} --hash=sha256:${sha256}`,
    ["install", "--no-compile", "--target", target],
    { bytes, what: "o compilador" },
  );
  const program = join(target, "ziglang", "zig");
  if (!existsSync(program)) throw new Error("o pacote ziglang não trouxe o programa zig");
  const cache = { ZIG_GLOBAL_CACHE_DIR: join(work, "zig-cache"), ZIG_LOCAL_CACHE_DIR: join(work, "zig-cache") }; // prettier-ignore
  return { command: program, first: ["c++"], env: cache, seconds: 60 };
}

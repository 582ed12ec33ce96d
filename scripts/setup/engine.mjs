// O motor de cálculo: o TensorFlow nativo, de preferência; o WebAssembly quando não dá.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { asUserError, UserError } from "../errors.mjs";
import {
  bindingFile,
  bytesOf,
  engineFolder,
  lastLine,
  megabytes,
  platform,
  run,
  tfjsNode,
} from "./engine-files.mjs";
import { findCompiler, installNative, libraryFolder, nativeStarted } from "./engine-native.mjs";
import { installOfficial } from "./engine-official.mjs";
import { readJson, writeJson } from "./stamp.mjs";

const PROOF = join(dirname(fileURLToPath(import.meta.url)), "engine-proof.cjs");

const WAYS = {
  official: { label: "instalação oficial do TensorFlow para Node", install: installOfficial },
  native: { label: "TensorFlow do PyPI, compilando a ligação aqui", install: installNative },
  wasm: { label: "WebAssembly (mais lento, mas funciona em toda parte)", install: async () => {} },
};

/**
 * Instala o motor, ou confere em poucos milissegundos que já está instalado. Tenta, em ordem, a
 * instalação oficial, a compilação sobre a biblioteca do PyPI e o WebAssembly; um motor só é aceito
 * depois que um processo à parte calcula com ele. Interrompida, continua na vez seguinte.
 *
 * A variável CADERNO_ENGINE (official, native ou wasm) escolhe uma das maneiras, sem recorrer às outras.
 *
 * @param {{ root: string, python: string, log: (text: string) => void }} options a raiz do
 *   repositório, um Python com pip e quem recebe as linhas de progresso
 * @returns {Promise<{ engine: "official" | "native" | "wasm", seconds: number, bytes: number }>}
 */
export async function installEngine({ root, python, log }) {
  const started = performance.now();
  const forced = process.env.CADERNO_ENGINE;
  if (forced && !WAYS[forced]) {
    throw new UserError(
      `CADERNO_ENGINE deve ser ${Object.keys(WAYS).join(", ")}; recebi ${forced}`,
    );
  }
  const finish = (engine, bytes) => ({
    engine,
    bytes,
    seconds: (performance.now() - started) / 1000,
  });

  const stamp = readStamp(root);
  if (isInPlace(root, stamp, forced)) return finish(stamp.engine, stamp.bytes);

  for (const engine of order(root, forced)) {
    const way = WAYS[engine];
    log(`  ${way.label}`);
    try {
      await way.install({ root, python, log });
      const version = await prove(root, engine);
      const bytes = bytesOf(engineFolder(root)) + bytesOf(join(tfjsNode(root), "deps"));
      // Forçar o WebAssembly é coisa de teste: não apaga o registro do motor nativo.
      if (!(forced && engine === "wasm"))
        writeJson(stampFile(root), describe(root, engine, version, bytes));
      const done = finish(engine, bytes);
      log(`  ${product(engine)} ${version}, ${megabytes(bytes)} em disco`);
      if (engine === "wasm" && !forced && process.platform !== "win32") {
        log("  Para tentar o motor nativo de novo: apague a pasta .engine e rode npm start.");
      }
      return done;
    } catch (error) {
      log(`  não deu certo: ${asUserError(error).message}`);
    }
  }
  throw new UserError(
    "Nenhum motor de cálculo funcionou.",
    "Apague as pastas node_modules e .engine e rode o mesmo comando; se continuar, rode npm run doctor.",
  );
}

const product = (engine) => (engine === "wasm" ? "TensorFlow.js" : "TensorFlow");

/** O que tentar, em ordem. Começada a compilação, a oficial já tinha falhado. */
export function order(root, forced) {
  if (forced) return [forced];
  return nativeStarted(root) ? ["native", "wasm"] : ["official", "native", "wasm"];
}

const stampFile = (root) => join(engineFolder(root), "engine.json");

/** O registro da última instalação aceita, ou `null`. */
export const readStamp = (root) => readJson(stampFile(root));

/** Há um motor provado no lugar? O WebAssembly, quando escolhido, vem nos pacotes npm. */
export const engineReady = (root, forced = process.env.CADERNO_ENGINE) =>
  forced === "wasm" || isInPlace(root, readStamp(root), forced);

/** O que fica registrado: o motor, em que máquina foi provado e os arquivos de que ele depende. */
export function describe(root, engine, version, bytes) {
  const files = engine === "wasm" ? [] : [bindingFile(root), ...librariesOf(root, engine)];
  return {
    engine,
    version,
    bytes,
    platform,
    node: process.version,
    compiler: findCompiler() !== null,
    files: Object.fromEntries(files.map((file) => [relative(root, file), statSync(file).size])),
  };
}

function librariesOf(root, engine) {
  const folder = engine === "native" ? libraryFolder(root) : join(tfjsNode(root), "deps", "lib");
  return readdirSync(folder)
    .filter((name) => name.includes("tensorflow"))
    .map((name) => join(folder, name));
}

/** O registro vale para esta máquina e este Node, e os arquivos estão lá com o mesmo tamanho? */
export function isInPlace(root, stamp, forced) {
  if (!stamp || (forced && forced !== stamp.engine)) return false;
  if (stamp.platform !== platform || stamp.node !== process.version) return false;
  // Um compilador instalado depois vale nova tentativa.
  if (stamp.engine === "wasm" && !stamp.compiler && findCompiler()) return false;
  return Object.entries(stamp.files).every(([file, bytes]) => {
    const path = join(root, file);
    return existsSync(path) && statSync(path).size === bytes;
  });
}

/** A versão que engine-proof.cjs escreve, entre os avisos do Node e do TensorFlow. */
export const provedVersion = (output) => /^versão (\S+)$/m.exec(output)?.[1];

/** Prova o motor num processo à parte; devolve a versão. */
async function prove(root, engine) {
  const limit = Date.now() + 120_000;
  const result = await run(process.execPath, [PROOF, engine === "wasm" ? "wasm" : "native"], {
    cwd: root,
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
    watch: () => (Date.now() > limit ? "o motor não respondeu em 2 minutos" : undefined),
  });
  const version = provedVersion(result.output);
  if (result.code === 0 && version) return version;
  if (engine !== "wasm") rmSync(bindingFile(root), { force: true });
  if (result.stopped) throw new Error(result.stopped);
  if (result.signal === "SIGILL") {
    throw new Error("este processador não tem as instruções (AVX) que o TensorFlow usa");
  }
  throw new Error(`o motor não passou na prova: ${result.signal ?? lastLine(result.output)}`);
}

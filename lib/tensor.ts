/**
 * O motor de cálculo: todo o resto do projeto recebe o TensorFlow.js daqui.
 *
 *     import { tf } from "./tensor";
 *
 * Escolhe o TensorFlow nativo, se `npm start` conseguiu instalá-lo, ou o WebAssembly. Em ambos as
 * operações e os gradientes dão o mesmo resultado, a menos de arredondamento.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { useNativeBatchNorm } from "./tensor/batchNorm";
import { useSeparateConvolution } from "./tensor/convolution";
import { useUnreadGather } from "./tensor/gather";
import { useShortGelu } from "./tensor/gelu";
import { useNativeGradients } from "./tensor/gradients";
import { useNativeLayerNorm } from "./tensor/layerNorm";
import { useNativeLstm } from "./tensor/lstm";
import { useSingleMatMul } from "./tensor/matMul";
import { useSecondOrder } from "./tensor/secondOrder";
import { startWasm } from "./tensor/wasm/backend";

/** Qual motor está em uso. */
export interface Engine {
  /** `"nativo"`: a biblioteca C do TensorFlow; `"wasm"`: WebAssembly, mais lento. */
  readonly name: "nativo" | "wasm";
  /** Versão do TensorFlow (nativo) ou do TensorFlow.js (wasm). */
  readonly version: string;
  /** Quantos núcleos do processador o motor usa. */
  readonly threads: number;
  /** Para a linha de ambiente de um caderno: `TensorFlow 2.16.2 nativo, 2 núcleos`. */
  readonly description: string;
}

function loadEngine(): Engine {
  useShortGelu();
  const failure = loadNative();
  if (failure === null) {
    useNativeGradients();
    useNativeBatchNorm();
    useNativeLayerNorm();
    useNativeLstm();
    useSeparateConvolution();
    useUnreadGather();
    useSingleMatMul();
    useSecondOrder();
    const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
    return describe("nativo", binding.TF_Version, availableParallelism());
  }
  if (failure !== "") {
    console.warn(
      `O TensorFlow nativo não carregou (${failure}); uso o WebAssembly. Para consertar: npm start.`,
    );
  }
  startWasm();
  useSecondOrder();
  return describe("wasm", tf.version["tfjs-core"], 1);
}

/** Liga o TensorFlow nativo. Devolve `null`, ou o motivo da falha (vazio: não está instalado). */
function loadNative(): string | null {
  const folder = dirname(require.resolve("@tensorflow/tfjs-node/package.json"));
  const binding = join(folder, "lib", "napi-v8", "tfjs_binding.node");
  if (process.env.CADERNO_ENGINE === "wasm" || !existsSync(binding)) return "";
  // O tfjs-node 4.22 chama util.isNullOrUndefined, que saiu do Node 23.
  const nodeUtil = util as { isNullOrUndefined?: (value: unknown) => boolean };
  nodeUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;
  // Erros continuam a aparecer; avisos de arranque da biblioteca, não.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    require("@tensorflow/tfjs-node"); // registra e ativa o motor no mesmo `tf`
    return null;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

function describe(name: Engine["name"], version: string, threads: number): Engine {
  const cores = threads === 1 ? "1 núcleo" : `${threads} núcleos`;
  const label =
    name === "nativo" ? `TensorFlow ${version} nativo` : `TensorFlow.js ${version} em WebAssembly`;
  return { name, version, threads, description: `${label}, ${cores}` };
}

/** O motor em uso neste processo. */
export const engine: Engine = loadEngine();

export { tf };

/**
 * Liga o motor WebAssembly sem `await`, para que um módulo que importa `tf` possa usá-lo em seguida.
 *
 * O início próprio do @tensorflow/tfjs-backend-wasm é assíncrono porque no navegador o arquivo .wasm
 * vem da rede; aqui está no disco, e o módulo se compila de uma vez.
 */
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { registerKernels } from "./kernels";

// Os tipos de @types/node não têm WebAssembly, que é global no Node.
declare const WebAssembly: {
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
};

type Bridge = Record<string, unknown> & {
  cwrap(name: string, returns: string | null, parameters: string[]): unknown;
};

/** Ativa o WebAssembly, com os núcleos de gradiente que lhe faltam. Repetir não tem efeito. */
export function startWasm(): void {
  if (tf.getBackend() === "wasm") return;
  const { BackendWasm } = require("@tensorflow/tfjs-backend-wasm");
  const bridge = loadBridge();
  tf.removeBackend("wasm"); // o início assíncrono, que o pacote registra
  tf.registerBackend("wasm", () => new BackendWasm(bridge), 2);
  registerKernels();
  void tf.setBackend("wasm");
  if (tf.getBackend() !== "wasm") throw new Error("O motor WebAssembly não pôde ser iniciado.");
}

/** O módulo WebAssembly com SIMD, na forma que `BackendWasm` espera. */
function loadBridge(): Bridge {
  const folder = "@tensorflow/tfjs-backend-wasm/wasm-out";
  const binary = readFileSync(require.resolve(`${folder}/tfjs-backend-wasm-simd.wasm`));
  const bridge = {
    instantiateWasm(imports: object, receive: (instance: object) => void) {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), imports);
      receive(instance);
      return instance.exports;
    },
  } as unknown as Bridge;
  keepingListeners(() => require(`${folder}/tfjs-backend-wasm.js`)(bridge)); // completa `bridge`
  const number = "number";
  bridge.tfjs = {
    init: bridge.cwrap("init", null, []),
    initWithThreadsCount: bridge.cwrap("init_with_threads_count", null, [number]),
    getThreadsCount: bridge.cwrap("get_threads_count", number, []),
    registerTensor: bridge.cwrap("register_tensor", null, [number, number, number]),
    disposeData: bridge.cwrap("dispose_data", null, [number]),
    dispose: bridge.cwrap("dispose", null, []),
  };
  return bridge;
}

/** O módulo põe no processo tratadores de erro que o derrubariam: desfaz. */
function keepingListeners(load: () => void): void {
  const events = ["uncaughtException", "unhandledRejection"];
  const before = events.map((event) => process.listeners(event as "exit"));
  load();
  events.forEach((event, i) => {
    for (const listener of process.listeners(event as "exit")) {
      if (!before[i].includes(listener)) process.removeListener(event, listener);
    }
  });
}

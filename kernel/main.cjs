/**
 * Kernel TypeScript do caderno: o tslab 1.0.22, sem modificar o pacote, com o que falta a ele (veja o README desta pasta).
 *
 *     node main.cjs ARQUIVO_DE_CONEXÃO
 */
const fs = require("node:fs");
const path = require("node:path");
const { Worker } = require("node:worker_threads");
const { Flags } = require("./flags.cjs");

const connection = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const flags = new Flags();
// Primeiro os soquetes, que abrem enquanto esta linha carrega o compilador.
const port = new Worker(path.join(__dirname, "sockets.cjs"), {
  workerData: { connection, flags: flags.buffer },
});

require("./compat.cjs");
const { leave } = require("./exit.cjs");
const { install, saveCodeCache } = require("./typescript.cjs");
const { createProgramFunctions } = require("./program.cjs");
const cell = require("./cell.cjs");

install({ ...createProgramFunctions(cell.emit), transpileModule: cell.transpileModule });
const { createConverter } = require("tslab/dist/converter");
const { Executor, onSignal } = require("./executor.cjs");
const { Modules } = require("./modules.cjs");
const { Server } = require("./server.cjs");

const converter = flags.protect(() => createConverter({ isJS: false, isBrowser: false }));
const executor = new Executor(converter, new Modules(flags), flags);
const server = new Server({ key: connection.key, port, flags, executor });

onSignal(() => executor.interrupt());
process.on("uncaughtException", (error) => server.reportStray("Erro fora da célula:", error));
process.on("unhandledRejection", (reason) =>
  server.reportStray("Promessa rejeitada sem await:", reason),
);
port.on("error", (error) => {
  fs.writeSync(2, `kernel: não consegui abrir os soquetes: ${error.message}\n`);
  leave(1);
});
// O primeiro programa TypeScript é o mais lento; melhor antes que o leitor peça a primeira célula.
setImmediate(() => executor.warmUp());
setTimeout(saveCodeCache, 3000).unref();

/**
 * Linha de execução que fala com o Jupyter: tem os cinco soquetes do protocolo, e assim responde mesmo quando a célula
 * ocupa a linha principal num laço sem fim. As mensagens vão e vêm inteiras, em partes; quem as entende é `server.cjs`.
 *
 * Um pedido de parada segue para a linha principal como os outros. Se ela não o recebe logo, é porque está num laço
 * síncrono, e `cut.cjs` o corta.
 */
const { parentPort, workerData } = require("node:worker_threads");
const zmq = require("zeromq");
const { cutMainThread } = require("./cut.cjs");
const { Flags } = require("./flags.cjs");

const { connection } = workerData;
const flags = new Flags(workerData.flags);

/** Quanto esperar que a linha principal receba um pedido de parada, em ms. */
const PATIENCE = 300;
/** O mesmo, quando há quem queira terminar o passo em que está (`process.on("SIGINT")`). */
const GRACE = 10_000;

const sockets = {
  iopub: new zmq.Publisher({ sendHighWaterMark: 0 }),
  shell: new zmq.Router({ sendHighWaterMark: 0 }),
  control: new zmq.Router({ sendHighWaterMark: 0 }),
  stdin: new zmq.Router(),
  hb: new zmq.Reply(),
};

let lastSent = Promise.resolve();
/** Envia uma mensagem depois de todas as anteriores. */
function send(name, frames) {
  lastSent = lastSent.then(() => sockets[name].send(frames)).catch(() => {});
}

async function listen(name, receive) {
  for await (const frames of sockets[name]) receive(frames);
}

const forward = (channel, frames) => parentPort.postMessage({ channel, frames });

let urging = false;
let impatient = false;
let cutting = Promise.resolve();
/** Espera que a linha principal receba o pedido; se não, interrompe o que ela faz. O segundo pedido não espera. */
async function urge() {
  impatient = urging;
  if (urging) return;
  urging = true;
  let since = Date.now();
  while (!flags.urgentReceived) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const limit = flags.handlers > 0 && !impatient ? GRACE : PATIENCE;
    if (flags.protected || Date.now() - since < limit) continue;
    cutting = cutMainThread(
      () => !flags.urgentReceived && !flags.protected,
      () => flags.setTerminated(),
    );
    await cutting;
    since = Date.now();
  }
  urging = false;
}

function receiveControl(frames) {
  const type = messageType(frames);
  if (type === "interrupt_request" || type === "shutdown_request") {
    flags.urgentSent();
    urge();
  }
  forward("control", frames);
}

function messageType(frames) {
  const delimiter = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
  try {
    return JSON.parse(frames[delimiter + 2].toString()).msg_type;
  } catch {
    return undefined;
  }
}

parentPort.on("message", async ({ channel, frames, command }) => {
  if (channel) send(channel, frames);
  // Devolvido depois de tudo o que o Jupyter já mandou.
  if (command === "fence") setTimeout(() => parentPort.postMessage({ channel: "fence" }), 20);
  if (command === "close") {
    await Promise.all([lastSent, cutting]); // sair com o inspetor ligado trava as duas linhas
    for (const socket of Object.values(sockets)) socket.close();
    parentPort.postMessage({ channel: "closed" });
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000); // se a linha principal não sai por si
  }
});

/** Se quem iniciou o kernel morre sem avisar, o kernel não fica órfão. */
function watchParent() {
  const parent = process.ppid;
  if (!process.env.JPY_PARENT_PID || process.platform === "win32") return;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, 1000).unref();
}

async function main() {
  await Promise.all(
    Object.entries(sockets).map(([name, socket]) => {
      const separator = connection.transport === "ipc" ? "-" : ":";
      return socket.bind(
        `${connection.transport}://${connection.ip}${separator}${connection[`${name}_port`]}`,
      );
    }),
  );
  watchParent();
  listen("shell", (frames) => forward("shell", frames));
  listen("control", receiveControl);
  listen("stdin", () => {});
  listen("hb", (frames) => send("hb", frames));
}

main();

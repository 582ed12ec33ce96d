/**
 * Corta o que a linha principal está rodando, de fora dela, com o inspetor do Node: pausa, olha a pilha, guarda as variáveis da
 * célula e encerra a execução. Se a pausa cai em código do próprio kernel, a célula já terminou, e nada é cortado.
 */
const inspector = require("node:inspector");

const isKernelCode = (url) =>
  url === "" ||
  /^node:|[\\/]kernel[\\/]\w+\.cjs$|[\\/]node_modules[\\/](@tslab|tslab)[\\/]/.test(url);
const isCellCode = (url) => url.startsWith("célula [");

/** @param wanted ainda é preciso cortar? @param onCut chamada logo antes de cortar */
async function cutMainThread(wanted, onCut) {
  const session = new inspector.Session();
  session.connectToMainThread();
  const post = (method, parameters) =>
    new Promise((resolve) => session.post(method, parameters, (_error, result) => resolve(result)));
  try {
    const urls = new Map();
    session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
    const paused = new Promise((resolve) =>
      session.once("Debugger.paused", ({ params }) => resolve(params.callFrames)),
    );
    await post("Debugger.enable");
    await post("Debugger.pause");
    const frames = (await paused).map(({ callFrameId, location }) => ({
      callFrameId,
      url: urls.get(location.scriptId) ?? "",
    }));
    if (wanted() && frames.some(({ url }) => !isKernelCode(url))) {
      await saveVariables(frames, post);
      onCut();
      post("Runtime.terminateExecution"); // a resposta só vem depois de retomar
    }
    await post("Debugger.resume");
    await post("Debugger.disable");
  } finally {
    session.disconnect();
  }
}

/** As variáveis que a célula só guardaria ao terminar: veja `plainVariables` em `cell.cjs`. */
async function saveVariables(frames, post) {
  const body = frames.findLast(({ url }) => isCellCode(url));
  if (!body) return;
  const evaluate = (expression) =>
    post("Debugger.evaluateOnCallFrame", {
      callFrameId: body.callFrameId,
      expression,
      returnByValue: true,
      silent: true,
    });
  const answer = await evaluate('typeof __cell === "object" ? __cell.names : []');
  const names = answer?.result?.value ?? [];
  if (names.length > 0) await evaluate(`__cell.store({ ${names.join(", ")} })`);
}

module.exports = { cutMainThread };

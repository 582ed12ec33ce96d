/** O que uma célula mostra: uma entrada por tipo MIME, das quais a página escolhe a melhor que conhece. */
export type MimeBundle = Record<string, unknown>;

type Send = (
  content: { data: MimeBundle; metadata: object; transient: { display_id: string } },
  update: boolean,
) => void;

let outputs = 0;

/**
 * Um lugar sob a célula em execução: a primeira chamada mostra algo nele, cada chamada seguinte o troca. Fora de um caderno
 * não mostra nada. Este é o único módulo que conhece o kernel.
 */
export function liveOutput(): (bundle: MimeBundle) => void {
  const send = kernelSend();
  if (!send) return () => {};
  const id = `saida-${process.pid}-${++outputs}`;
  let update = false;
  return (data) => {
    send({ data, metadata: {}, transient: { display_id: id } }, update);
    update = true;
  };
}

/** Como o tslab envia uma mensagem com vários tipos MIME (a API pública dele envia um só); `undefined` fora do kernel. */
function kernelSend(): Send | undefined {
  if (!("__tslab__" in globalThis)) return undefined;
  return (
    (require("tslab/dist/jupyter") as { lastWriteDisplayData: Send | null }).lastWriteDisplayData ??
    undefined
  );
}

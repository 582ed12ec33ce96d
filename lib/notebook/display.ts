/** O que uma célula mostra: uma entrada por tipo MIME, das quais a página escolhe a melhor que conhece. */
export type MimeBundle = Record<string, unknown>;

const symbol: unique symbol = Symbol.for("Jupyter.display");

/**
 * Mostra um valor na hora, e não só no fim da célula: duas figuras em uma célula, uma figura a cada volta de um laço. Sai na
 * ordem em que foi chamada, também entre linhas de `console.log`.
 *
 *     for (const beta of [0.1, 1, 10]) display(figure({ … }));
 *
 * O que não tem desenho próprio (figuras, tabelas, placares e exploradores têm) sai como em `console.log`. Fora de um caderno,
 * escreve o texto alternativo.
 *
 * @returns uma promessa, só se o desenho do valor é uma promessa: então use `await`
 */
export function display(value: unknown): void | Promise<void> {
  const draw = (value as Displayable | null | undefined)?.[symbol];
  if (typeof draw !== "function") return console.log(value);
  const bundle = draw.call(value);
  return bundle instanceof Promise ? bundle.then(show) : show(bundle);
}

/** Um valor que diz como se mostra: o protocolo do kernel do Deno. */
interface Displayable {
  [symbol](): MimeBundle | Promise<MimeBundle>;
}

function show(bundle: MimeBundle): void {
  if (kernelSend()) liveOutput()(bundle);
  else console.log(bundle["text/plain"]);
}

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

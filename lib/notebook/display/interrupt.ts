/** Deixa o kernel atender mensagens e sinais antes de continuar. */
export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Chama `stop` quando o leitor aperta ■ (o kernel recebe um SIGINT), até que se chame a função devolvida.
 *
 *     const unlisten = await onInterrupt(() => { stopped = true; });
 *     try { … } finally { unlisten(); }
 */
export async function onInterrupt(stop: () => void): Promise<() => void> {
  await nextTurn(); // até a primeira espera da célula, o SIGINT é do vm do Node
  process.on("SIGINT", stop);
  return () => void process.off("SIGINT", stop);
}

/** What a cell shows: one entry for each MIME type, of which the page picks the best it knows. */
export type MimeBundle = Record<string, unknown>;

type Send = (
  content: { data: MimeBundle; metadata: object; transient: { display_id: string } },
  update: boolean,
) => void;

let outputs = 0;

/**
 * A place under the running cell whose content each call replaces; outside of a notebook it shows nothing.
 * The only module that knows the kernel.
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

/** tslab's way to send a message with several MIME types (its public API sends one); undefined outside of the kernel. */
function kernelSend(): Send | undefined {
  if (!("__tslab__" in globalThis)) return undefined;
  return (
    (require("tslab/dist/jupyter") as { lastWriteDisplayData: Send | null }).lastWriteDisplayData ??
    undefined
  );
}

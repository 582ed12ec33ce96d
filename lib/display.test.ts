import assert from "node:assert/strict";
import { test } from "node:test";
import { liveOutput } from "./display";

test("fora de um caderno, liveOutput aceita tudo e não envia nada", () => {
  const jupyter = require("tslab/dist/jupyter");
  const before = jupyter.lastWriteDisplayData;
  jupyter.lastWriteDisplayData = () => assert.fail("enviou");
  try {
    liveOutput()({ "text/plain": "um" });
  } finally {
    jupyter.lastWriteDisplayData = before;
  }
});

test("no kernel, a primeira chamada mostra e as outras trocam", () => {
  const jupyter = require("tslab/dist/jupyter");
  const sent: unknown[][] = [];
  const kernel = globalThis as { __tslab__?: object };
  const before = jupyter.lastWriteDisplayData;
  kernel.__tslab__ = {};
  jupyter.lastWriteDisplayData = (...message: unknown[]) => sent.push(message);
  try {
    const [a, b] = [liveOutput(), liveOutput()];
    a({ "text/plain": "um" });
    b({ "text/plain": "outra" });
    a({ "text/plain": "dois" });
  } finally {
    delete kernel.__tslab__;
    jupyter.lastWriteDisplayData = before;
  }
  const ids = sent.map(
    ([message]) => (message as { transient: { display_id: string } }).transient.display_id,
  );
  assert.equal(ids[0], ids[2]);
  assert.notEqual(ids[0], ids[1]);
  assert.deepEqual(sent.map(([, update]) => update), [false, false, true]); // prettier-ignore
  assert.deepEqual((sent[2][0] as { data: object }).data, { "text/plain": "dois" });
});

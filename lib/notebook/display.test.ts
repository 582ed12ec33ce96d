import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, line } from "../plot";
import { display, liveOutput } from "./display";

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

/** O que sai durante `work`: linhas do console e pacotes MIME, na ordem. */
function shownDuring(work: () => void, inKernel: boolean): unknown[] {
  const jupyter = require("tslab/dist/jupyter");
  const kernel = globalThis as { __tslab__?: object };
  const [before, log] = [jupyter.lastWriteDisplayData, console.log];
  const shown: unknown[] = [];
  if (inKernel) kernel.__tslab__ = {};
  jupyter.lastWriteDisplayData = ({ data }: { data: object }) => shown.push(data);
  console.log = (text) => shown.push(text);
  try {
    work();
  } finally {
    delete kernel.__tslab__;
    jupyter.lastWriteDisplayData = before;
    console.log = log;
  }
  return shown;
}

const drawn = figure({ title: "Reta", alt: "Uma reta.", axes: false, marks: [line([[0, 0], [1, 1]])] }); // prettier-ignore

test("display mostra cada valor na hora, na ordem do console.log", () => {
  const shown = shownDuring(() => {
    void display(drawn);
    console.log("entre duas");
    void display(drawn);
    void display(42);
  }, true);
  const types = shown.map((item) => (typeof item === "object" ? Object.keys(item!)[0] : item));
  const plotly = "application/vnd.plotly.v1+json";
  assert.deepEqual(types, [plotly, "entre duas", plotly, 42]);
});

test("display fora de um caderno escreve o texto alternativo", () => {
  assert.deepEqual(
    shownDuring(() => void display(drawn), false),
    ["Uma reta."],
  );
});

test("display espera um desenho que é uma promessa, e deixa passar o erro de um desenho", async () => {
  const late = { [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "tarde" }) };
  const log = console.log;
  const lines: unknown[] = [];
  console.log = (text) => lines.push(text);
  try {
    await display(late);
  } finally {
    console.log = log;
  }
  assert.deepEqual(lines, ["tarde"]);
  const broken = {
    [Symbol.for("Jupyter.display")]: () => {
      throw new RangeError("sem pontos");
    },
  };
  assert.throws(() => display(broken), /sem pontos/);
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

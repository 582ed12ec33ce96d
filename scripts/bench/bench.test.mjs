import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chosen } from "../bench.mjs";
import { fingerprint, writeJson } from "../setup/stamp.mjs";
import { peersReady, requirePeers } from "./peers.mjs";
import { runBench } from "./run.mjs";
import { Side } from "./side.mjs";
import { difference, median } from "./statistics.mjs";
import { duration, table, verdict } from "./table.mjs";

test("mediana de uma quantidade ímpar e de uma par, sem mudar a lista", () => {
  const values = [3, 1, 10];
  assert.equal(median(values), 3);
  assert.deepEqual(values, [3, 1, 10]);
  assert.equal(median([4, 1, 2, 30]), 3);
});

test("diferença: relativa nos números grandes, infinita quando falta um número ou há NaN", () => {
  assert.equal(difference([0.5, 200], [0.25, 100]), 1);
  assert.equal(difference([1], [1, 2]), Infinity);
  assert.equal(difference([NaN], [1]), Infinity);
  assert.equal(difference([], []), 0);
});

test("tempos com a unidade que se lê melhor, em notação brasileira", () => {
  assert.deepEqual([0.00038, 0.0123, 0.456, 1.25].map(duration), [
    "0,38 ms",
    "12,3 ms",
    "456 ms",
    "1,25 s",
  ]);
});

test("fora da meta não é erro; contas diferentes não têm razão", () => {
  const row = { label: "ajuste", peer: "numpy", ours: 1, theirs: 2, ratio: 0.5, best: 0.4 };
  assert.equal(verdict({ ...row, equal: true, aim: 0.5 }), "✔");
  assert.equal(verdict({ ...row, equal: true, aim: 0.4 }), "✖");
  assert.equal(verdict({ ...row, equal: true, aim: null }), "");
  const text = table([
    { ...row, equal: true, aim: 1 },
    { ...row, equal: false, aim: 1 },
  ]);
  assert.match(text, /ajuste +numpy +1,00 s +2,00 s +0,50 +0,40 +≤ 1,00 +✔/);
  assert.match(text, /contas diferentes +≤ 1,00 +✖$/);
});

test("os lados se alternam, a primeira rodada não conta, e os resultados são comparados", async () => {
  const asked = [];
  const side = (name, seconds, check) => ({
    name,
    async ask({ case: wanted }) {
      asked.push(`${name} ${wanted}`);
      return { seconds: seconds.shift(), check };
    },
  });
  const bench = { cases: [{ name: "a", label: "A", aims: { ele: 1 }, tolerance: 0.1 }], rounds: 3 };
  const ours = side("nós", [99, 2, 3, 1], [1]);
  const rows = await runBench(bench, [
    ours,
    side("ele", [99, 4, 4, 5], [1.05]),
    side("outro", [9, 1, 1, 1], [2]),
  ]);
  assert.deepEqual(asked.slice(0, 4), ["nós a", "ele a", "outro a", "nós a"]);
  assert.deepEqual(
    rows.map(({ peer, ratio, best, aim, equal }) => ({ peer, ratio, best, aim, equal })),
    [
      { peer: "ele", ratio: 0.5, best: 0.25, aim: 1, equal: true },
      { peer: "outro", ratio: 2, best: 1, aim: null, equal: false },
    ],
  );
});

test("com `warm`, cada medida vem depois de outras que não contam", async () => {
  const seconds = [3, 9, 2, 2, 5, 1, 1, 1, 1, 1, 7];
  const side = { name: "nós", ask: async () => ({ seconds: seconds.shift(), check: [1] }) };
  const peer = { name: "ele", ask: async () => ({ seconds: 4, check: [1] }) };
  const bench = { cases: [{ name: "a", label: "A" }], rounds: 2, warm: 4 };
  const [row] = await runBench(bench, [side, peer]);
  assert.deepEqual(row.seconds, { ours: [1, 7], theirs: [4, 4] });
});

test("um lado responde por linhas; o que morre é nomeado, com o motivo", async () => {
  const program = (script) => ({
    command: process.execPath,
    args: ["-e", script],
    env: process.env,
  });
  const echo = new Side("eco", program("process.stdin.on('data', (text) => console.log(`${text}`.trim()))")); // prettier-ignore
  assert.deepEqual(await echo.ask({ case: "x" }), { case: "x" });
  await echo.close();
  const broken = new Side("numpy", program("throw new Error('falta o pacote')"));
  await assert.rejects(broken.ask({ case: "x" }), /^Error: numpy: o programa terminou/);
  await broken.close();
});

test("sem os concorrentes, diz como instalar; com eles, na versão certa e nesta pasta, segue", () => {
  const root = mkdtempSync(join(tmpdir(), "bench é-"));
  try {
    mkdirSync(join(root, "bench"));
    const list = join(root, "bench", "requirements.txt");
    writeFileSync(list, "numpy==2.4.6\n");
    const missing = (error) => /npm run bench -- --install/.test(error.next);
    assert.throws(() => requirePeers(root), missing);
    const stamp = join(root, ".cache", "bench-venv", "caderno.json");
    writeJson(stamp, { root, packages: fingerprint(list) });
    assert.equal(peersReady(root), true);
    writeFileSync(join(root, "bench", "requirements-training.txt"), "torch==2.15.0\n");
    assert.throws(() => requirePeers(root, "requirements-training"), {
      message: /PyTorch e Keras/,
    });
    writeFileSync(list, "numpy==2.5.0\n");
    assert.throws(() => requirePeers(root), missing);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test("um nome que não existe é recusado, com a lista dos que existem", () => {
  assert.deepEqual(chosen(["pca"], ["kernel", "pca"]), ["pca"]);
  assert.throws(() => chosen(["pcx"], ["kernel", "pca"]), {
    message: /pcx/,
    next: "Existem: kernel, pca.",
  });
});

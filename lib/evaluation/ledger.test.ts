import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { likelihoodBoard, costTable } from "./boards";
import { agreesWithLedger, readLedger, spread } from "./ledger";
import type { LedgerRecord } from "./ledgerRecord";
import { publishedDigits8 } from "./published";

const about = (mean: number, std = 0) => ({ mean, std });
const vae: LedgerRecord = {
  chapter: 3,
  model: "VAE",
  role: "ours",
  seeds: 3,
  likelihoods: [
    { kind: "upper bound", validation: about(103, 0.3), test: about(104, 0.2) },
    { kind: "IWAE bound", k: 100, validation: about(100, 0.3), test: about(101, 0.2) },
  ],
  quality: {
    frechet: about(20, 1),
    precision: about(0.8, 0.01),
    recall: about(0.6, 0.01),
    memorized: about(0.05, 0.005),
    classVariation: about(0.1, 0.02),
  },
  cost: { parameters: 1000, trainingSeconds: 20, secondsPer1000: 0.1 },
  settings: "rede densa",
  tolerance: { nats: 0.5, frechet: 2, share: 0.03 },
};
const gan: LedgerRecord = { ...vae, chapter: 4, model: "GAN", likelihoods: [] };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "placar-"));
  path = join(folder, "placar.json");
  writeFileSync(path, JSON.stringify([vae, gan]));
});
afterEach(() => {
  delete process.env.CADERNO_UPDATE_PLACAR;
  rmSync(folder, { recursive: true });
});

/** Um registro com um campo trocado, dado o caminho até ele. */
function changed(record: LedgerRecord, field: string, value: unknown): LedgerRecord {
  const copy = structuredClone(record);
  const keys = field.split(".");
  const last = keys.pop()!;
  const inner = keys.reduce((object, key) => object[key], copy as any);
  if (value === undefined) delete inner[last];
  else inner[last] = value;
  return copy;
}

test("spread: média e desvio amostral; de um número só, desvio 0", () => {
  assert.deepEqual(spread([1, 2, 6]), { mean: 3, std: Math.sqrt((4 + 1 + 9) / 2) });
  assert.deepEqual(spread([5]), { mean: 5, std: 0 });
});

test("o arquivo do repositório tem a forma esperada, na ordem dos capítulos", () => {
  const chapters = readLedger().map(({ chapter }) => chapter);
  assert.ok(chapters.includes(3));
  assert.deepEqual(
    chapters,
    [...chapters].sort((a, b) => a - b),
  );
});

for (const [name, field, value, message] of [
  [
    "falta um campo",
    "seeds",
    undefined,
    /\[0\]\.seeds: esperava um número inteiro ≥ 1, recebi nada/,
  ],
  ["um campo a mais", "nota", 3, /\[0\]: não conheço o campo "nota"; há chapter, model/],
  [
    "NaN",
    "likelihoods.0.test.mean",
    NaN,
    /\[0\]\.likelihoods\[0\]\.test\.mean: esperava um número finito, recebi null/,
  ],
  ["desvio negativo", "quality.frechet.std", -1, /frechet\.std: esperava um número ≥ 0, recebi -1/],
  [
    "fração em porcentagem",
    "quality.precision.mean",
    80,
    /precision\.mean: esperava um número entre 0 e 1, recebi 80/,
  ],
  [
    "espécie desconhecida",
    "likelihoods.0.kind",
    "limite",
    /esperava "exact" ou "upper bound" ou .*, recebi "limite"/,
  ],
  ["IWAE sem k", "likelihoods.1.k", undefined, /k é o número de sorteios/],
  ["nome vazio", "model", " ", /model: esperava um texto não vazio/],
  ["não é lista", "likelihoods", {}, /likelihoods: esperava uma lista/],
] as const)
  // prettier-ignore
  test(`recusa um registro: ${name}`, () => {
    const wrong = changed(vae, field, value);
    assert.throws(() => agreesWithLedger([wrong], path), { name: "TypeError", message });
    writeFileSync(path, JSON.stringify([wrong]));
    assert.throws(() => readLedger(path), { name: "TypeError", message });
  });

test("recusa dois registros de um modelo, e registros de dois capítulos", () => {
  assert.throws(() => agreesWithLedger([vae, vae], path), /dois registros de "VAE" no capítulo 3/);
  assert.throws(() => agreesWithLedger([vae, gan], path), /de um capítulo, recebi de 3, 4/);
  assert.throws(() => agreesWithLedger([], path), /recebi de nenhum/);
});

test("o arquivo que falta ou não é JSON: o remédio", () => {
  writeFileSync(path, "[{");
  assert.throws(() => readLedger(path), /não consegui ler .* git checkout data\/placar\.json/);
  assert.throws(() => readLedger(join(folder, "outro.json")), /ENOENT/);
});

test("confere dentro da tolerância, e os tempos não contam", () => {
  let other = changed(vae, "likelihoods.0.test.mean", 104.4);
  other = changed(other, "quality.precision.mean", 0.78);
  other = changed(other, "cost.trainingSeconds", 900);
  assert.equal(agreesWithLedger([other], path), true);
});

for (const [field, value, message] of [
  [
    "likelihoods.0.test.mean",
    104.6,
    /VAE, limite superior, teste \(tolerância 0,5\): medi 104,6 ± 0,2, o registro diz 104 ± 0,2/,
  ],
  ["likelihoods.1.validation.std", 1.5, /limite IWAE, validação/],
  ["likelihoods.1.k", 50, /os números: medi .*k = 50, o registro diz .*k = 100/],
  ["quality.frechet.mean", 23, /Fréchet/],
  ["quality.memorized.mean", 0.09, /decoradas/],
  ["cost.parameters", 1001, /parâmetros: medi 1001, o registro diz 1000/],
  ["settings", "outra", /ajustes/],
  ["model", "VAE largo", /medi VAE largo; há registro de VAE/],
] as const)
  // prettier-ignore
  test(`acusa o que mudou: ${field}`, () => {
    const other = changed(vae, field, value);
    assert.throws(() => agreesWithLedger([other], path), { name: "AssertionError", message });
    assert.throws(() => agreesWithLedger([other], path), /npm run execute -- 03 --update-placar/);
  });

test("regrava o capítulo, e só ele, e não deixa arquivo pela metade", () => {
  process.env.CADERNO_UPDATE_PLACAR = "1";
  const wide = { ...vae, model: "VAE largo", likelihoods: [{ ...vae.likelihoods[0], test: about(1 / 3) }] }; // prettier-ignore
  assert.equal(agreesWithLedger([wide, { ...vae, role: "baseline" }], path), true);
  const records = readLedger(path);
  assert.deepEqual(
    records.map(({ model }) => model),
    ["VAE largo", "VAE", "GAN"],
  );
  assert.equal(records[0].likelihoods[0].test.mean, 0.333333);
  assert.deepEqual(records[2], gan);
  assert.deepEqual(readdirSync(folder), ["placar.json"]);
  assert.throws(() => agreesWithLedger([changed(vae, "seeds", 0)], path), TypeError);
  assert.equal(JSON.parse(readFileSync(path, "utf8")).length, 3);
  delete process.env.CADERNO_UPDATE_PLACAR;
  assert.equal(agreesWithLedger([wide, { ...vae, role: "baseline" }], path), true);
});

test("os placares mostram um número por linha, e quem não dá número fica fora", () => {
  const board = likelihoodBoard([vae, gan], [publishedDigits8.vae]);
  assert.deepEqual(
    board.rows.map(({ name }) => name),
    ["VAE · limite IWAE, k = 100", "VAE publicado", "VAE · limite superior"],
  );
  const display = Symbol.for("Jupyter.display") as never;
  const text = (costTable([vae, gan])[display] as () => { "text/plain": string })()["text/plain"];
  assert.match(text, /GAN +1\.000 +20,0 +0,10/);
});

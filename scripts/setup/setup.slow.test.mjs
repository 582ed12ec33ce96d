import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { root as repository } from "../root.mjs";

// O que dá errado numa máquina de verdade, com o npm e o pip de verdade, numa cópia com espaços e acentos no caminho.
// A porta 9 desta máquina não responde: é a falta de rede.

const DEAD = "http://127.0.0.1:9";
const asRoot = process.getuid?.() === 0;

let folder, copy;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "caderno-"));
  chmodSync(folder, 0o755);
  copy = join(folder, "cópia com espaços");
  mkdirSync(copy);
  for (const name of ["package.json", "package-lock.json", ".npmrc", "scripts", "notebooks"])
    cpSync(join(repository, name), join(copy, name), { recursive: true });
  for (const name of ["requirements.txt", "requirements-test.txt"])
    cpSync(join(repository, name), join(copy, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = (changes) => ({ ...process.env, npm_config_cache: join(folder, "npm"), ...changes });
const command = (...args) => [process.execPath, [join(copy, "scripts", "run.cjs"), ...args]];

function run(args, changes = {}, options = {}) {
  const { status, stdout, stderr } = spawnSync(...command(...args), {
    cwd: copy,
    env: env(changes),
    encoding: "utf8",
    timeout: 120_000,
    ...options,
  });
  return { status, stdout, stderr };
}

/** Nada que atrapalhe a próxima vez: nem pela metade, nem trava. */
function assertClean() {
  assert.equal(existsSync(join(copy, "node_modules")), false);
  assert.equal(existsSync(join(copy, ".venv")), false);
  const cache = join(copy, ".cache");
  if (!existsSync(cache)) return;
  assert.equal(existsSync(join(cache, "setup.lock")), false);
  if (existsSync(join(cache, "setup"))) assert.deepEqual(readdirSync(join(cache, "setup")), []);
}

test("sem rede até o npm", () => {
  const { status, stderr } = run(["start"], { npm_config_registry: DEAD });
  assert.equal(status, 1);
  assert.match(stderr, /^✖ Sem rede até o registro do npm\.\n {2}Confira a internet/);
  assertClean();
});

test("sem rede até o PyPI: o .venv não fica pela metade", () => {
  const stamp = join("node_modules", ".caderno.json"); // os pacotes npm já estariam aí
  cpSync(join(repository, stamp), join(copy, stamp));
  const { status, stderr } = run(["start"], {
    PIP_INDEX_URL: `${DEAD}/simple`,
    PIP_FIND_LINKS: "",
    PIP_NO_CACHE_DIR: "1",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^✖ Sem rede até o PyPI\.\n {2}Confira a internet/);
  rmSync(join(copy, "node_modules"), { recursive: true });
  assertClean();
});

test("sem Python: diz antes de baixar qualquer coisa", () => {
  const { status, stdout, stderr } = run(["start"], { PYTHON: "/nao/existe" });
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^✖ Preciso do Python 3\.9 ou mais novo; não achei nenhum/);
  assertClean();
});

test("sem permissão de escrita", { skip: process.platform === "win32" }, () => {
  chmodSync(copy, 0o555);
  const other = asRoot ? { uid: 65534, gid: 65534 } : {};
  const { status, stderr } = run(["start"], { HOME: "/nonexistent" }, other);
  chmodSync(copy, 0o755);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^✖ Sem permissão para escrever em .*cópia com espaços\.\n {2}Ponha a pasta/,
  );
  assertClean();
});

test("disco cheio", { skip: !mountable() && "precisa montar um disco pequeno" }, () => {
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=60m", "tmpfs", folder]);
  try {
    mkdirSync(copy);
    for (const name of [
      "package.json",
      "package-lock.json",
      ".npmrc",
      "requirements.txt",
      "requirements-test.txt",
    ])
      cpSync(join(repository, name), join(copy, name));
    cpSync(join(repository, "scripts"), join(copy, "scripts"), { recursive: true });
    const { status, stderr } = run(["start"]);
    assert.equal(status, 1);
    assert.match(stderr, /^✖ Faltam \d+ MB de espaço em disco .*\n {2}Libere espaço/);
    assertClean();
  } finally {
    spawnSync("umount", [folder]);
  }
});

function mountable() {
  if (process.platform !== "linux" || !asRoot) return false;
  const probe = mkdtempSync(join(tmpdir(), "disco-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", probe]);
  if (status === 0) spawnSync("umount", [probe]);
  rmSync(probe, { recursive: true, force: true });
  return status === 0;
}

for (const signal of ["SIGKILL", "SIGINT"])
  test(`morto no meio (${signal}): ninguém continua escrevendo, e a próxima vez segue`, async () => {
    const child = spawn(...command("start"), { cwd: copy, env: env() });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (!output.includes("Pacotes npm")) await sleep(20);
    await sleep(1500);
    child.kill(signal);
    const code = await ended;
    if (signal === "SIGINT") assert.equal(code, 130);
    if (signal === "SIGINT")
      assert.match(output, /Interrompido\. Para continuar, rode o mesmo comando/);
    await sleep(300);
    const { status, stderr } = run(["start"], {
      npm_config_registry: DEAD,
      npm_config_cache: join(folder, "vazio"),
    });
    assert.equal(status, 1);
    assert.match(stderr, /^✖ Sem rede até o registro do npm/);
    assertClean();
  });

test("doctor numa cópia sem nada instalado: o que falta, e não muda nada", () => {
  const before = readdirSync(copy);
  const { status, stdout } = run(["doctor"]);
  assert.equal(status, 1);
  for (const title of ["Pacotes npm", "JupyterLab", "Kernelspec", "Kernel", "Motor"])
    assert.match(stdout, new RegExp(`^✖ ${title} .*\\n.*rode npm start`, "m"));
  assert.deepEqual(readdirSync(copy), before);
});

test("doctor neste repositório: tudo certo", () => {
  const entry = join(repository, "scripts", "run.cjs");
  const { status, stdout } = spawnSync(process.execPath, [entry, "doctor"], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
  assert.doesNotMatch(stdout, /✖/);
  assert.match(stdout, /^✔ Kernel .*respondeu a uma célula$/m);
});

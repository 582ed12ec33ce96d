import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bindingFile, run } from "./engine-files.mjs";
import { createLog } from "./log.mjs";
import { deniedOutside, installNpm, isOffline, npmCommand, npmReady, packagesFor } from "./npm.mjs";

test("só contam os pacotes deste sistema", () => {
  const packages = {
    "": {},
    "node_modules/a": {},
    "node_modules/a/node_modules/b": {},
    "node_modules/so-mac": { os: ["darwin"] },
    "node_modules/so-arm": { os: ["linux"], cpu: ["arm64"] },
  };
  assert.deepEqual(packagesFor({ packages }, { platform: "linux", arch: "x64" }), [
    "node_modules/a",
    "node_modules/a/node_modules/b",
  ]);
});

test("sem rede: uma segunda rodada de tentativas sem nenhum acerto", () => {
  const failures = (attempt, n) =>
    `npm http fetch GET x attempt ${attempt} failed with ENOTFOUND\n`.repeat(n);
  assert.equal(isOffline(failures(1, 170)), false);
  assert.equal(isOffline(failures(1, 170) + failures(2, 15)), true);
  assert.equal(isOffline("npm http fetch GET 200 x 12ms\n" + failures(2, 15)), false);
});

test("um cache do npm de outro dono não se confunde com a pasta do projeto", () => {
  const denied = (path) =>
    `npm error code EACCES\nnpm error syscall mkdir\nnpm error path ${path}\n`;
  assert.equal(deniedOutside(denied("/home/ana/.npm/_cacache"), "/dados/caderno"), true);
  assert.equal(deniedOutside(denied("/dados/caderno/node_modules"), "/dados/caderno"), false);
  assert.equal(deniedOutside("npm error code ENOTFOUND\n", "/dados/caderno"), false);
});

test("o npm é o que veio com este Node, mesmo sem npm no PATH", async () => {
  const [command, ...args] = npmCommand({});
  const { code, output } = await run(command, [...args, "--version"], {});
  assert.equal(code, 0);
  assert.match(output, /^\d+\.\d+/);
});

test("o yarn, que também define npm_execpath, não é o npm", () => {
  assert.ok(!npmCommand({ npm_execpath: "/opt/yarn.js" }).includes("/opt/yarn.js"));
});

let root;
before(() => {
  root = mkdtempSync(join(tmpdir(), "caderno é um teste-"));
  const local = (name, version) => {
    mkdirSync(join(root, ".cache", "setup", name), { recursive: true });
    writeFileSync(
      join(root, ".cache", "setup", name, "package.json"),
      JSON.stringify({ name, version }),
    );
  };
  local("@tensorflow-tfjs-node", "4.22.0");
  writeLock("1");
  writeFileSync(join(root, ".npmrc"), "ignore-scripts=true\n");
});
after(() => rmSync(root, { recursive: true, force: true }));

/** Um projeto que depende de um pacote local: o npm de verdade instala sem rede. */
function writeLock(version) {
  const dependencies = { "@tensorflow/tfjs-node": "file:../@tensorflow-tfjs-node" };
  const manifest = { name: "x", version, dependencies };
  const packages = {
    "": manifest,
    "../@tensorflow-tfjs-node": { name: "@tensorflow/tfjs-node", version: "4.22.0" },
    "node_modules/@tensorflow/tfjs-node": { resolved: "../@tensorflow-tfjs-node", link: true },
  };
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({ name: "x", version, lockfileVersion: 3, packages }),
  );
}

async function install() {
  const work = join(root, ".cache", "setup", "tmp-1");
  mkdirSync(work, { recursive: true });
  await installNpm({ root, work, log: createLog({ write() {} }) });
}

test("instala, carimba, e uma mudança no package-lock.json pede de novo", async () => {
  assert.equal(npmReady(root), false);
  await install();
  assert.equal(npmReady(root), true);
  writeLock("2");
  assert.equal(npmReady(root), false);
  mkdirSync(join(root, "node_modules", "velho"));
  await install();
  assert.equal(npmReady(root), true);
  assert.ok(!existsSync(join(root, "node_modules", "velho")));
});

test("uma instalação que falha deixa a anterior como estava", async () => {
  mkdirSync(join(root, "node_modules", "anterior"), { recursive: true });
  const lock = join(root, "package-lock.json");
  writeFileSync(lock, readFileSync(lock, "utf8").replace('"version":"2"', '"version":'));
  await assert.rejects(install());
  assert.ok(existsSync(join(root, "node_modules", "anterior")));
  assert.ok(!bindingFile(root).includes("tmp-1"));
});

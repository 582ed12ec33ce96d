import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromiumPath, launchChromium } from "./chromium.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";

// O caminho do leitor: `npm start`, abrir um capítulo, executar tudo, ver cada figura desenhada.
// As fotos de cada saída ficam em .cache/screenshots/.

const skip =
  !chromiumPath && !process.env.CI && "não achei um Chromium; instale ou defina CHROMIUM_PATH";
let server, url, browser;

before(async () => {
  if (skip) return;
  ({ server, url } = await startJupyterLab());
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  if (!server) return;
  const ended = new Promise((resolve) => server.on("close", resolve));
  server.kill("SIGTERM");
  await ended;
});

for (const name of listNotebooks(root)) {
  test(`${name}: executa inteiro e desenha tudo`, { skip, timeout: 900_000 }, async () => {
    const page = await openNotebook(name);
    const { external, consoleErrors } = page;
    await runAll(page);
    const outputs = await page.evaluate(outputsOfCells);
    assert.ok(outputs.length > 0, "o caderno não tem saídas");
    const errors = outputs.filter(({ type }) => type === "error");
    assert.deepEqual(errors, []);
    await eachOutputDrawn(page, name, outputs);
    assert.deepEqual([...external], [], "a página pediu algo fora desta máquina");
    assert.deepEqual(consoleErrors, []);
    await page.close();
  });
}

/** `npm start` de verdade, numa porta livre; devolve o processo e o endereço com o token. */
async function startJupyterLab() {
  const port = await freePort();
  const args = ["--no-browser", "--port", String(port), "--LabApp.expose_app_in_browser=True"];
  const child = spawn(process.execPath, [join(root, "scripts", "run.cjs"), "start", ...args], {
    cwd: root,
  });
  let output = "";
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`npm start não respondeu:\n${output}`)),
      120_000,
    );
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*token=\w+/.exec(output);
        if (found) resolve(found[0]);
        if (found) clearTimeout(timer);
      });
    child.on("close", (code) => reject(new Error(`npm start terminou com ${code}:\n${output}`)));
  });
  return { server: child, url: new URL(address) };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function openNotebook(name) {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: "pt-BR" });
  page.external = new Set();
  page.consoleErrors = [];
  page.on("request", (request) => {
    const { protocol, hostname, href } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && hostname !== "127.0.0.1") page.external.add(href);
  });
  page.on("pageerror", (error) => page.consoleErrors.push(String(error)));
  // O teste não pode gravar saídas no caderno do repositório.
  await page.route("**/api/contents/**", pretendToSave);
  await page.goto(
    `${url.origin}/lab/tree/notebooks/${name}?token=${url.searchParams.get("token")}&reset`,
  );
  await page.waitForSelector(".jp-Notebook .jp-Cell", { timeout: 60_000 });
  await page.waitForFunction(() => {
    const session = globalThis.jupyterapp?.shell.currentWidget?.sessionContext;
    return session?.session?.kernel?.status === "idle";
  });
  return page;
}

/** Responde a quem grava como se tivesse gravado: com o arquivo como está. */
async function pretendToSave(route) {
  if (route.request().method() !== "PUT") return route.continue();
  const url = new URL(route.request().url());
  url.searchParams.set("content", "0");
  const response = await route.fetch({ method: "GET", url: url.href, postData: "" });
  return route.fulfill({ response });
}

async function runAll(page) {
  await page.evaluate(() => globalThis.jupyterapp.commands.execute("notebook:run-all-cells"));
}

/** Roda dentro da página: uma linha por saída de cada célula. */
function outputsOfCells() {
  const cells = globalThis.jupyterapp.shell.currentWidget.content.widgets;
  return cells.flatMap((cell, index) =>
    (cell.model.outputs?.toJSON() ?? []).map((output) => ({
      index,
      type: output.output_type,
      mimes: Object.keys(output.data ?? {}),
      text: output.evalue ?? "",
    })),
  );
}

async function eachOutputDrawn(page, name, outputs) {
  const folder = join(root, ".cache", "screenshots", name.replace(".ipynb", ""));
  mkdirSync(folder, { recursive: true });
  for (const { index, mimes } of outputs) {
    await page.evaluate(async (i) => {
      const notebook = globalThis.jupyterapp.shell.currentWidget.content;
      await notebook.scrollToItem(i, "start");
    }, index);
    const cell = page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);
    const output = cell.locator(".jp-OutputArea-output").first();
    await output.waitFor({ timeout: 20_000 });
    if (mimes.includes("application/vnd.plotly.v1+json")) {
      const plot = output.locator(".main-svg").first();
      await plot.waitFor({ timeout: 20_000 });
      const { width, height } = await plot.boundingBox();
      assert.ok(width > 300 && height > 100, `célula ${index}: figura com ${width} × ${height}`);
    }
    await output.screenshot({ path: join(folder, `${String(index).padStart(3, "0")}.png`) });
  }
}

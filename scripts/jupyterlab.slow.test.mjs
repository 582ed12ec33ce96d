import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { chromiumPath, launchChromium } from "./chromium.mjs";
import { listNotebooks } from "./notebooks.mjs";
import { root } from "./root.mjs";
import { executedChapter } from "./site/executed.mjs";
import { writeNotebook } from "./site/testing/fixtures.mjs";
import { readerCells } from "./site/testing/reader.mjs";

// O caminho do leitor: `npm start`, abrir, executar tudo, ver cada saída desenhada. O primeiro caderno e um de teste executam aqui; os
// outros, já executados (uma vez só em `npm test`), abrem com as saídas. As fotos ficam em .cache/screenshots/.

const skip =
  !chromiumPath && !process.env.CI && "não achei um Chromium; instale ou defina CHROMIUM_PATH";
const work = join(root, ".cache", "lab-reader");
const [first, ...others] = listNotebooks(root);
const HEIGHT = 4000; // uma janela alta: menos fotos
let server, browser, page;

before(async () => {
  if (skip) return;
  mkdirSync(work, { recursive: true });
  writeNotebook(work, "teste.ipynb", readerCells);
  let url;
  ({ server, url } = await startJupyterLab());
  browser = await launchChromium();
  page = await openLab(url);
});

after(async () => {
  await browser?.close();
  if (!server) return;
  const ended = new Promise((resolve) => server.on("close", resolve));
  server.kill("SIGTERM");
  await ended;
});

const options = { skip, timeout: 300_000 };

test(`${first}: executa inteiro e desenha tudo`, options, async () => {
  await open(`notebooks/${first}`);
  await runAll();
  await everythingDrawn(first);
});

test("figura, tabela, explorador, progresso e treino: executa e desenha", options, async () => {
  await open(".cache/lab-reader/teste.ipynb");
  await runAll();
  const types = await everythingDrawn("teste.ipynb");
  assert.deepEqual([...new Set(types.flat())].sort(), [
    "application/vnd.plotly.v1+json",
    "image/png",
    "stream",
    "text/html",
    "text/plain",
  ]);
  const claim = page.locator(".jp-CodeCell", { hasText: "conferido: a inclinação é 2" });
  await claim.locator(".jp-InputPlaceholder, .jp-Placeholder").first().waitFor();
});

for (const name of others)
  test(`${name}: executado, abre com tudo desenhado`, options, async () => {
    await executedChapter(join(root, "notebooks", name));
    await open(`.cache/executed/${name}`);
    await everythingDrawn(name);
  });

/** `npm start` de verdade, numa porta livre; devolve o processo e o endereço com o token. */
async function startJupyterLab() {
  const port = await freePort();
  const args = [
    "--no-browser",
    `--port=${port}`,
    "--LabApp.expose_app_in_browser=True",
    "--ContentsManager.allow_hidden=True", // .cache
  ];
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

/** O JupyterLab aberto; tudo o que pede de fora e de que reclama fica em page.external e page.complaints. */
async function openLab(url) {
  const viewport = { width: 1300, height: HEIGHT };
  const page = await browser.newPage({ viewport, locale: "pt-BR" });
  page.external = [];
  page.complaints = [];
  page.on("request", (request) => {
    const { protocol, hostname, href } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && hostname !== "127.0.0.1") page.external.push(href);
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  await page.route("**/api/contents/**", pretend);
  await page.goto(`${url.origin}/lab?token=${url.searchParams.get("token")}&reset`);
  await page.waitForFunction(() => globalThis.jupyterapp);
  await page.evaluate(async () => {
    await globalThis.jupyterapp.restored;
    const factory = globalThis.jupyterapp.docRegistry.getWidgetFactory("Notebook");
    factory.notebookConfig = { ...factory.notebookConfig, windowingMode: "none" }; // todas as células de uma vez
  });
  return page;
}

/** O teste não grava saídas no caderno do repositório, e o leitor confia no que ele mesmo executou. */
async function pretend(route) {
  const url = new URL(route.request().url());
  if (route.request().method() === "PUT") {
    url.searchParams.set("content", "0");
    const response = await route.fetch({ method: "GET", url: url.href, postData: "" });
    return route.fulfill({ response });
  }
  if (!url.pathname.endsWith(".ipynb") || url.searchParams.get("content") !== "1")
    return route.continue();
  const response = await route.fetch();
  const json = await response.json();
  for (const cell of json.content.cells) cell.metadata.trusted = true;
  return route.fulfill({ response, json });
}

/** Abre um caderno no lugar do que estava aberto, e espera que o kernel esteja pronto. */
async function open(path) {
  await page.evaluate(async (path) => {
    const { shell, commands } = globalThis.jupyterapp;
    shell.currentWidget?.dispose(); // fechar perguntaria se é para gravar
    const widget = await commands.execute("docmanager:open", { path, factory: "Notebook" });
    await Promise.all([widget.revealed, widget.context.ready, widget.sessionContext.ready]);
  }, path);
  await page.waitForFunction(() => {
    const { sessionContext } = globalThis.jupyterapp.shell.currentWidget;
    return sessionContext.session?.kernel?.status === "idle";
  });
}

const runAll = () =>
  page.evaluate(() => globalThis.jupyterapp.commands.execute("notebook:run-all-cells"));

/** Percorre o caderno, de tela em tela, até que cada saída tenha sido vista desenhada; fotografa cada tela. Devolve os tipos de cada uma. */
async function everythingDrawn(name) {
  const folder = join(root, ".cache", "screenshots", basename(name, ".ipynb"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const outputs = await page.evaluate(outputsOfCells);
  assert.ok(outputs.length > 0, "o caderno não tem saídas");
  assert.deepEqual(
    outputs.filter(({ types }) => types.includes("error")),
    [],
  );
  const unseen = new Set(outputs.map(({ index }) => index));
  while (unseen.size > 0) {
    const [next] = unseen;
    await page.evaluate((index) => {
      globalThis.jupyterapp.shell.currentWidget.content.widgets[index].node.scrollIntoView();
    }, next);
    const seen = await (
      await page.waitForFunction(drawnCells, next, { timeout: 30_000, polling: 100 })
    ).jsonValue();
    for (const index of seen) unseen.delete(index);
    const place = String(next).padStart(3, "0");
    await page.screenshot({ path: join(folder, `${place}.png`) });
  }
  assert.deepEqual(page.external.splice(0), [], "a página pediu algo fora desta máquina");
  assert.deepEqual(page.complaints.splice(0), []);
  return outputs.map(({ types }) => types);
}

/** Roda dentro da página: as células com saída, com os tipos que ela tem. */
function outputsOfCells() {
  const cells = globalThis.jupyterapp.shell.currentWidget.content.widgets;
  return cells
    .map((cell, index) => ({
      index,
      types: (cell.model.outputs?.toJSON() ?? []).flatMap(({ output_type, data }) =>
        data ? Object.keys(data) : [output_type],
      ),
    }))
    .filter(({ types }) => types.length > 0);
}

/** Roda dentro da página: as células à vista, quando as saídas de todas elas estão desenhadas; antes disso, e sem a `wanted`, false. */
function drawnCells(wanted) {
  const notebook = globalThis.jupyterapp.shell.currentWidget.content;
  const seen = [];
  for (const [index, { model, node }] of notebook.widgets.entries()) {
    const { top, bottom } = node.getBoundingClientRect();
    const isWhole = top >= 0 && bottom > top && bottom <= innerHeight;
    if (index !== wanted && !isWhole) continue;
    const drawn = node.querySelectorAll(".jp-OutputArea-output");
    const count = model.outputs?.length ?? 0;
    if (drawn.length < count) return false;
    for (let i = 0; i < count; i++) {
      const plot = "application/vnd.plotly.v1+json" in model.outputs.get(i).data;
      const shown = plot ? drawn[i].querySelector(".main-svg") : drawn[i];
      const { width = 0, height = 0 } = shown?.getBoundingClientRect() ?? {};
      if (plot ? width < 300 || height < 100 : width === 0 || height === 0) return false;
    }
    seen.push(index);
  }
  return seen.includes(wanted) && seen;
}

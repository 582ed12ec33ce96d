import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Abre um arquivo local no navegador e guarda, em page.requests e page.complaints, tudo o que ele pede e de que reclama. */
export async function visit(browser, file, { width = 1280, dark = false, hash = "" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    locale: "pt-BR",
  });
  const page = await context.newPage();
  page.requests = [];
  page.complaints = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("requestfailed", (request) => page.complaints.push(`falhou: ${request.url()}`));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
  });
  await page.goto(`${pathToFileURL(file)}${hash}`);
  return page;
}

/** Nada pedido à rede, nada de que o navegador reclame. */
export function assertAlone(page) {
  const outside = page.requests.filter((url) => !/^(file|data|blob):/.test(url));
  assert.deepEqual(outside, [], "a página pediu algo de fora");
  assert.deepEqual(page.complaints, []);
}

/** Percorre a página, espera que todas as figuras visíveis estejam desenhadas, com tamanho, e devolve quantas são. */
export async function allPlotsDrawn(page) {
  // Uma figura se desenha quando chega perto da vista; as outras, quando sobra tempo.
  await page.evaluate(async () => {
    const { scrollHeight } = document.documentElement;
    for (let top = 0; top < scrollHeight; top += 2000) {
      scrollTo({ top, behavior: "instant" });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    scrollTo({ top: 0, behavior: "instant" });
  });
  const drawn = () =>
    [...document.querySelectorAll(".figura-desenho")]
      .filter((place) => place.offsetParent !== null)
      .every((place) => {
        const box = place.querySelector(".main-svg")?.getBoundingClientRect();
        return box?.width > 150 && box.height > 50;
      });
  await page.waitForFunction(drawn, null, { timeout: 60_000 });
  return page.locator(".figura-desenho").count();
}

/**
 * As falhas graves de acessibilidade que o axe acha. As letras dos eixos e das fórmulas, e com `code: false` as do código, são
 * dezenas de milhares e levariam minutos: ficam fora.
 */
export async function seriousFaults(page, { code = true } = {}) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (exclude) =>
      globalThis.axe.run(
        { exclude },
        // Com preload ele mesmo pediria as folhas de estilo, o que file:// não deixa.
        { preload: false, resultTypes: ["violations"] },
      ),
    [[".main-svg"], [".katex"], ...(code ? [] : [[".highlight pre"]])],
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

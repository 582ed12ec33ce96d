import { createContext, Script } from "node:vm";
import { escapeHtml, formatNumber } from "./format";

const display: unique symbol = Symbol.for("Jupyter.display");

/** One slider. `name` is the key of its value in `view`, `label` what the reader sees. */
export interface Slider<Name extends string = string> {
  name: Name;
  label: string;
  min: number;
  max: number;
  step: number;
  /** Where it stands at first. */
  value: number;
}

export interface ExplorerOptions<Name extends string, Data> {
  title: string;
  /** What the picture shows, for who cannot see it. */
  alt: string;
  sliders: readonly Slider<Name>[];
  /** All that `view` needs beside the sliders: numbers, texts, arrays, typed arrays and objects of these. */
  data: Data;
  /**
   * The picture as SVG or HTML text. It runs in the reader's page, alone: it may use its arguments and JavaScript's own functions
   * (Math, Array, …), nothing imported and nothing from other cells, and must give the same text for the same values.
   */
  view: (values: Record<Name, number>, data: Data) => string;
}

/** A picture with sliders; the last expression of a cell shows it. */
export interface Explorer {
  [display](): { "text/html": string; "text/plain": string };
}

/**
 * A picture that the reader changes with sliders, also in an exported page, without a kernel: the source of `view` and the data
 * travel in the page. The first picture is drawn here, so that a page without JavaScript shows it.
 *
 *     explorer({ title: "Senoide", alt: "Curva seno de frequência regulável",
 *                sliders: [{ name: "f", label: "frequência", min: 1, max: 5, step: 0.5, value: 1 }],
 *                data: { width: 300 }, view: ({ f }, { width }) => `<svg …>` })
 *
 * @throws TypeError, ReferenceError or RangeError when the data do not fit in a page, a slider makes no sense, or `view` uses a name from
 *   outside, fails at an end of the sliders, gives no text, or differs from call to call
 */
export function explorer<const Name extends string, Data>(
  options: ExplorerOptions<Name, Data>,
): Explorer {
  const { title, alt, sliders, data, view } = options;
  for (const [name, value] of Object.entries({ title, alt })) {
    if (!value?.trim()) throw new TypeError(`explorer: falta ${name}`);
  }
  checkSliders(sliders);
  const payload = toJson(data, "data");
  const source = expression(view);
  const picture = tryOut(source, payload, sliders);
  const html = page({ title, alt, sliders, payload, source, picture });
  return { [display]: () => ({ "text/html": html, "text/plain": `${title}: ${alt}` }) };
}

// ── Checks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function checkSliders(sliders: readonly Slider[]): void {
  if (sliders.length === 0)
    throw new TypeError("explorer: esperava ao menos um controle em sliders");
  const names = new Set(sliders.map(({ name }) => name));
  if (names.size < sliders.length) throw new TypeError("explorer: dois controles com o mesmo name");
  for (const { name, label, min, max, step, value } of sliders) {
    if (!label?.trim()) throw new TypeError(`explorer: falta o label do controle "${name}"`);
    if (!(
      max > min &&
      step > 0 &&
      step <= max - min &&
      value >= min &&
      value <= max &&
      max - min < Infinity
    )) {
      throw new RangeError(
        `explorer: no controle "${name}" esperava min ≤ value ≤ max e 0 < step ≤ max − min, ` +
          `recebi min ${min}, max ${max}, step ${step}, value ${value}`,
      );
    }
  }
}

/** Runs the view alone, at the first values and at both ends of the sliders, and returns its first picture. */
function tryOut(source: string, payload: string, sliders: readonly Slider[]): string {
  let run: Script;
  try {
    run = new Script(`${runtime}(${source})(values, revive(payload))`);
  } catch (error) {
    throw new TypeError(`explorer: não consegui ler o código de view: ${(error as Error).message}`);
  }
  const pictureAt = (key: "value" | "min" | "max"): string => {
    const values = Object.fromEntries(sliders.map((slider) => [slider.name, slider[key]]));
    const context = createContext({ payload, values: undefined, atob });
    new Script(`values = JSON.parse(${JSON.stringify(JSON.stringify(values))})`).runInContext(
      context,
    );
    const where = sliders.map(({ name }) => `${name} = ${values[name]}`).join(", ");
    let picture: unknown;
    try {
      picture = run.runInContext(context, { timeout: 5000 });
    } catch (error) {
      throw explain(error as Error, source, where);
    }
    if (typeof picture !== "string") {
      throw new TypeError(
        `explorer: view deve devolver texto (SVG ou HTML), devolveu ${typeof picture}`,
      );
    }
    if (/\b(NaN|undefined|Infinity)\b/.test(picture)) {
      throw new RangeError(`explorer: view devolveu NaN, Infinity ou undefined com ${where}`);
    }
    return picture;
  };
  const first = pictureAt("value");
  if (first !== pictureAt("value")) {
    throw new TypeError("explorer: view deve dar sempre o mesmo desenho para os mesmos valores");
  }
  pictureAt("min");
  pictureAt("max");
  return first;
}

/** The error of a view in words that say what to do. The kernel compiles names of other cells to `exports.x` and imports to `module_1.x`. */
function explain(error: Error, source: string, where: string): Error {
  const missing = /^(\w+) is not defined$/.exec(String(error.message))?.[1];
  if (error.name !== "ReferenceError" || missing === undefined) {
    return new TypeError(`explorer: view falhou com ${where}: ${error.message}`);
  }
  const inside = new RegExp(`\\b${missing}\\.(\\w+)`).exec(source)?.[1];
  const name =
    inside !== undefined && (missing === "exports" || /_\d+$/.test(missing)) ? inside : missing;
  return new ReferenceError(
    `explorer: view usa "${name}", que não existe na página do leitor; passe os valores de que precisa em data`,
  );
}

/** The function's source as an expression; a method (`view(values) { … }`) is put in an object and taken out. */
function expression(view: (...args: never[]) => string): string {
  if (typeof view !== "function")
    throw new TypeError(`explorer: view deve ser uma função, recebi ${typeof view}`);
  const source = Function.prototype.toString.call(view);
  if (source.includes("[native code]")) {
    throw new TypeError("explorer: view deve ser uma função escrita aqui, não o resultado de bind");
  }
  const isExpression = (text: string) => {
    try {
      return Boolean(new Script(`(${text})`));
    } catch {
      return false;
    }
  };
  return isExpression(source) ? source : `Object.values({ ${source} })[0]`;
}

// ── Data ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const typedArrays = [
  "Float64Array",
  "Float32Array",
  "Int32Array",
  "Uint32Array",
  "Int16Array",
  "Uint16Array",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
];

/** JSON in which typed arrays travel whole, as `{"$array": [type, base64]}`. */
function toJson(data: unknown, path: string): string {
  return JSON.stringify(plain(data, path));
}

function plain(value: unknown, path: string): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`explorer: ${path} deve ser um número finito, recebi ${value}`);
  }
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`));
  if (ArrayBuffer.isView(value) && typedArrays.includes(value.constructor.name)) {
    (value as Uint8Array).forEach((item, i) => plain(item, `${path}[${i}]`));
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { $array: [value.constructor.name, bytes.toString("base64")] };
  }
  const prototype =
    typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === null || prototype?.constructor?.name === "Object") {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, item]) => [key, plain(item, `${path}.${key}`)]),
    );
  }
  throw new TypeError(
    `explorer: ${path} deve ser número, texto, lista ou objeto simples, recebi ${prototype?.constructor?.name ?? typeof value}`,
  );
}

// ── Page ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the view finds in the page: the data as they were, and the helper that tsx puts around named functions. */
const runtime = `const __name = (f) => f;
const revive = (json) => JSON.parse(json, (key, value) => {
  if (!value || !Array.isArray(value.$array)) return value;
  const bytes = decode(value.$array[1]);
  return new globalThis[value.$array[0]](bytes.buffer);
});
const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
`;

interface PageParts {
  title: string;
  alt: string;
  sliders: readonly Slider[];
  payload: string;
  source: string;
  picture: string;
}

const style = `<style>
.caderno-explorador{max-width:680px;margin:0.5em 0;font-family:system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;font-size:14px;line-height:1.4}
.caderno-explorador .titulo{font-size:16px;margin:0 0 0.5em}
.caderno-explorador .desenho{background:#fff;color:#222;border:1px solid #ccc;border-radius:4px;padding:8px;margin:0 0 0.6em;overflow-x:auto}
.caderno-explorador .desenho svg{display:block;max-width:100%;height:auto;margin:0 auto}
.caderno-explorador .controles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,200px),1fr));gap:0.4em 1.5em;align-items:end}
.caderno-explorador label{display:block}
.caderno-explorador .linha{display:flex;justify-content:space-between;gap:1em}
.caderno-explorador .valor{font-variant-numeric:tabular-nums}
.caderno-explorador input{display:block;width:100%;margin:0.3em 0;accent-color:#0072B2}
.caderno-explorador input:focus-visible{outline:3px solid #E69F00;outline-offset:3px;border-radius:4px}
</style>`;

function page({ title, alt, sliders, payload, source, picture }: PageParts): string {
  // data-lm-suppress-shortcuts: JupyterLab would take the arrow keys to move from cell to cell.
  const controls = sliders.map(({ label, min, max, step, value }) => {
    const shown = escapeHtml(formatNumber(value, decimals(step)));
    return (
      `<label><span class="linha"><span>${escapeHtml(label)}</span><span class="valor" aria-hidden="true">${shown}</span></span>` +
      `<input type="range" min="${min}" max="${max}" step="${step}" value="${value}" aria-valuetext="${shown}" data-lm-suppress-shortcuts="true"></label>`
    );
  });
  const names = JSON.stringify(sliders.map(({ name, step }) => [name, decimals(step)]));
  return `<div class="caderno-explorador" role="group" aria-label="${escapeHtml(title)}">${style}
<p class="titulo">${escapeHtml(title)}</p>
<div class="desenho" role="img" aria-label="${escapeHtml(alt)}">${picture}</div>
<div class="controles">${controls.join("")}</div></div>
<script>(function (root) {
${runtime}const data = revive(${inString(payload)});
const view = ${inScript(source)};
const sliders = JSON.parse(${inString(names)});
const inputs = root.querySelectorAll("input"), numbers = root.querySelectorAll(".valor");
const draw = () => {
  const values = {};
  sliders.forEach(([name, digits], i) => {
    values[name] = Number(inputs[i].value);
    const text = values[name].toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    numbers[i].textContent = text;
    inputs[i].setAttribute("aria-valuetext", text);
  });
  root.querySelector(".desenho").innerHTML = view(values, data);
};
inputs.forEach((input) => input.addEventListener("input", draw));
draw();
})(document.currentScript.previousElementSibling);</script>`;
}

/** A JavaScript string without a character that HTML reads. */
function inString(text: string): string {
  return JSON.stringify(text).replace(/</g, "\\u003c");
}

/** Code that cannot end the script it stands in: `<\/script` and `<\!--` mean the same in the strings and templates that have them. */
function inScript(code: string): string {
  return code.replace(/<(?=\/script)/gi, "<\\").replace(/<(?=!--)/g, "<\\");
}

/** Decimals that show every step. */
function decimals(step: number): number {
  return Math.min(6, /\.(\d+)$/.exec(step.toFixed(6).replace(/\.?0+$/, ""))?.[1].length ?? 0);
}

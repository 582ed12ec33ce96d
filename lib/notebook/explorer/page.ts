import { escapeHtml, formatNumber } from "../format";
import { runtime } from "./data";

/** Um controle deslizante. `name` é a chave do seu valor em `view`; `label`, o que o leitor vê. */
export interface Slider<Name extends string = string> {
  name: Name;
  label: string;
  min: number;
  max: number;
  step: number;
  /** Onde começa. */
  value: number;
}

/** De que a página é feita; `payload` são os dados em JSON, `source` o código de `view`. */
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

/** A página do explorador: o primeiro desenho, os controles, e o script que desenha de novo a cada movimento. */
export function page({ title, alt, sliders, payload, source, picture }: PageParts): string {
  // data-lm-suppress-shortcuts: senão o JupyterLab usaria as setas para andar entre células.
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
    const text = values[name].toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
    numbers[i].textContent = text;
    inputs[i].setAttribute("aria-valuetext", text);
  });
  root.querySelector(".desenho").innerHTML = view(values, data);
};
inputs.forEach((input) => input.addEventListener("input", draw));
draw();
})(document.currentScript.previousElementSibling);</script>`;
}

/** Um texto de JavaScript sem o caractere que o HTML leria. */
function inString(text: string): string {
  return JSON.stringify(text).replace(/</g, "\\u003c");
}

/** Código que não pode encerrar o script em que está: dentro de textos, `<\/script` e `<\!--` querem dizer o mesmo. */
function inScript(code: string): string {
  return code.replace(/<(?=\/script)/gi, "<\\").replace(/<(?=!--)/g, "<\\");
}

/** As casas decimais que mostram cada passo. */
function decimals(step: number): number {
  return Math.min(6, /\.(\d+)$/.exec(step.toFixed(6).replace(/\.?0+$/, ""))?.[1].length ?? 0);
}

import { sandbox } from "./display/sandbox";
import { runtime, toJson } from "./explorer/data";
import { page, type Slider } from "./explorer/page";

export type { Slider } from "./explorer/page";

const display: unique symbol = Symbol.for("Jupyter.display");

/** O que `explorer` recebe. */
export interface ExplorerOptions<Name extends string, Data> {
  title: string;
  /** O que o desenho mostra, para quem não o vê. */
  alt: string;
  sliders: readonly Slider<Name>[];
  /** Tudo de que `view` precisa além dos controles: números, textos, listas, Float64Array e afins, e objetos com isso. */
  data: Data;
  /**
   * O desenho, como texto SVG ou HTML. Roda sozinha, na página do leitor: pode usar seus argumentos e o que é do próprio
   * JavaScript (Math, Array, …), nada importado e nada de outras células; para os mesmos valores dá sempre o mesmo texto.
   */
  view: (values: Record<Name, number>, data: Data) => string;
}

/** Um desenho com controles; aparece quando é a última expressão da célula. */
export interface Explorer {
  [display](): { "text/html": string; "text/plain": string };
}

/**
 * Um desenho que o leitor muda com controles, também na página exportada e sem kernel: o código de `view` e os dados vão na
 * página. O primeiro desenho é feito aqui, e aparece mesmo sem JavaScript.
 *
 *     explorer({ title: "Senoide", alt: "Curva seno de frequência regulável",
 *                sliders: [{ name: "f", label: "frequência", min: 1, max: 5, step: 0.5, value: 1 }],
 *                data: { width: 300 }, view: ({ f }, { width }) => `<svg …>` })
 *
 * @throws TypeError se falta título, descrição ou controle, se os dados não podem ir na página, se `view` falha, não dá texto ou
 * muda de uma chamada para outra; ReferenceError se `view` usa um nome de fora; RangeError se um controle não faz sentido, ou
 * se há NaN ou infinito nos dados ou no desenho
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

/** Roda `view` sozinha, nos valores iniciais e nos dois extremos dos controles, e devolve o primeiro desenho. */
function tryOut(source: string, payload: string, sliders: readonly Slider[]): string {
  let run: ReturnType<typeof sandbox>;
  try {
    run = sandbox(`${runtime}(${source})(JSON.parse(values), revive(payload))`);
  } catch (error) {
    throw new TypeError(`explorer: não consegui ler o código de view: ${(error as Error).message}`);
  }
  const pictureAt = (key: "value" | "min" | "max"): string => {
    const values = Object.fromEntries(sliders.map((slider) => [slider.name, slider[key]]));
    const where = sliders.map(({ name }) => `${name} = ${values[name]}`).join(", ");
    let picture: unknown;
    try {
      picture = run({ payload, values: JSON.stringify(values) });
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

/** O erro de `view` em palavras que dizem o que fazer. (O kernel compila nomes de outras células como `exports.x`, e imports como `modulo_1.x`.) */
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

/** O código da função como expressão; um método (`view(values) { … }`) é posto em um objeto e tirado dele. */
function expression(view: (...args: never[]) => string): string {
  if (typeof view !== "function")
    throw new TypeError(`explorer: view deve ser uma função, recebi ${typeof view}`);
  const source = Function.prototype.toString.call(view);
  if (source.includes("[native code]")) {
    throw new TypeError("explorer: view deve ser uma função escrita aqui, não o resultado de bind");
  }
  const isExpression = (text: string) => {
    try {
      return Boolean(sandbox(`(${text})`));
    } catch {
      return false;
    }
  };
  return isExpression(source) ? source : `Object.values({ ${source} })[0]`;
}

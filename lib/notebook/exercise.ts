import { AssertionError } from "node:assert";
import { escapeHtml } from "./format";

const display: unique symbol = Symbol.for("Jupyter.display");

/**
 * De que tipo é a resposta: `aNumber`, `aText`, `aList(aNumber)`, `aFunction([aNumber], aNumber)`… `Out` é o que os passos da
 * conferência recebem, `In` o que o leitor pode escrever (uma Float64Array serve de lista).
 */
export interface Answer<Out, In = Out> {
  /** Com artigo, para as dicas: "um número". */
  readonly name: string;
  /** O valor conferido, pronto para os passos; se não serve, lança a dica. */
  read(value: unknown): Out;
  /** Só para o TypeScript; nunca existe. */
  readonly in?: In;
}

/** Um texto, ou o texto que convém à resposta. O que está entre crases sai como código. */
export type Text<T> = string | ((answer: T) => string);

/**
 * Um passo da conferência: o que deve ser verdade (ou, como `roundsTo`, o que é verdade com arredondamento) e a dica para quando não
 * é; ou, como `gives`, uma função que devolve a dica, ou `undefined` se está tudo certo.
 */
export type Step<T> =
  | readonly [holds: (answer: T) => boolean | "rounded", hint: Text<T>]
  | ((answer: T) => string | undefined);

/** O veredito sobre uma resposta; aparece quando é a última expressão da célula. */
export interface Verdict {
  readonly status: "unanswered" | "hint" | "right";
  readonly text: string;
  [display](): { "text/html": string; "text/plain": string };
}

/** Um exercício com conferência. */
export interface Exercise<Out, In = Out> {
  /**
   * O veredito sobre a resposta do leitor: ainda não há, certa, ou o que olhar. Aceita qualquer coisa e nunca lança erro, nem
   * quando a resposta é uma função que lança.
   */
  check(answer?: In): Verdict;
  check(answer: unknown): Verdict;
  /** O mesmo veredito, para a célula da solução. @throws AssertionError se a conferência não a aceita */
  solution(answer: In): Verdict;
}

/**
 * Um exercício que se confere sozinho. O leitor escreve a resposta em uma célula que começa vazia:
 *
 *     const area = exercise("1.2", aNumber, [
 *       [(x) => x > 0, "Uma área é positiva: olhe a ordem da subtração."],
 *       [closeTo(6, 0.01), (x) => `Com ${formatNumber(x)}, o retângulo não cabe no mapa.`],
 *     ], "Base vezes altura.");
 *
 *     const myArea = undefined; // troque pela sua resposta
 *     area.check(myArea);
 *
 * e a célula da solução, recolhida, passa pela mesma conferência: `area.solution(2 * 3)`. Deixe a resposta por preencher sem
 * anotar o tipo, ou o texto "6" seria um erro do TypeScript em vez de uma dica; se é uma função, anote só os argumentos:
 * `const mySquare = (x: number) => undefined;`.
 *
 * @param name o número do exercício: "1.2"
 * @param answer de que tipo é a resposta
 * @param steps o que conferir, na ordem; o primeiro passo que falha dá a dica
 * @param right por que está certo, em uma ou duas frases
 * @throws TypeError se falta o nome, um passo ou o texto final
 */
export function exercise<Out, In = Out>(
  name: string,
  answer: Answer<Out, In>,
  steps: readonly Step<Out>[],
  right: Text<Out>,
): Exercise<Out, In> {
  if (!name?.trim()) throw new TypeError("exercise: falta o número do exercício");
  if (!(steps?.length > 0))
    throw new TypeError(`exercise ${name}: esperava ao menos um passo, recebi nenhum`);
  if (!right) throw new TypeError(`exercise ${name}: falta o texto de quando está certo`);
  const hints = steps.flatMap((step) =>
    typeof step !== "function" && typeof step[1] === "string" && step[1] ? [step[1]] : [],
  );
  const solution = (value: In) => {
    const result = judge(value, answer, steps, right);
    if (result.status === "right") return verdict(name, result, hints);
    const message = `exercício ${name}: a conferência não aceitou a solução: ${result.text}`;
    throw new AssertionError({ message, stackStartFn: solution });
  };
  return {
    check: (value?: unknown) => verdict(name, judge(value, answer, steps, right), hints),
    solution,
  };
}

type Judgement = Pick<Verdict, "status" | "text">;

/** O que se diz ao leitor em vez de um erro. */
class Hint extends Error {
  constructor(
    message: string,
    readonly status: "unanswered" | "hint" = "hint",
  ) {
    super(message);
  }
}

const empty = "Escreva sua resposta nesta célula e execute-a de novo.";

function judge<Out>(
  value: unknown,
  answer: Answer<Out, unknown>,
  steps: readonly Step<Out>[],
  right: Text<Out>,
): Judgement {
  try {
    if (isEmpty(value)) return { status: "unanswered", text: empty };
    const read = answer.read(value);
    const say = (text: Text<Out>) => (typeof text === "string" ? text : text(read));
    let rounded = "";
    for (const step of steps) {
      if (typeof step === "function") {
        const hint = step(read);
        if (hint !== undefined) return { status: "hint", text: hint };
        continue;
      }
      const holds = step[0](read);
      if (!holds) return { status: "hint", text: say(step[1]) };
      if (holds === "rounded") rounded = "É isso, arredondado. ";
    }
    return { status: "right", text: rounded + say(right) };
  } catch (error) {
    if (error instanceof Hint) return { status: error.status, text: error.message };
    return { status: "hint", text: `A conferência parou com um erro: ${messageOf(error)}.` };
  }
}

/** Célula por preencher: nada, um texto em branco, uma lista de nadas. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.every(isEmpty);
}

// Os tipos de resposta.

/** Um número finito. */
export const aNumber: Answer<number> = {
  name: "um número",
  read(value) {
    if (typeof value === "number") {
      if (Number.isFinite(value)) return value;
      throw new Hint(
        Number.isNaN(value)
          ? "Veio `NaN`: alguma conta não deu número, como 0/0 ou o logaritmo de um negativo."
          : `Veio ${value > 0 ? "infinito" : "menos infinito"}: procure uma divisão por zero ou um logaritmo de zero.`,
      );
    }
    if (typeof value === "string" && /^\s*[-+]?\d+([.,]\d+)?\s*$/.test(value)) {
      const written = value.trim().replace(",", ".");
      throw new Hint(`Veio um texto. Escreva o número sem aspas e com ponto: \`${written}\`.`);
    }
    throw unexpected("um número", value);
  },
};

/** Um número, finito ou infinito. */
export const aNumberOrInfinity: Answer<number> = {
  name: "um número",
  read: (value) =>
    value === Infinity || value === -Infinity ? (value as number) : aNumber.read(value),
};

/** Sim ou não: `true` ou `false`. */
export const aBoolean: Answer<boolean> = {
  name: "`true` ou `false`",
  read(value) {
    if (typeof value === "boolean") return value;
    throw unexpected("`true` ou `false`", value);
  },
};

/** Um texto; chega aos passos sem espaços nas pontas. */
export const aText: Answer<string> = {
  name: "um texto",
  read(value) {
    if (typeof value === "string") return value.trim();
    throw unexpected("um texto, entre aspas", value);
  },
};

/** Uma das opções, escrita como está ou com outras maiúsculas. @throws TypeError se não há ao menos duas */
export function aChoice<const Option extends string>(
  options: readonly Option[],
): Answer<Option, string> {
  if (!(options?.length > 1)) throw new TypeError("aChoice: esperava ao menos duas opções");
  const name = `uma destas opções: ${options.map((option) => `\`"${option}"\``).join(", ")}`;
  return {
    name,
    read(value) {
      const same = (option: string) =>
        typeof value === "string" && option.toLowerCase() === value.trim().toLowerCase();
      const chosen = options.find(same);
      if (chosen === undefined) throw unexpected(name, value);
      return chosen;
    },
  };
}

/**
 * Uma lista, de `length` itens se isto é dado; Float64Array e semelhantes também servem. Listas de listas:
 * `aList(aList(aNumber, 2))`.
 */
export function aList<Out, In>(
  item: Answer<Out, In>,
  length?: number,
): Answer<Out[], ArrayLike<In>> {
  const count =
    length === undefined ? "" : `${length} ${length === 1 ? "item" : "itens"}, cada um `;
  const name = `uma lista de ${count}${item.name}`;
  return {
    name,
    read(value) {
      if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && "length" in value))
        throw unexpected(name, value);
      const list = Array.from(value as ArrayLike<unknown>);
      if (length !== undefined && list.length !== length)
        throw new Hint(`Esperava ${name}; veio uma lista de ${list.length}.`);
      return list.map((element, i) => {
        try {
          return item.read(element);
        } catch (error) {
          throw new Hint(`Na posição ${i} da lista: ${messageOf(error)}`);
        }
      });
    },
  };
}

/**
 * Uma função, de argumentos e resultado dados: `aFunction([aNumber, aNumber], aNumber)`. O que os passos recebem chama a função
 * do leitor com cópias dos argumentos e confere o que volta: um erro, NaN ou nada viram dica.
 */
export function aFunction<Args extends readonly unknown[], Out, In = Out>(
  args: readonly [...{ [i in keyof Args]: Answer<Args[i], any> }],
  result: Answer<Out, In>,
): Answer<(...args: Args) => Out, (...args: Args) => In | undefined> {
  const name = `uma função que devolve ${result.name}`;
  return {
    name,
    read(value) {
      if (typeof value !== "function") throw unexpected(name, value);
      if (value.length > args.length)
        throw new Hint(`A função pede ${value.length} argumentos; esperava ${args.length}.`);
      let answered = false;
      return (...given) => {
        const call = subject(given);
        let output: unknown;
        try {
          output = value(...given.map(copy));
        } catch (error) {
          throw new Hint(`${call} parou com um erro: ${messageOf(error)}.`);
        }
        if (output === undefined) {
          if (answered) throw new Hint(`${call} não devolveu nada: falta um \`return\`?`);
          throw new Hint(`${empty} Por ora a função não devolve nada.`, "unanswered");
        }
        answered = true;
        try {
          return result.read(output);
        } catch (error) {
          throw new Hint(`${call} não devolveu ${result.name}. ${messageOf(error)}`);
        }
      };
    },
  };
}

/** "Com 2 e 3, sua função", para começar uma dica. */
const subject = (args: readonly unknown[]) =>
  args.length > 0 ? `Com ${args.map(show).join(" e ")}, sua função` : "Sua função";

/** Um objeto com ao menos estas propriedades; serve a modelos: `anObject({ logDensity: aFunction([aPoint], aNumber) })`. */
export function anObject<Fields extends Readonly<Record<string, Answer<any, any>>>>(
  fields: Fields,
): Answer<
  { [key in keyof Fields]: Fields[key] extends Answer<infer Out, any> ? Out : never },
  { [key in keyof Fields]: Fields[key] extends Answer<any, infer In> ? In : never }
> {
  const name = `um objeto com ${Object.keys(fields).map((key) => `\`${key}\``).join(", ")}`; // prettier-ignore
  return {
    name,
    read(value) {
      if (typeof value !== "object" || value === null) throw unexpected(name, value);
      const object = value as Record<string, unknown>;
      const entries = Object.entries(fields).map(([key, field]) => {
        const member = object[key];
        if (member === undefined || member === null)
          throw new Hint(`Esperava ${name}; falta \`${key}\`.`);
        try {
          return [key, field.read(typeof member === "function" ? member.bind(object) : member)];
        } catch (error) {
          throw new Hint(`Em \`${key}\`: ${messageOf(error)}`);
        }
      });
      return Object.fromEntries(entries);
    },
  };
}

/** Qualquer coisa: para argumentos que o leitor só recebe, como `anything<Source>("uma fonte")`. */
export function anything<T>(name: string): Answer<T> {
  return { name, read: (value) => value as T };
}

// O que conferir.

/** Verdade se o número, ou cada número da lista (também de listas), difere do esperado no máximo `tolerance`. */
export function closeTo<T extends number | readonly unknown[]>(
  expected: T,
  tolerance: number,
): (answer: T extends number ? number : T) => boolean {
  return (answer) => isClose(answer, expected, tolerance);
}

/**
 * Verdade se o número é o esperado, ou o esperado arredondado como o leitor escreveu: para 31,08, servem 31,08, 31,1 e 31. Quando
 * arredondou, o veredito diz.
 *
 * @param digits quantos algarismos significativos o leitor tem de dar, ao menos
 */
export function roundsTo(expected: number, digits = 2): (answer: number) => boolean | "rounded" {
  return (answer) => {
    if (Math.abs(answer - expected) <= 1e-9 * Math.abs(expected)) return true;
    const [mantissa, exponent = "0"] = answer.toExponential().split("e");
    const written = mantissa.replace(/[-.]/g, "").length;
    const step = 10 ** (Number(exponent) - Math.max(written, digits) + 1);
    const apart = Math.abs(answer - expected);
    return apart <= (step / 2) * (1 + 1e-9) && "rounded";
  };
}

/**
 * Um passo para funções: a do leitor deve dar o mesmo que `solution` em cada lista de argumentos. Sorteie-os de uma fonte com nome, uns
 * vinte, e junte os casos degenerados (zeros, iguais, enormes): uma resposta que só acerta os exemplos não passa.
 *
 * @param tolerance quanto os números do resultado podem diferir
 */
export function agreesWith<Args extends readonly unknown[], Out>(
  solution: (...args: Args) => Out,
  inputs: readonly (readonly [...Args])[],
  tolerance: number,
): (answer: (...args: Args) => Out) => string | undefined {
  return gives(
    inputs.map((args) => [args, solution(...args)] as const),
    tolerance,
  );
}

/**
 * Um passo para funções: `gives([[[2], 4], [[3], 9]], 1e-9)` confere que f(2) é 4 e f(3) é 9. A dica diz o primeiro caso que
 * falha, o que veio e o que se esperava.
 *
 * @param cases pares de argumentos e resultado
 * @param tolerance quanto os números do resultado podem diferir
 */
export function gives<Args extends readonly unknown[], Out>(
  cases: readonly (readonly [args: readonly [...Args], expected: Out])[],
  tolerance: number,
): (answer: (...args: Args) => Out) => string | undefined {
  return (answer) => {
    for (const [args, expected] of cases) {
      const output = answer(...args);
      if (isClose(output, expected, tolerance)) continue;
      return `${subject(args)} devolveu ${show(output)}; esperava ${show(expected)}.`;
    }
    return undefined;
  };
}

function isClose(actual: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof actual === "number" && typeof expected === "number")
    return actual === expected || Math.abs(actual - expected) <= tolerance;
  if (!isList(actual) || !isList(expected)) return actual === expected;
  return (
    actual.length === expected.length &&
    Array.from(actual).every((item, i) => isClose(item, expected[i], tolerance))
  );
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  return isList(value) ? ((value as unknown as Float64Array).slice() as T) : value;
}

// O que se diz.

function unexpected(expected: string, value: unknown): Hint {
  const advice =
    typeof value === "function"
      ? " Faltou chamá-la, com parênteses?"
      : value instanceof Promise
        ? " Faltou um `await`?"
        : "";
  return new Hint(`Esperava ${expected}; veio ${show(value)}.${advice}`);
}

function show(value: unknown): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return `\`${value}\``;
    const tiny = value !== 0 && Math.abs(value) < 1e-4;
    if (tiny) return value.toExponential(3).replace(".", ",");
    return value.toLocaleString("pt-BR", { maximumSignificantDigits: 8 });
  }
  if (typeof value === "string") {
    return `o texto “${value.length > 40 ? `${value.slice(0, 40)}…` : value}”`;
  }
  if (isList(value)) {
    const few = Array.from(value).slice(0, 4).map(show).join("; ");
    return `[${few}${value.length > 4 ? "; …" : ""}]`;
  }
  if (typeof value === "function") return "uma função";
  if (value instanceof Promise) return "uma promessa (`Promise`)";
  return typeof value === "object" && value !== null ? "um objeto" : `\`${String(value)}\``;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof Hint ? text : text.trim().replace(/\.$/, "").slice(0, 200);
}

const faces = {
  unanswered: { mark: "○", words: "ainda sem resposta", color: "#767676" },
  hint: { mark: "➜", words: "ainda não", color: "#d55e00" },
  right: { mark: "✓", words: "certo!", color: "#009e73" },
};

function verdict(name: string, { status, text }: Judgement, hints: readonly string[]): Verdict {
  const { mark, words, color } = faces[status];
  const title = `${mark} Exercício ${name}: ${words}`;
  const html = (text: string) => escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
  // Na página, onde nada se executa, o site troca o pedido de resposta por estas dicas.
  const list = `<ul hidden>${hints.map((hint) => `<li>${html(hint)}</li>`).join("")}</ul>`;
  return {
    status,
    text,
    [display]: () => ({
      "text/html":
        `<div role="status" data-exercise="${status}" style="border-left:4px solid ${color};padding:0.3em 0.8em;max-width:44em;overflow-wrap:anywhere">` +
        `<strong>${escapeHtml(title)}</strong><br><span>${html(text)}</span>${status === "unanswered" ? list : ""}</div>`,
      "text/plain": `${title}\n${text}`,
    }),
  };
}

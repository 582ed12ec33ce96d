import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agreesWith,
  aBoolean,
  aChoice,
  aFunction,
  aList,
  aNumber,
  aNumberOrInfinity,
  anObject,
  anything,
  aText,
  closeTo,
  exercise,
  gives,
  roundsTo,
  type Answer,
} from "./exercise";
import { normal } from "../distributions";
import { KernelDensity } from "../models/kernelDensity";
import { seeded, type Source } from "../random";

const bundle = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

const area = exercise(
  "1.2",
  aNumber,
  [
    [(x) => x > 0, "Uma área é positiva."],
    [closeTo(6, 0.01), (x) => `Com ${x}, não cabe.`],
  ],
  (x) => `Base vezes altura: ${x}.`,
);

test("uma resposta certa, uma por passo que falha, e nenhuma", () => {
  assert.deepEqual(
    [area.check(6), area.check(-6), area.check(7), area.check()].map(({ status, text }) => [
      status,
      text,
    ]),
    [
      ["right", "Base vezes altura: 6."],
      ["hint", "Uma área é positiva."],
      ["hint", "Com 7, não cabe."],
      ["unanswered", "Escreva sua resposta nesta célula e execute-a de novo."],
    ],
  );
});

test("a solução passa pela mesma conferência, ou é um erro de asserção", () => {
  assert.equal(area.solution(6).status, "right");
  assert.throws(() => area.solution(7), {
    name: "AssertionError",
    message: "exercício 1.2: a conferência não aceitou a solução: Com 7, não cabe.",
  });
  const nothing = undefined as unknown as number;
  assert.throws(
    () => area.solution(nothing),
    (error: Error) => {
      assert.equal(error.name, "AssertionError");
      assert.match(error.stack?.split("\n")[1] ?? "", /exercise\.test\.ts/); // aponta a célula, não a lib
      return true;
    },
  );
});

test("por preencher é nada, null, texto em branco ou lista de nadas", () => {
  for (const value of [undefined, null, "", "  ", [], [undefined, undefined], [[], []]])
    assert.equal(area.check(value).status, "unanswered");
  for (const value of [0, false, {}, NaN, [0]]) assert.equal(area.check(value).status, "hint");
});

test("o veredito aparece em HTML e em texto, e nenhum texto é obedecido", () => {
  const { "text/html": html, "text/plain": plain } = bundle(area.check("<b>6</b> & `x`"));
  assert.match(html, /<strong>➜ Exercício 1\.2: ainda não<\/strong>/);
  assert.match(html, /veio o texto “&#60;b&#62;6&#60;\/b&#62; &#38; <code>x<\/code>”/);
  assert.equal(
    plain,
    "➜ Exercício 1.2: ainda não\nEsperava um número; veio o texto “<b>6</b> & `x`”.",
  );
  const marked = exercise("<i>", aNumber, [[() => true, ""]], "bom");
  assert.match(bundle(marked.check(1))["text/html"], /Exercício &#60;i&#62;: certo!/);
  assert.match(bundle(area.check(6))["text/plain"], /^✓ Exercício 1\.2: certo!\n/);
  assert.match(bundle(area.check())["text/plain"], /^○ Exercício 1\.2: ainda sem resposta\n/);
  const hints = /<ul hidden><li>Uma área é positiva\.<\/li><\/ul><\/div>$/; // para a página
  assert.match(bundle(area.check())["text/html"], hints);
  assert.doesNotMatch(bundle(area.check(6))["text/html"], /hidden/);
});

const accepts = <Out>(answer: Answer<Out, any>) => exercise("t", answer, [[() => true, ""]], "bom");
const double = accepts(aFunction([aNumber], aNumber));
const values: [string, { check(answer: unknown): { status: string; text: string } }, unknown, RegExp | "right"][] = [
  ["NaN", area, NaN, /`NaN`: alguma conta não deu número/],
  ["infinito", area, -Infinity, /menos infinito: procure/],
  ["número entre aspas", area, " 6,5", /sem aspas e com ponto: `6\.5`/],
  ["função não chamada", area, () => 6, /veio uma função. Faltou chamá-la/],
  ["promessa", area, Promise.resolve(6), /veio uma promessa .* Faltou um `await`/],
  ["lista por número", area, [6], /Esperava um número; veio \[6\]/],
  ["bigint", area, 6n, /veio `6`/],
  ["símbolo", area, Symbol("x"), /veio `Symbol\(x\)`/],
  ["objeto", area, Object.create(null), /veio um objeto/],
  ["infinito permitido", accepts(aNumberOrInfinity), Infinity, "right"],
  ["mas NaN não", accepts(aNumberOrInfinity), NaN, /`NaN`/],
  ["falso é resposta", accepts(aBoolean), false, "right"],
  ["1 não é booleano", accepts(aBoolean), 1, /`true` ou `false`; veio 1/],
  ["texto", accepts(aText), "a", "right"],
  ["texto sem espaços nas pontas", exercise("t", aText, [[(x) => x === "a", "espaço"]], "bom"), " a\n", "right"],
  ["número não é texto", accepts(aText), 12345.678, /entre aspas; veio 12\.345,678/],
  ["opção", accepts(aChoice(["Gera", "separa"])), " gera", "right"],
  ["opção que não há", accepts(aChoice(["Gera", "separa"])), "talvez", /`"Gera"`, `"separa"`; veio o texto “talvez”/],
  ["lista", accepts(aList(aNumber, 2)), [1, 2], "right"],
  ["Float64Array", accepts(aList(aNumber, 2)), Float64Array.of(1, 2), "right"],
  ["lista curta", accepts(aList(aNumber, 2)), [1], /lista de 2 itens, cada um um número; veio uma lista de 1/],
  ["lista comprida", accepts(aList(aNumber, 2)), [1, 2, 3], /veio uma lista de 3/],
  ["texto por lista", accepts(aList(aNumber)), "12", /uma lista de um número|uma lista/],
  ["NaN na lista", accepts(aList(aNumber)), [1, NaN], /posição 1 da lista: Veio `NaN`/],
  ["vão na lista", accepts(aList(aNumber)), [1, undefined], /posição 1 da lista: Esperava um número; veio `undefined`/],
  ["NaN em lista de listas", accepts(aList(aList(aNumber, 1))), [[1], [NaN]], /posição 1 da lista: Na posição 0 da lista: Veio `NaN`/],
  ["DataView não é lista", accepts(aList(aNumber)), new DataView(new ArrayBuffer(8)), /veio um objeto/],
  ["número por função", double, 2, /uma função que devolve um número; veio 2/],
  ["função de mais argumentos", double, (a: number, b: number) => a + b, /pede 2 argumentos; esperava 1/],
  ["objeto sem método", accepts(anObject({ score: aFunction([], aNumber) })), {}, /falta `score`/],
  ["objeto com outra coisa", accepts(anObject({ score: aFunction([], aNumber) })), { score: 1 }, /Em `score`: Esperava uma função/],
  ["número por objeto", accepts(anObject({ score: aNumber })), 3, /um objeto com `score`; veio 3/],
]; // prettier-ignore
for (const [name, { check }, value, expected] of values)
  test(`resposta: ${name}`, () => {
    const { status, text } = check(value);
    if (expected === "right") return assert.equal(status, "right", text);
    assert.equal(status, "hint");
    assert.match(text, expected);
  });

const square = exercise(
  "2.1",
  aFunction([aNumber], aNumber),
  [gives([[[2], 4], [[-3], 9]], 1e-9), [(f) => f(1e200) < 1e300, (f) => `f(0) = ${f(0)}`]], // prettier-ignore
  "É par.",
);

test("funções: os casos, o erro, o NaN e o nada viram dicas", () => {
  const hints: [(x: number) => unknown, string][] = [
    [(x) => 2 * x, "Com -3, sua função devolveu -6; esperava 9."],
    [(x) => Math.log(x), "Com 2, sua função devolveu 0,69314718; esperava 4."],
    [
      (x) => (x < 0 ? Math.log(x) : 4),
      "Com -3, sua função não devolveu um número. Veio `NaN`: alguma conta não deu número, como 0/0 ou o logaritmo de um negativo.",
    ],
    [(x) => (x < 0 ? undefined : 4), "Com -3, sua função não devolveu nada: falta um `return`?"],
    [
      (x) => {
        throw new RangeError(`não sei de ${x}.`);
      },
      "Com 2, sua função parou com um erro: não sei de 2.",
    ],
    [
      () => {
        throw "à toa";
      },
      "Com 2, sua função parou com um erro: à toa.",
    ],
    [(x) => (Math.abs(x) < 4 ? x * x : 1e301), "f(0) = 0"],
  ];
  for (const [answer, text] of hints)
    assert.deepEqual([square.check(answer).status, square.check(answer).text], ["hint", text]);
  assert.equal(square.check((x) => Math.min(x * x, 10)).status, "right");
  const empty = square.check(() => undefined);
  assert.equal(empty.status, "unanswered");
  assert.match(empty.text, /Por ora a função não devolve nada/);
});

test("funções não estragam os argumentos da conferência", () => {
  const sorted = exercise(
    "2.2",
    aFunction([aList(aNumber)], aList(aNumber)),
    [gives([[[[3, 1, 2]], [1, 2, 3]], [[[2, 1]], [1, 2]]], 0)], // prettier-ignore
    "bom",
  );
  assert.equal(sorted.check((x: number[]) => x.sort()).status, "right");
  assert.equal(sorted.check((x: number[]) => x.sort()).status, "right");
  assert.equal(sorted.check((x: number[]) => x).text, "Com [3; 1; 2], sua função devolveu [3; 1; 2]; esperava [1; 2; 3]."); // prettier-ignore
});

test("modelos: métodos de classe conservam o this; fontes passam intactas", () => {
  const model = exercise(
    "3",
    anObject({
      logDensity: aFunction([aList(aNumber, 2)], aNumber),
      sample: aFunction([anything<Source>("uma fonte")], aList(aNumber, 2)),
    }),
    [[(m) => m.logDensity([1, 2]) > m.logDensity([3, 3]), "Mais perto é mais provável."],
     [(m) => m.sample(seeded("modelo")).length === 2, "Dois números."]], // prettier-ignore
    "bom",
  );
  assert.equal(model.solution(KernelDensity.fit([[1, 2]], { bandwidth: 1 })).status, "right");
  const draw = exercise(
    "4",
    aFunction([anything<Source>("uma fonte")], aNumber),
    [[(f) => f(seeded("sorteio")) > 5, "Mais."]],
    "bom",
  );
  assert.equal(draw.check((source) => normal(9, 0.1).sample(source)).status, "right");
});

test("os tipos dos argumentos se inferem, também quando são diferentes", () => {
  const repeat = exercise(
    "2.3",
    aFunction([aNumber, aText], aText),
    [(f) => (f(2, "a") === "aa" ? undefined : "Duas vezes."), gives([[[3, "b"], "bbb"]], 0)], // prettier-ignore
    "bom",
  );
  assert.equal(repeat.solution((n, text) => text.repeat(n)).status, "right");
  // @ts-expect-error: na célula da solução, o resultado deve ser um texto
  assert.throws(() => repeat.solution((n, text) => n + text.length), { name: "AssertionError" });
});

test("objetos que lançam a qualquer toque ainda assim recebem dica", () => {
  const trap = () => {
    throw new Error("armadilha");
  };
  const hostile = new Proxy({}, { get: trap, getPrototypeOf: trap });
  for (const answer of [aNumber, aText, aBoolean, aList(aNumber), anObject({ a: aNumber })]) {
    const { status, text } = accepts(answer as Answer<unknown>).check(hostile);
    assert.equal(status, "hint");
    assert.ok(text.length > 0);
  }
});

test("um passo do autor que falha não derruba o leitor, mas derruba a solução", () => {
  const broken = exercise("5", aNumber, [[() => JSON.parse("{"), "x"]], "bom");
  assert.match(broken.check(1).text, /A conferência parou com um erro: /);
  assert.throws(() => broken.solution(1), { name: "AssertionError" });
});

test("closeTo e gives: tolerância, listas e textos", () => {
  assert.ok(closeTo(1, 0.1)(1.1 - 1e-12) && !closeTo(1, 0.1)(1.11) && !closeTo(1, 0.1)(NaN));
  assert.ok(closeTo(-Infinity, 0)(-Infinity) && !closeTo(Infinity, 1)(-Infinity));
  assert.ok(closeTo([[1, 2], [3, 4]], 0.1)([[1.05, 2], [3, 4]])); // prettier-ignore
  assert.ok(!closeTo([1, 2], 0.1)([1, 2, 3]) && !closeTo([1, 2], 0.1)([1]));
  assert.equal(gives([[["a"], "b"]], 0)(() => "b"), undefined); // prettier-ignore
  assert.match(gives([[["a"], "b"]], 0)(() => "c") ?? "", /texto “c”; esperava o texto “b”/); // prettier-ignore
  assert.match(gives([[[], 1e-7]], 0)(() => 2e-7) ?? "", /2,000e-7; esperava 1,000e-7/); // prettier-ignore
});

test("roundsTo aceita o número arredondado como o leitor o escreveu, e o veredito diz", () => {
  const verdictOf = (expected: number, answer: number, digits?: number) => {
    const one = exercise(
      "1",
      aNumber,
      [[roundsTo(expected, digits), "Não."]],
      "Perto de um terço.",
    );
    const { status, text } = one.check(answer);
    return status === "right" && text.startsWith("É isso, arredondado. ") ? "rounded" : status;
  };
  const cases: [expected: number, answer: number, verdict: string, digits?: number][] = [
    [31.0812, 31.0812, "right"],
    [31.0812, 31.08, "rounded"],
    [31.0812, 31.1, "rounded"],
    [31.0812, 31, "rounded"],
    [31.0812, 30, "hint"],
    [31.0812, 32, "hint"],
    [31.0812, 31.09, "hint"],
    [0.3108, 0.31, "rounded"],
    [0.3108, 0.3, "hint"], // um algarismo só não diz que a conta está certa
    [0.3012, 0.3, "rounded"], // 0.30, que o JavaScript não distingue de 0.3
    [0.3108, 0.3, "rounded", 1],
    [-1.0432, -1, "rounded"],
    [-1.0432, 1, "hint"],
    [1234.4, 1200, "rounded"],
    [1234.4, 1300, "hint"],
    [0.0000314, 0.000031, "rounded"],
    [1 / 3, 1 - 2 / 3, "right"], // a ordem das contas muda o último bit
    [0, 0, "right"],
    [0, 0.01, "hint"],
  ];
  for (const [expected, answer, verdict, digits] of cases)
    assert.equal(verdictOf(expected, answer, digits), verdict, `${answer} para ${expected}`);
});

test("agreesWith confere a função do leitor com a solução, também onde os exemplos não chegam", () => {
  const largest = (list: number[]) => Math.max(...list);
  const source = seeded("conferência");
  const inputs = Array.from({ length: 20 }, () => [Array.from({ length: 4 }, source)] as const);
  const one = exercise("1", aFunction([aList(aNumber)], aNumber), [agreesWith(largest, [...inputs, [[2, 2]]], 1e-12)], "Certo.");
  assert.equal(one.check((list: number[]) => [...list].sort((a, b) => b - a)[0]).status, "right");
  const { status, text } = one.check((list: number[]) => list[0]);
  assert.equal(status, "hint");
  assert.match(text, /sua função devolveu .*; esperava /);
  const same = one.check((list: number[]) => (new Set(list).size < list.length ? NaN : largest(list)));
  assert.match(same.text, /Com \[2; 2\]/);
}); // prettier-ignore

test("recusa exercícios sem número, passos ou texto final", () => {
  const make = (...args: unknown[]) => (exercise as (...args: unknown[]) => unknown)(...args);
  assert.throws(() => make(" ", aNumber, [[() => true, ""]], "x"), { name: "TypeError", message: /número do exercício/ }); // prettier-ignore
  assert.throws(() => make("1", aNumber, [], "x"), { name: "TypeError", message: /exercise 1: .*um passo/ }); // prettier-ignore
  assert.throws(() => make("1", aNumber, [[() => true, ""]], ""), { name: "TypeError", message: /exercise 1: falta o texto/ }); // prettier-ignore
  assert.throws(() => aChoice(["só"]), { name: "TypeError", message: /duas opções/ });
});

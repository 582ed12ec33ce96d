import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { explorer, type ExplorerOptions } from "./explorer";

const bundle = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
const slider = { name: "f", label: "frequência", min: 1, max: 5, step: 0.5, value: 2 };
const basic: ExplorerOptions<"f", { k: number }> = {
  title: "Senoide",
  alt: "uma curva",
  sliders: [{ ...slider, name: "f" }],
  data: { k: 10 },
  view: ({ f }, { k }) => `<svg><text>${f * k}</text></svg>`,
};
const htmlOf = (options: object) =>
  bundle(explorer({ ...basic, ...options } as typeof basic))["text/html"];

/** Roda o script da página com um dublê de seu elemento; `move` é o que o leitor faz com os controles. */
function open(html: string) {
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(html)!;
  const texts = (pattern: RegExp) => [...html.split("<script>")[0].matchAll(pattern)];
  const inputs = texts(/<input [^>]*value="([^"]+)" aria-valuetext/g).map(([, value]) => ({
    value,
    said: "",
    listeners: [] as (() => void)[],
    addEventListener(_: string, f: () => void) {
      this.listeners.push(f);
    },
    setAttribute(_: string, text: string) {
      this.said = text;
    },
  }));
  const values = texts(/class="valor"/g).map(() => ({ textContent: "" }));
  const picture = { innerHTML: "" };
  const root = {
    querySelectorAll: (what: string) => (what === "input" ? inputs : values),
    querySelector: () => picture,
  };
  const document = { currentScript: { previousElementSibling: root } };
  runInContext(script, createContext({ document, atob }));
  const move = (i: number, value: number) => {
    inputs[i].value = String(value);
    inputs[i].listeners.forEach((listener) => listener());
  };
  return { picture, inputs, values, move };
}

test("o primeiro desenho está na página antes de rodar qualquer script", () => {
  const [still] = htmlOf({}).split("<script>");
  assert.match(still, /<svg><text>20<\/text><\/svg>/);
  assert.match(still, /role="img" aria-label="uma curva"/);
  assert.match(
    still,
    /<label>.*frequência.*<input type="range" min="1" max="5" step="0.5" value="2"/,
  );
  assert.ok(!/\bid=/.test(still), "duas cópias em uma página não podem ter os mesmos ids");
  assert.equal(bundle(explorer(basic))["text/plain"], "Senoide: uma curva");
});

test("mover um controle desenha de novo, com os dados, e o valor em formato brasileiro", () => {
  const page = open(htmlOf({}));
  assert.equal(page.picture.innerHTML, "<svg><text>20</text></svg>");
  page.move(0, 4.5);
  assert.equal(page.picture.innerHTML, "<svg><text>45</text></svg>");
  assert.equal(page.values[0].textContent, "4,5");
  assert.equal(page.inputs[0].said, "4,5");
  page.move(0, -1.5);
  assert.equal(page.values[0].textContent, "−1,5");
});

test("Float64Array e afins chegam inteiros e com seu tipo", () => {
  const data = {
    a: Float64Array.of(0.1, -1e300, Math.PI),
    b: Float32Array.of(0.1),
    c: new Uint8Array([7, 200, 255]).subarray(1),
    d: [Int16Array.of(-3)],
  };
  const view = (_: unknown, { a, b, c, d }: typeof data) =>
    [a, b, c, ...d].map((array) => `${array.constructor.name} ${array.join(" ")}`).join("|");
  const expected = `Float64Array 0.1 -1e+300 ${Math.PI}|Float32Array ${Math.fround(0.1)}|Uint8Array 200 255|Int16Array -3`;
  assert.equal(open(htmlOf({ data, view })).picture.innerHTML, expected);
});

test("serve qualquer modo de escrever uma função", () => {
  const drawn = (view: unknown) => open(htmlOf({ view })).picture.innerHTML;
  const object = {
    draw({ f }: { f: number }) {
      return `m${f}`;
    },
    view: function named({ f }: { f: number }): string {
      const inner = (x: number) => x + 1; // o tsx embrulha funções com nome em uma chamada a __name
      function other(x: number) {
        return inner(x) - 1;
      }
      return `f${other(f)}`;
    },
  };
  assert.equal(drawn(object.draw), "m2");
  assert.equal(drawn(object.view), "f2");
  assert.equal(drawn(({ f }: { f: number }) => `a${f}`), "a2"); // prettier-ignore
});

test("nenhum texto encerra o script nem vira etiqueta de HTML", () => {
  const evil = "</script><script>alert(1)</script><!-- <b>";
  const html = htmlOf({
    title: evil,
    alt: `"${evil}`,
    sliders: [{ ...slider, label: evil }],
    data: { k: evil },
    view: (_: unknown, { k }: { k: string }) =>
      `${k.length} ${"</script>".length} ${"<!--".length} ${k.replace(/</g, "&lt;")}`,
  });
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.equal(html.match(/<\/script/g)?.length, 1);
  assert.ok(!html.includes("<!--") && !html.includes("<b>"));
  assert.equal(open(html).picture.innerHTML, `${evil.length} 9 4 ${evil.replace(/</g, "&lt;")}`);
});

test("recusa a view que precisa de algo de fora, e diz o nome do que falta", () => {
  const outside = 3;
  const fails = (view: unknown, message: RegExp, name = "ReferenceError") =>
    assert.throws(() => htmlOf({ view }), { name, message });
  fails(() => `${outside}`, /"outside".*passe .* em data/);
  fails(() => String(globalThis.process.pid), /process|pid/, "TypeError");
  // Como o kernel compila nomes de outras células e de imports:
  fails(new Function("return exports.mean + 1"), /"mean"/);
  fails(new Function("return (0, faces_1.faceLines)([])"), /"faceLines"/);
});

test("recusa a view que muda sozinha, não dá texto ou dá NaN", () => {
  const fails = (view: unknown, message: RegExp, name: string) =>
    assert.throws(() => htmlOf({ view }), { name, message });
  fails(new Function("return String(Math.random())"), /mesmo desenho/, "TypeError");
  fails(() => 3, /devolveu number/, "TypeError");
  fails(({ f }: { f: number }) => `<g x="${Math.sqrt(1.5 - f)}">`, /NaN.* f = 2/, "RangeError");
  fails(({ f }: { f: number }) => `<g x="${Math.sqrt(4.5 - f)}">`, /NaN.* f = 5/, "RangeError");
  fails(({ f }: { f: number }) => [1, 2, 3][f].toFixed(1), /falhou com f = 5/, "TypeError");
  fails(basic.view.bind(null), /bind/, "TypeError");
  fails("<svg>", /recebi string/, "TypeError");
});

test("recusa dados que não podem ir na página, e diz onde estão", () => {
  const fails = (data: unknown, message: RegExp, name = "TypeError") =>
    assert.throws(() => htmlOf({ data, view: () => "" }), { name, message });
  fails({ k: [1, NaN] }, /data\.k\[1\].*NaN/, "RangeError");
  fails({ k: Float64Array.of(Infinity) }, /data\.k\[0\].*Infinity/, "RangeError");
  fails({ k: () => 1 }, /data\.k .*function/);
  fails({ k: undefined }, /data\.k .*undefined/);
  fails({ k: new Map() }, /data\.k .*Map/);
  fails({ k: 1n }, /data\.k .*bigint/);
});

test("recusa controles sem sentido", () => {
  const fails = (sliders: unknown[], message: RegExp) =>
    assert.throws(() => htmlOf({ sliders }), message);
  fails([], /ao menos um/);
  fails([slider, slider], /mesmo name/);
  fails([{ ...slider, label: "" }], /label do controle "f"/);
  for (const bad of [
    { min: 6 },
    { value: 9 },
    { step: 0 },
    { step: 9 },
    { max: Infinity },
    { value: NaN },
  ]) {
    fails([{ ...slider, ...bad }], /controle "f" esperava/);
  }
  assert.throws(() => htmlOf({ alt: "" }), { name: "TypeError", message: /falta alt/ });
});

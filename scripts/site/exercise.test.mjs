import assert from "node:assert/strict";
import { test } from "node:test";
import { unanswered } from "./exercise.mjs";

const output = (html) => ({ output_type: "execute_result", data: { "text/html": html } });
const verdict = (status, hints) =>
  `<div role="status" data-exercise="${status}" style="a"><strong>○ Exercício 1</strong><br><span>Escreva nesta célula.</span><ul hidden>${hints}</ul></div>`;

test("na página, um exercício por responder diz onde se responde e mostra as dicas", () => {
  const html = unanswered(output([verdict("unanswered", "<li>Falta o viés.</li>")])).data[
    "text/html"
  ];
  assert.doesNotMatch(html, /nesta célula|hidden/);
  assert.match(
    html,
    /Responda no caderno.*<details><summary>Dicas<\/summary><ul><li>Falta o viés\.<\/li><\/ul><\/details><\/div>$/,
  );
  assert.doesNotMatch(unanswered(output(verdict("unanswered", ""))).data["text/html"], /Dicas/);
});

test("o que não é um exercício por responder passa como é", () => {
  for (const one of [
    output(verdict("right", "")),
    output("<b>x</b>"),
    { output_type: "stream", text: "x" },
  ])
    assert.equal(unanswered(one), one);
});

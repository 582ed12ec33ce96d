/**
 * As células de um caderno curto com tudo o que um capítulo faz: figura, tabela, explorador, barra de progresso, treino que se
 * espera, vários valores em uma célula e uma conferência recolhida.
 */
export const readerCells = [
  {
    cell_type: "markdown",
    metadata: {},
    source: "# Tudo o que um capítulo faz\n\nUma reta: $y = a x$.",
  },
  ...[
    `import { figure, line, scatter } from "../../lib/plot";
const points = [[0, 0], [1, 2], [2, 4]] as [number, number][];
const draw = (title: string) =>
  figure({ title, alt: "Três pontos em uma reta.", x: "x", y: "y", marks: [scatter(points)] });
draw("Três pontos");`,
    `import { table } from "../../lib/notebook/table";
table([{ x: 1, y: 2 }, { x: 2, y: 4 }], { caption: "Dois pontos" });`,
    `import { explorer } from "../../lib/notebook/explorer";
explorer({ title: "Um círculo", alt: "Um círculo que cresce.", data: {},
  sliders: [{ name: "r", label: "raio", min: 1, max: 9, step: 1, value: 5 }],
  view: ({ r }) => \`<svg viewBox="0 0 20 20" width="100"><circle cx="10" cy="10" r="\${r}"/></svg>\` });`,
    `import { display } from "../../lib/notebook/display";
for (const title of ["Primeira", "Segunda"]) {
  console.log(title);
  display(draw(title));
}`,
    `import { progress } from "../../lib/notebook/progress";
let sum = 0;
for await (const i of progress(50)) sum += i;
sum;`,
    `import { sgd } from "../../lib/optimizers";
import { tf } from "../../lib/tensor";
import { fit, trainingRun } from "../../lib/training";
const a = tf.variable(tf.scalar(0));
const run = trainingRun({ variables: [a], optimizers: [sgd({ learningRate: 0.1 })] });
const history = await fit(run, {
  epochs: 3,
  batches: () => points.map(([x]) => tf.scalar(x)),
  step: (x) => ({
    perda: run.optimizers[0].minimize(
      () => tf.square(tf.sub(tf.mul(a, x), tf.mul(x, 2))) as tf.Scalar, run.variables),
  }),
});
history.length;`,
    `import { near } from "../../lib/notebook/claims";
const slope = a.dataSync()[0];
({ slope: Math.round(slope) });`,
  ].map((source) => code(source)),
  code(
    `// conferido: a inclinação é 2
import { claims } from "../../lib/notebook/claims";
claims({ "a inclinação é 2": near(slope, 2, 0.2) });`,
    { jupyter: { source_hidden: true }, tags: ["conferido"] },
  ),
];

function code(source, metadata = {}) {
  return { cell_type: "code", execution_count: null, metadata, outputs: [], source };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { digits8, digits8Split } from "../datasets/digits8";
import { split } from "../datasets/labelledImages";
import { multivariateNormal, samples } from "../distributions";
import { columnMeans, covariance } from "../linalg";
import { seeded } from "../random";
import { accuracy } from "../evaluation/score";
import { assertClose, lcg } from "../testing";
import { GaussianClassifier } from "./gaussianClassifier";
import { LogisticRegression } from "./logisticRegression";

// Três grupos que se misturam; os valores de referência são de scikit-learn 1.9.1 sobre os mesmos dados.
const low = lcg(40, 3).map((x, i) => [x, 2 * lcg(40, 5)[i]]);
const right = lcg(40, 4).map((x, i) => [x + 0.5, lcg(40, 6)[i] + 0.3]);
const top = lcg(30, 7).map((x, i) => [0.5 * x, lcg(30, 8)[i] + 1]);
const [X2, y2] = [[...low, ...right], Array.from({ length: 80 }, (_, i) => (i < 40 ? 0 : 1))];
const X3 = [...X2, ...top];
const y3 = X3.map((_, i) => (i < 40 ? "a" : i < 80 ? "b" : "c"));
const flat = (rows: Float64Array[]) => rows.flatMap((row) => [...row]);

for (const [C, coef, intercept, proba, score] of [
  [
    1,
    [3.185534773180346, -1.1516941455105996],
    -0.9877167122902469,
    [
      0.49269961845087773, 0.5073003815491223, 0.1420459087964434, 0.8579540912035566,
      3.945502369262499e-9, 0.9999999960544976,
    ],
    0.825,
  ],
  [
    0.01,
    [0.09361061737949601, -0.054379498157167694],
    -0.008939313201480541,
    [
      0.49733096374942454, 0.5026690362505755, 0.4863903927209742, 0.5136096072790258,
      0.40531389895356773, 0.5946861010464323,
    ],
    0.8125,
  ],
  [
    1000,
    [8.759778766937442, -2.523740092809274],
    -3.311334522604973,
    [0.5481788497309242, 0.45182115026907577, 0.0071815404895476664, 0.9928184595104523, 0, 1],
    0.8375,
  ],
] as const)
  // prettier-ignore
  test(`LogisticRegression: igual a scikit-learn com C = ${C}`, () => {
    const model = LogisticRegression.fit(X2, y2, { C: C });
    assertClose([...model.coef, model.intercept], [...coef, intercept], 1e-9);
    assertClose(flat(model.predictProba([[0.5, 0.5], [1.2, 0.9], [10, 10]])), proba, 1e-9); // prettier-ignore
    assert.equal(model.score(X2, y2), score);
  });

test("LogisticRegression: C é 1 se não é dado, e rótulos podem ser textos, em qualquer ordem", () => {
  const model = LogisticRegression.fit(X2, y2);
  assert.deepEqual(model, LogisticRegression.fit(X2, y2, { C: 1 }));
  const named = LogisticRegression.fit(X2, y2.map((k) => ["mar", "terra"][k])); // prettier-ignore
  assert.deepEqual([named.classes, named.coef], [["mar", "terra"], model.coef]);
  assert.deepEqual(named.predict([[0, 1], [2, 0]]), ["mar", "terra"]); // prettier-ignore
  const swapped = LogisticRegression.fit([...X2].reverse(), [...y2].reverse());
  assertClose(swapped.coef, model.coef, 1e-9);
});

test("LogisticRegression: no ótimo o gradiente é zero, também com dados separáveis e escalas grandes", () => {
  const cases = [
    [[[0], [1], [2], [3]], 1e6],
    [[[1000], [1010], [2000], [3000]], 1],
    [[[1e-3], [2e-3], [3e-3], [4e-3]], 1e3],
  ] as const; // prettier-ignore
  for (const [X, C] of cases) {
    const y = [0, 0, 1, 1];
    const model = LogisticRegression.fit(X, y, { C: C });
    assert.deepEqual(model.predict(X), y);
    const errors = model.predictProba(X).map(([, p], i) => p - y[i]);
    const gradient = model.coef[0] + C * errors.reduce((sum, e, i) => sum + e * X[i][0], 0);
    assert.ok(Math.abs(gradient) < 1e-5 * Math.max(1, model.coef[0]), `gradiente ${gradient}`);
    assert.ok(Math.abs(C * errors.reduce((a, b) => a + b)) < 1e-5);
  }
});

test("LogisticRegression: passos longos demais são encurtados", () => {
  // Com atributos de caudas longas, o passo inteiro de Newton passa do mínimo e não volta.
  const u = lcg(60, 11 * 7919).map((x) => x - 0.5);
  const tail = (x: number) => Math.sign(x) * (2 * Math.abs(x) + 1e-3) ** -2.5;
  const X = Array.from({ length: 10 }, (_, i) => [tail(u[3 * i]), tail(u[3 * i + 1])]);
  const y = X.map((_, i) => Number(u[i + 40] >= 0));
  const model = LogisticRegression.fit(X, y, { C: 1e5 });
  const errors = model.predictProba(X).map(([, p], i) => p - y[i]);
  for (const j of [0, 1]) {
    const slope = errors.reduce((sum, e, i) => sum + e * X[i][j], 0);
    assert.ok(Math.abs(model.coef[j] / 1e5 + slope) < 1e-6, `${slope}`);
  }
});

test("LogisticRegression: um atributo sem informação pesa zero, e o intercept é o log das chances", () => {
  const X = [0, 1, 2, 3].map(() => [1, -1]).flat().map((x) => [x]); // prettier-ignore
  const model = LogisticRegression.fit(X, [0, 0, 0, 0, 1, 1, 0, 0]);
  assertClose([model.coef[0], model.intercept], [0, Math.log(2 / 6)], 1e-9);
});

const probes = [[0.5, 0.5], [1.2, 0.9], [0.2, 1.6]]; // prettier-ignore
for (const [name, options, proba, logDensity, score] of [
  [
    "full (QDA)",
    { covariance: "full" },
    [
      0.6157032334020178, 0.37951140509508524, 0.004785361502897021, 0.004426031567136677,
      0.9955739664460751, 1.986788402210872e-9, 0.17286928674011917, 0.0006837330151013475,
      0.8264469802447796,
    ],
    [-1.1834279409545143, -0.8874444103140366, -0.13542575677588264],
    82,
  ],
  [
    "full com regParam",
    { covariance: "full", regParam: 0.1 },
    [
      0.44551940163837295, 0.48479006877325337, 0.06969052958837364, 0.0993570955149992,
      0.8887606672134484, 0.011882237271552342, 0.33543212227303915, 0.03334547492511193,
      0.6312224028018489,
    ],
    [-1.198183798743168, -1.219549826384512, -0.8661298779028741],
    81,
  ],
  [
    "diagonal (GaussianNB)",
    { covariance: "diagonal" },
    [
      0.6478623537767146, 0.34582743363594554, 0.006310212587339807, 0.008606410816236582,
      0.9913935849447344, 4.239028986715715e-9, 0.20632221605859555, 0.0007616336586291751,
      0.7929161502827753,
    ],
    [-1.1324873482129276, -0.88786097087167, -0.07874279451136723],
    83,
  ],
  [
    "diagonal com varSmoothing",
    { covariance: "diagonal", varSmoothing: 0.01 },
    [
      0.6378586582201268, 0.35467278491854887, 0.007468556861324291, 0.009937904146597508,
      0.9900620756345176, 2.021888480322587e-8, 0.2130444474579811, 0.0009326875809869156,
      0.786022864961032,
    ],
    [-1.1316336696566156, -0.89628790780632, -0.1149804919952567],
    83,
  ],
] as const)
  // prettier-ignore
  test(`GaussianClassifier: igual a scikit-learn, ${name}`, () => {
    const model = GaussianClassifier.fit(X3, y3, options);
    assert.deepEqual(model.classes, ["a", "b", "c"]);
    assertClose(model.priors, [40 / 110, 40 / 110, 30 / 110], 1e-15);
    assertClose(flat(model.predictProba(probes)), proba, 1e-12);
    assertClose(probes.map((x) => model.logDensity(x)), logDensity, 1e-12); // prettier-ignore
    assert.equal(Math.round(110 * model.score(X3, y3)), score);
    assert.deepEqual(model.predict(probes), [proba[0] > proba[1] ? "a" : "b", "b", "c"]);
  });

test("GaussianClassifier: longe de tudo p(x) é ínfima, e as probabilidades ainda somam 1", () => {
  const model = GaussianClassifier.fit(X3, y3, { covariance: "full" });
  assert.ok(model.logDensity([60, -60]) < -1000);
  assertClose([model.predictProba([[60, -60]])[0].reduce((a, b) => a + b)], [1], 1e-12);
  // Onde não há nada, a regressão logística não hesita.
  const [, sure] = LogisticRegression.fit(X2, y2).predictProba([[60, -60]])[0];
  assert.ok(sure > 0.999999);
});

test("GaussianClassifier: os sorteios têm as médias, as covariâncias e as classes do modelo", () => {
  const n = 40_000;
  for (const kind of ["full", "diagonal"] as const) {
    const model = GaussianClassifier.fit(X3, y3, { covariance: kind });
    const draws = samples(model.conditional("a"), n, seeded(`classe/${kind}`));
    assertClose(columnMeans(draws), model.means[0], 4.5 * Math.sqrt(0.32 / n));
    const [[v0, c01], [, v1]] = covariance(draws);
    // 0,0636, 0,0369 e 0,3142 com a covariância inteira; sem ela, o 0,0369 some.
    assertClose([v0, c01, v1], [0.0636, kind === "full" ? 0.0369 : 0, 0.3142], 0.01);
    const all = samples(model, n, seeded(`todas/${kind}`));
    const mean = [0, 1].map((j) => model.means.reduce((sum, m, k) => sum + model.priors[k] * m[j], 0)); // prettier-ignore
    assertClose(columnMeans(all), mean, 4.5 * Math.sqrt(0.5 / n));
    // A entropia estimada nos sorteios é a mesma pelos dois lados: log p(x) = log p(y) + log p(x|y) − log p(y|x).
    const x = all[0];
    const joint = Math.log(model.priors[1]) + model.conditional("b").logDensity(x);
    assertClose([joint - Math.log(model.predictProba([x])[0][1])], [model.logDensity(x)], 1e-9);
  }
});

test("GaussianClassifier: com as normais verdadeiras, chega às probabilidades verdadeiras", () => {
  const truth = [
    multivariateNormal([0, 0], [[1, 0.6], [0.6, 1]]),
    multivariateNormal([1, 1], [[0.5, -0.2], [-0.2, 0.8]]),
  ]; // prettier-ignore
  const X = truth.flatMap((one, k) => samples(one, 20_000, seeded(`verdade/${k}`)));
  const model = GaussianClassifier.fit(X, X.map((_, i) => Number(i >= 20_000)), { covariance: "full" }); // prettier-ignore
  for (const x of [[0, 0], [1, 0], [0.5, 1.5]]) {
    const [a, b] = truth.map((one) => Math.exp(one.logDensity(x)));
    assertClose([model.predictProba([x])[0][1]], [b / (a + b)], 0.02);
  } // prettier-ignore
});

test("nos dígitos 8 × 8, os acertos e os pesos de scikit-learn", () => {
  const { train, test } = split(digits8(), digits8Split);
  const naive = GaussianClassifier.fit(train.images, train.labels, { covariance: "diagonal", varSmoothing: 0.1 }); // prettier-ignore
  const full = GaussianClassifier.fit(train.images, train.labels, { covariance: "full", regParam: 0.01 }); // prettier-ignore
  assert.equal(Math.round(447 * naive.score(test.images, test.labels)), 385); // 0,8613
  assert.equal(Math.round(447 * full.score(test.images, test.labels)), 433); // 0,9687
  const [X, y] = threesAndEights(train);
  const logistic = LogisticRegression.fit(X, y);
  const sum = logistic.coef.reduce((a, b) => a + b);
  assertClose(
    [logistic.coef[2], logistic.coef[11], logistic.intercept, sum],
    [-0.550684297256319, 0.1181320378941639, -2.529445810164624, 6.2756498979024595],
    1e-8,
  );
  assertClose([logistic.score(...threesAndEights(test))], [0.8953488372093024], 1e-12);
});

function threesAndEights({ images, labels }: { images: readonly Float32Array[]; labels: Uint8Array }) {
  const keep = (i: number) => labels[i] === 3 || labels[i] === 8;
  return [images.filter((_, i) => keep(i)), labels.filter((_, i) => keep(i))] as const;
} // prettier-ignore

test("accuracy: a fração de iguais", () => {
  assert.equal(accuracy(["a", "b", "b"], ["a", "a", "b"]), 2 / 3);
  assert.equal(accuracy(Uint8Array.of(1, 2), [1, 2]), 1);
});

const full = { covariance: "full" } as const;
const fitted = GaussianClassifier.fit(X3, y3, full);
const logistic = LogisticRegression.fit(X2, y2);
for (const [name, run, kind, message] of [
  [
    "regressão de três classes",
    () => LogisticRegression.fit(X3, y3),
    RangeError,
    /esperava 2 classes, recebi 3/,
  ],
  [
    "uma classe só",
    () => LogisticRegression.fit([[1], [2]], [1, 1]),
    RangeError,
    /ao menos 2 classes, recebi só 1/,
  ],
  [
    "C negativo",
    () => LogisticRegression.fit(X2, y2, { C: -1 }),
    RangeError,
    /C deve ser > 0, recebi -1/,
  ],
  [
    "rótulos a menos",
    () => LogisticRegression.fit(X2, [0, 1]),
    TypeError,
    /um rótulo por linha \(80\), recebi 2/,
  ],
  [
    "rótulo NaN",
    () => LogisticRegression.fit([[1], [2]], [0, NaN]),
    RangeError,
    /o rótulo 1 é NaN/,
  ],
  [
    "rótulo que não é rótulo",
    () => GaussianClassifier.fit([[1], [2]], [0, null] as number[], full),
    TypeError,
    /o 1 é object/,
  ],
  [
    "NaN nas linhas",
    () => LogisticRegression.fit([[1], [NaN]], [0, 1]),
    RangeError,
    /linha 1: .*NaN/,
  ],
  ["nenhuma linha", () => GaussianClassifier.fit([], [], full), TypeError, /ao menos uma linha/],
  [
    "prever com outra forma",
    () => logistic.predict([[1]]),
    TypeError,
    /esperava 2 número\(s\), recebi 1/,
  ],
  ["prever NaN", () => fitted.predictProba([[NaN, 1]]), RangeError, /NaN na posição 0/],
  [
    "acertos com rótulos a menos",
    () => fitted.score(X3, ["a"]),
    TypeError,
    /accuracy: esperava 110 .* recebi 1/,
  ],
  ["acertos de nada", () => accuracy([], []), TypeError, /ao menos um/],
  ["log-densidade com outra forma", () => fitted.logDensity([1]), TypeError, /esperava 2/],
  [
    "diagonal com outra forma",
    () => GaussianClassifier.fit(X3, y3, { covariance: "diagonal" }).logDensity([1]),
    TypeError,
    /esperava 2/,
  ],
  [
    "classe que não há",
    () => fitted.conditional("z" as "a"),
    RangeError,
    /entre a, b, c, recebi z/,
  ],
  [
    "classe de uma linha",
    () => GaussianClassifier.fit([[1], [2], [3]], [0, 0, 1], full),
    RangeError,
    /classe 1: esperava ao menos 2 linhas/,
  ],
  [
    "atributo constante",
    () =>
      GaussianClassifier.fit(
        [
          [1, 0],
          [2, 0],
          [3, 1],
          [4, 2],
        ],
        [0, 0, 1, 1],
        full,
      ),
    RangeError,
    /classe 0: a covariância não tem inversa; .*regParam/,
  ],
  [
    "atributo constante, diagonal",
    () =>
      GaussianClassifier.fit(
        [
          [1, 0],
          [2, 0],
          [3, 1],
          [4, 2],
        ],
        [0, 0, 1, 1],
        { covariance: "diagonal", varSmoothing: 0 },
      ),
    RangeError,
    /atributo 1 não varia; aumente varSmoothing/,
  ],
  [
    "regParam",
    () => GaussianClassifier.fit(X3, y3, { covariance: "full", regParam: 2 }),
    RangeError,
    /entre 0 e 1, recebi 2/,
  ],
  [
    "varSmoothing",
    () => GaussianClassifier.fit(X3, y3, { covariance: "diagonal", varSmoothing: -1 }),
    RangeError,
    /≥ 0, recebi -1/,
  ],
  [
    "covariância de outro tipo",
    () => GaussianClassifier.fit(X3, y3, { covariance: "tied" } as never),
    TypeError,
    /"full" ou "diagonal", recebi tied/,
  ],
  [
    "sem opções",
    () => GaussianClassifier.fit(X3, y3, undefined as never),
    TypeError,
    /recebi undefined/,
  ],
] as [string, () => unknown, new () => Error, RegExp][])
  // prettier-ignore
  test(`erro claro: ${name}`, () => {
    assert.throws(run, (error: Error) => error instanceof kind && message.test(error.message));
  });

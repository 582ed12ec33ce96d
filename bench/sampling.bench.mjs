import { ours, python } from "./sides.mjs";

const peer = "numpy";

/** Os números não podem ser os mesmos; comparam-se média, desvio e frequências, a menos do acaso de 10⁷ sorteios. */
export default {
  title: "10⁷ sorteios",
  sides: [ours("sampling"), python(peer, "sampling")],
  cases: [
    { name: "uniform", label: "uniformes", aims: { [peer]: 0.5 }, tolerance: 2e-3 },
    { name: "normal", label: "normais", aims: { [peer]: 1 }, tolerance: 3e-3 },
    { name: "categorical", label: "categóricas, 10 classes", tolerance: 2e-3 },
  ],
  rounds: 7,
};

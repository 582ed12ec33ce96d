import { ours, python } from "./sides.mjs";

const peer = "scikit-learn";

/** A nota de 2.000 pontos novos por uma densidade de núcleos sobre 10.000. */
export default {
  title: "Densidade por núcleos: nota de 2.000 pontos, 10.000 vistos",
  sides: [ours("density"), python(peer, "density")],
  cases: [
    { name: "plane", label: "2 dimensões", tolerance: 1e-9 },
    { name: "wide", label: "8 dimensões", tolerance: 1e-9 },
  ],
  rounds: 9,
};

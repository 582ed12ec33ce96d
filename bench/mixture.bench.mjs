import { oneThread, ours, python } from "./sides.mjs";

const peer = "scikit-learn";

/** Mesmos pontos, mesmo número de voltas; o começo (k-means) é sorteado por cada um, e todos chegam à mesma mistura. */
export default {
  title: "Mistura de 6 normais por EM, 15 voltas",
  sides: [ours("mixture"), python(peer, "mixture"), oneThread(peer, "mixture")],
  cases: [
    {
      name: "plane",
      label: "20.000 × 2",
      aims: { [peer]: 1, [`${peer}, 1 linha`]: 1 },
      tolerance: 1e-3,
    },
    {
      name: "wide",
      label: "5.000 × 16",
      aims: { [peer]: 1, [`${peer}, 1 linha`]: 1 },
      tolerance: 1e-3,
    },
  ],
  rounds: 9,
};

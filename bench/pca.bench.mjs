import { oneThread, ours, python } from "./sides.mjs";

const peer = "scikit-learn";

/** Os dígitos do MNIST; o resultado comparado são as variâncias e as coordenadas da primeira e da última imagem. */
export default {
  title: "PCA, 10.000 × 784, 50 componentes",
  sides: [ours("pca"), python(peer, "pca"), oneThread(peer, "pca")],
  cases: [
    { name: "fit", label: "ajuste", aims: { [peer]: 1, [`${peer}, 1 linha`]: 1 }, tolerance: 1e-9 },
    { name: "transform", label: "coordenadas", tolerance: 1e-9 },
  ],
  rounds: 9,
};

import { oneThread, ours, python } from "./sides.mjs";

const [torch, keras, stock] = ["PyTorch", "Keras", "tfjs-node"];
const aims = (ratio) => ({ [torch]: ratio, [`${torch}, 1 linha`]: ratio });

/** tfjs-node como vem do npm: os mesmos modelos, com os otimizadores e os gradientes dele. */
const stockSide = {
  name: stock,
  program(context) {
    const program = ours("training").program(context);
    return { ...program, env: { ...program.env, CADERNO_BENCH: "stock" } };
  },
};

/**
 * Dez passos de treino, com Adam, dos mesmos pesos e lotes em todos os lados: as perdas têm de ser as mesmas. Duas linhas de
 * execução cada um.
 */
export default {
  title: "Treino: 10 passos de Adam",
  requirements: "requirements-training",
  sides: [
    ours("training"),
    python(torch, "training_torch"),
    oneThread(torch, "training_torch"),
    python(`${torch} compilado`, "training_torch", { CADERNO_BENCH: "compile" }),
    python(keras, "training_keras"),
    stockSide,
  ],
  cases: [
    { name: "mlp", label: "MLP 784-512-256-10", aims: aims(0.8), tolerance: 1e-3 },
    { name: "cnn", label: "CNN com batch norm", aims: aims(0.8), tolerance: 1e-3 },
    { name: "unet", label: "bloco de U-Net", aims: aims(1), tolerance: 1e-3 },
    { name: "lstm", label: "LSTM de 128, 32 passos", aims: aims(1), tolerance: 1e-3 },
    { name: "transformer", label: "bloco de transformer", aims: aims(1), tolerance: 1e-3 },
  ],
  rounds: 12, // o compilador do JavaScript leva algumas até chegar ao passo que um treino repete
};

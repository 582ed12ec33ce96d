import { oneThread, ours, python } from "./sides.mjs";

const [torch, keras] = ["PyTorch", "Keras"];
const aims = (ratio) => ({ [torch]: ratio, [keras]: 1 });

/** Os nossos treinos de outra maneira. */
const variant = (name, CADERNO_BENCH) => ({
  name,
  program(context) {
    const program = ours("training").program(context);
    return { ...program, env: { ...program.env, CADERNO_BENCH } };
  },
});

/**
 * Dez passos de treino, com Adam, dos mesmos pesos e lotes em todos os lados: as perdas têm de ser as mesmas. Duas linhas de
 * execução cada um. Um treino são milhares de passos: mede-se quem já está em marcha.
 */
export default {
  title: "Treino: 10 passos de Adam",
  requirements: "requirements-training",
  sides: [
    ours("training"),
    variant("sem compile", "eager"),
    python(torch, "training_torch"),
    oneThread(torch, "training_torch"),
    python(`${torch} compilado`, "training_torch", { CADERNO_BENCH: "compile" }),
    python(keras, "training_keras"),
    variant("tfjs-node", "stock"), // como vem do npm: os mesmos modelos, com os otimizadores e os gradientes dele
  ],
  cases: [
    { name: "mlp", label: "MLP 784-512-256-10", aims: aims(1), tolerance: 1e-3 },
    { name: "cnn", label: "CNN com batch norm", aims: aims(0.95), tolerance: 1e-3 },
    { name: "unet", label: "bloco de U-Net", aims: aims(0.95), tolerance: 1e-3 },
    { name: "lstm", label: "LSTM de 128, 32 passos", aims: aims(1.3), tolerance: 1e-3 },
    { name: "transformer", label: "bloco de transformer", aims: aims(1), tolerance: 1e-3 },
    { name: "small", label: "MLP 2-64-64-2", aims: aims(1.3), tolerance: 1e-3 },
    { name: "small3", label: "MLP 2-128-128-128-2", aims: aims(1.3), tolerance: 1e-3 },
  ],
  warm: 0.3,
  rounds: 8,
};

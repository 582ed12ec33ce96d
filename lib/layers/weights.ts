import { tfSeed, type Source } from "../random";
import { tf } from "../tensor";

/**
 * Pesos iniciais para camadas seguidas de ReLU: uma normal de média 0 e variância 2 / entradas, que conserva a escala dos números
 * de uma camada para a outra (He et al., 2015, eq. 10), truncada em dois desvios. O TensorFlow.js, ao contrário do Keras, não
 * compensa o corte: a variância que fica é 0,774 daquela. Cada chamada tira uma semente da fonte.
 *
 *     tf.layers.dense({ units: 128, activation: "relu", kernelInitializer: heNormal(source) })
 */
export function heNormal(source: Source): ReturnType<typeof tf.initializers.heNormal> {
  return tf.initializers.heNormal({ seed: tfSeed(source) });
}

/** As variáveis que o treino muda, na ordem das redes e das camadas: o que `optimizer.minimize` recebe. */
export function variablesOf(...models: readonly tf.LayersModel[]): tf.Variable[] {
  return models.flatMap((model) => model.trainableWeights.map(variable));
}

/** Todas as variáveis, também as médias que a normalização por lote acumula: o que se grava e o que se descarta. */
export function stateOf(...models: readonly tf.LayersModel[]): tf.Variable[] {
  return models.flatMap((model) => model.weights.map(variable));
}

const variable = (weight: tf.LayerVariable) => weight.read() as tf.Variable;

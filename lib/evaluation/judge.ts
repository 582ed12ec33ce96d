import { batches } from "../datasets/batches";
import { digits8, digits8Split } from "../datasets/digits8";
import { split } from "../datasets/labelledImages";
import { dropout } from "../layers/dropout";
import { heNormal, variablesOf } from "../layers/weights";
import { softmaxCrossEntropy } from "../losses";
import { adam } from "../optimizers";
import { seeded, type Source } from "../random";
import { tf } from "../tensor";
import { checkRows, type Rows } from "../validate";

/** Quem reconhece os dígitos de 8 × 8: diz a classe de cada imagem, e os números com que a decide. */
export interface Judge {
  /** As 64 atividades da penúltima camada, por imagem. */
  features(X: Rows): Float64Array[];
  /** A classe mais provável de cada imagem, de 0 a 9. */
  predict(X: Rows): Uint8Array;
  /** Devolve a memória dos pesos; o próximo `digitJudge` treina de novo. */
  dispose(): void;
}

/**
 * O juiz dos placares: uma rede convolucional pequena, treinada uma vez por processo (uns segundos), com sementes fixas, só na parte de
 * treino dos dígitos 8 × 8. Acerta mais de 96 % do teste.
 *
 * @returns um juiz de imagens de 64 níveis, de 0 a 16
 */
export function digitJudge(): Judge {
  return (trained ??= train());
}

let trained: Judge | undefined;

function train(): Judge {
  const { train } = split(digits8(), digits8Split);
  const source = seeded("evaluation/juiz");
  const kernelInitializer = () => heNormal(source);
  const body = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 16, kernelSize: 3, padding: "same", activation: "relu", kernelInitializer: kernelInitializer() }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, padding: "same", activation: "relu", kernelInitializer: kernelInitializer() }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: "relu", kernelInitializer: kernelInitializer() }),
    ],
  }); // prettier-ignore
  const head = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [64], units: 10, kernelInitializer: kernelInitializer() })],
  }); // prettier-ignore
  const logits = (x: tf.Tensor) => head.apply(body.apply(x)) as tf.Tensor;
  const x = tf.tensor4d(train.pixels, [train.labels.length, 8, 8, 1]);
  const y = tf.tensor1d(Int32Array.from(train.labels), "int32");
  const variables = variablesOf(body, head);
  const [epochs, start] = [40, 0.002];
  const optimizer = adam({ learningRate: start });
  const [order, noise] = [seeded("evaluation/juiz/lotes"), seeded("evaluation/juiz/desvios")];
  for (let epoch = 0; epoch < epochs; epoch++) {
    optimizer.learningRate = start * (1 - epoch / epochs);
    for (const batch of batches([x, y], 50, order)) {
      const loss = () => {
        const features = dropout(body.apply(moved(batch[0], noise)) as tf.Tensor, 0.3, noise);
        return softmaxCrossEntropy(head.apply(features) as tf.Tensor, batch[1]);
      };
      optimizer.minimize(loss, variables).dispose();
      tf.dispose(batch);
    }
  }
  optimizer.dispose();
  tf.dispose([x, y]);

  const images = (X: Rows) => {
    checkRows("digitJudge", X, 64);
    const tones = Float32Array.from(
      X.flatMap((row) => Array.from(row)),
      (level) => level / 16,
    );
    return tf.tensor4d(tones, [X.length, 8, 8, 1]);
  };
  return {
    features(X) {
      const values = tf.tidy(() => (body.apply(images(X)) as tf.Tensor).dataSync());
      return X.map((_, i) => Float64Array.from(values.subarray(64 * i, 64 * (i + 1))));
    },
    predict: (X) => tf.tidy(() => Uint8Array.from(tf.argMax(logits(images(X)), 1).dataSync())),
    dispose() {
      body.dispose();
      head.dispose();
      trained = undefined;
    },
  };
}

/** As imagens de um lote, todas um pixel para algum lado: sem isso o juiz confunde a forma com o lugar, e acerta menos de 95 %. */
function moved(x: tf.Tensor, source: Source): tf.Tensor {
  const [down, right] = [Math.floor(3 * source()), Math.floor(3 * source())];
  const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]); // prettier-ignore
  return tf.slice(padded, [0, down, right, 0], x.shape);
}

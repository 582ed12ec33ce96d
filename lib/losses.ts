import { tf } from "./tensor";

/**
 * Entropia cruzada entre as classes certas e o softmax das saídas, em nats, média de todos os exemplos: −log p(classe certa).
 * Quem não sabe nada e dá a mesma chance a k classes tem log k.
 *
 * @param logits saídas antes do softmax, [n, classes] ou [..., classes]
 * @param labels um por exemplo: int32 com o número da classe, [n] ou [...]; ou float32 com as probabilidades (one-hot), da
 *   forma de `logits`; não se deriva em relação a eles
 * @throws TypeError se as formas não combinam
 */
export function softmaxCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const name = "softmaxCrossEntropy";
  if (logits.rank < 2) throw new TypeError(`${name}: esperava logits [n, classes], recebi ${shapeOf(logits)}`); // prettier-ignore
  const classes = logits.shape[logits.rank - 1];
  const sparse = labels.dtype === "int32";
  const expected = sparse ? logits.shape.slice(0, -1) : logits.shape;
  checkShape(name, sparse ? "números de classe" : "probabilidades", labels, expected);
  return tf.tidy(() => {
    const target = sparse ? tf.oneHot(labels.flatten() as tf.Tensor1D, classes) : labels;
    const rows = [-1, classes];
    const z = logits.reshape(rows);
    return tf.mean(perExample(z, target.reshape(rows).toFloat()));
  });
}

/**
 * A entropia cruzada de cada linha. O gradiente é escrito à mão, softmax(z)·Σp − p: mais curto que o das operações, e, ao
 * contrário do de `tf.logSoftmax`, ele mesmo se pode derivar.
 */
function perExample(logits: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((z, save) => {
    (save as tf.GradSaveFunc)([z as tf.Tensor, target]);
    const largest = tf.max(z as tf.Tensor, -1, true);
    const shifted = tf.sub(z as tf.Tensor, largest);
    const logs = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
    return {
      value: tf.neg(tf.sum(tf.mul(logs, target), -1)),
      gradFunc: (dy: tf.Tensor, [saved, p]: tf.Tensor[]) => {
        const total = tf.sum(p, -1, true);
        const direction = tf.sub(tf.mul(tf.softmax(saved), total), p);
        return tf.mul(tf.expandDims(dy, -1), direction);
      },
    };
  });
  return op(logits);
}

/**
 * Entropia cruzada entre alvos em [0, 1] e a sigmoide das saídas, em nats, média de todos os elementos (não só dos
 * exemplos): max(z, 0) − z·t + log(1 + e^−|z|), que não estoura. Quem diz sempre meio a meio tem log 2.
 *
 * @param logits saídas antes da sigmoide, de qualquer forma
 * @param targets 0 ou 1 (ou uma probabilidade), float32, da mesma forma
 * @throws TypeError se as formas diferem
 */
export function sigmoidCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  checkShape("sigmoidCrossEntropy", "alvos", targets, logits.shape);
  return tf.tidy(() => {
    const linear = tf.sub(tf.relu(logits), tf.mul(logits, targets));
    return tf.mean(tf.add(linear, tf.softplus(tf.neg(tf.abs(logits))))) as tf.Scalar;
  });
}

function checkShape(name: string, what: string, tensor: tf.Tensor, shape: number[]): void {
  if (tf.util.arraysEqual(tensor.shape, shape)) return;
  throw new TypeError(`${name}: esperava ${what} [${shape}], recebi ${shapeOf(tensor)}`);
}

const shapeOf = (tensor: tf.Tensor) => `[${tensor.shape}]`;

import { tf } from "./tensor";
import { softmaxCrossEntropyRows } from "./tensor/crossEntropy";

/**
 * Entropia cruzada entre as classes certas e o softmax das saídas, em nats, média de todos os exemplos: −log p(classe certa).
 * Quem não sabe nada e dá a mesma chance a k classes tem log k.
 *
 * @param logits saídas antes do softmax, [n, classes] ou [..., classes]
 * @param labels um por exemplo: int32 com o número da classe, [n] ou [...]; ou float32 com as probabilidades (one-hot), que somam 1, da
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
    return tf.mean(softmaxCrossEntropyRows(z, target.reshape(rows).toFloat()));
  });
}

/**
 * Entropia cruzada entre alvos em [0, 1] e a sigmoide das saídas, em nats, média de todos os elementos (não só dos
 * exemplos): max(z, 0) − z·t + log(1 + e^−|z|), que não estoura. Quem diz sempre meio a meio tem log 2.
 *
 * @param logits saídas antes da sigmoide, de qualquer forma
 * @param targets 0 ou 1 (ou uma probabilidade), float32, da mesma forma; não se deriva em relação a eles
 * @throws TypeError se as formas diferem
 */
export function sigmoidCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  checkShape("sigmoidCrossEntropy", "alvos", targets, logits.shape);
  return tf.tidy(() => tf.mean(sigmoidElements(logits, targets)));
}

/** A de cada elemento; o gradiente é sigmoide(z) − t. */
function sigmoidElements(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const [z, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([z, targets]);
    const linear = tf.sub(tf.relu(z), tf.mul(z, targets));
    return {
      value: tf.add(linear, tf.softplus(tf.neg(tf.abs(z)))),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(dy, tf.sub(tf.sigmoid(saved[0]), saved[1])),
    };
  });
  return op(logits);
}

function checkShape(name: string, what: string, tensor: tf.Tensor, shape: number[]): void {
  if (tf.util.arraysEqual(tensor.shape, shape)) return;
  throw new TypeError(`${name}: esperava ${what} [${shape}], recebi ${shapeOf(tensor)}`);
}

const shapeOf = (tensor: tf.Tensor) => `[${tensor.shape}]`;

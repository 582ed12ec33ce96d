/**
 * O produto de duas matrizes com a operação própria para isso: o tfjs-node pede sempre a de pilhas de matrizes (BatchMatMulV2), que, no
 * oneDNN, prepara tudo de novo a cada chamada, e para matrizes pequenas isso custa várias vezes a conta.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, float32, run } from "./native";

/** Troca a conta no motor nativo; pilhas de várias matrizes ficam como eram. */
export function useSingleMatMul(): void {
  const own = tf.getKernel("BatchMatMul", "tensorflow");
  tf.unregisterKernel("BatchMatMul", "tensorflow");
  tf.registerKernel({
    ...own,
    kernelFunc(call) {
      const [a, b] = [call.inputs.a, call.inputs.b] as tf.Tensor[];
      if (a.dtype !== "float32" || !isSingle(a) || !isSingle(b)) return own.kernelFunc(call);
      const { transposeA, transposeB } = call.attrs as Record<string, boolean>;
      const attributes = [
        float32(),
        attribute("transpose_a", "BOOL", transposeA),
        attribute("transpose_b", "BOOL", transposeB),
      ];
      return tf.tidy(() => {
        const [product] = run("MatMul", [matrix(a), matrix(b)], attributes);
        const rank = Math.max(a.rank, b.rank);
        return rank === 2 ? product : tf.reshape(product, [...Array(rank - 2).fill(1), ...product.shape]); // prettier-ignore
      });
    },
  });
}

/** Uma matriz, ou uma pilha de uma só. */
const isSingle = ({ shape }: tf.Tensor) => shape.slice(0, -2).every((size) => size === 1);

const matrix = (x: tf.Tensor) => (x.rank === 2 ? x : tf.reshape(x, x.shape.slice(-2)));

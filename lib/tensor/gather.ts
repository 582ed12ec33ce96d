/**
 * A busca por índices (gather) sem ler os índices antes: o tfjs-node os traz de volta ao JavaScript para os conferir, o que custa
 * tempo e não pode entrar em um grafo. O TensorFlow já confere os mesmos limites.
 */
import * as tf from "@tensorflow/tfjs";
import { attribute, run, typeOf } from "./native";

/** Troca a conta no motor nativo. */
export function useUnreadGather(): void {
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({
    kernelName: "GatherV2",
    backendName: "tensorflow",
    kernelFunc({ inputs, attrs }) {
      const [x, indices] = [inputs.x, inputs.indices] as tf.Tensor[];
      const { axis, batchDims } = attrs as { axis: number; batchDims: number };
      tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
      const where = tf.scalar(axis, "int32");
      const attributes = [
        attribute("batch_dims", "INT", batchDims),
        attribute("Tparams", "TYPE", typeOf(x)),
        attribute("Tindices", "TYPE", typeOf(indices)),
        attribute("Taxis", "TYPE", typeOf(where)),
      ];
      const [found] = run("GatherV2", [x, indices, where], attributes);
      where.dispose();
      return found;
    },
  });
}

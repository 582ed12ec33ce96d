/**
 * Os núcleos de gradiente que faltam ao motor WebAssembly do TensorFlow.js 4.22, feitos com as
 * operações que ele tem: sem eles não se treina convolução, nem `gather` (embeddings). E quatro que
 * ele tem, mas lentos (a convolução transposta e o produto de matrizes transpostas) ou errados (os
 * gradientes da média e do máximo por janela).
 *
 * Todos os tensores são NHWC: [lote, altura, largura, canais]. Os filtros são [altura, largura,
 * canais de entrada, canais de saída].
 */
import * as tf from "@tensorflow/tfjs";

type Image = tf.Tensor4D;
type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** O que os núcleos recebem além dos tensores; cada um usa o que é seu. */
interface Attributes {
  strides: number | [number, number];
  pad: Parameters<typeof tf.conv2d>[3];
  dimRoundingMode?: "floor" | "round" | "ceil";
  inputShape: number[];
  filterShape: number[];
  filterSize: number | [number, number];
  numSegments: number;
}

type Compute = (inputs: Record<string, Image>, attributes: Attributes) => tf.Tensor;

/**
 * Gradiente da convolução em relação ao filtro.
 *
 * `dW[i,j,c,k] = Σ x[n, s·p+i, s·q+j, c] · dy[n,p,q,k]` é também uma convolução: a de `x`, com os
 * canais no lugar do lote e o lote no lugar dos canais, por `dy` dilatado de `s`.
 */
const convolutionFilterGradient: Compute = ({ x, dy }, attributes) => {
  const info = convolutionInfo(x.shape, attributes.filterShape, attributes, false);
  const images = tf.transpose(x, [3, 1, 2, 0]);
  const filters = tf.transpose(dy, [1, 2, 0, 3]);
  const { top, bottom, left, right } = info.padInfo;
  const padding = around(top, bottom, left, right);
  const dilation: [number, number] = [info.strideHeight, info.strideWidth];
  const full = tf.conv2d(images, filters, 1, padding, "NHWC", dilation);
  const size = [info.inChannels, info.filterHeight, info.filterWidth, info.outChannels];
  return tf.transpose(tf.slice(full, 0, size), [1, 2, 0, 3]);
};

/**
 * Gradiente da convolução em relação à entrada, que é também a convolução transposta: a convolução
 * de `dy`, com `s - 1` zeros entre os elementos, pelo filtro invertido. (O do motor leva
 * 5 a 8 vezes mais tempo.)
 */
const convolutionInputGradient: Compute = ({ dy, filter }, attributes) => {
  const info = convolutionInfo(attributes.inputShape, filter.shape, attributes, false);
  const flipped = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const spread = spreadOut(dy, info.strideHeight, info.strideWidth);
  return tf.conv2d(spread, flipped as Image, 1, transposedPadding(info));
};

/** Gradiente da convolução por canal em relação à entrada: a mesma ideia, canal a canal. */
const depthwiseInputGradient: Compute = ({ dy, filter }, attributes) => {
  const info = convolutionInfo(attributes.inputShape, filter.shape, attributes, true);
  const [height, width, channels, multiplier] = filter.shape;
  const flipped = tf.reshape(tf.reverse(filter, [0, 1]), [
    height,
    width,
    channels * multiplier,
    1,
  ]) as Image;
  const spread = spreadOut(dy, info.strideHeight, info.strideWidth);
  const [top, bottom, left, right] = transposedPadding(info).slice(1, 3).flat();
  const padded = tf.pad(spread, around(top, bottom, left, right)) as Image;
  const perOutput = tf.depthwiseConv2d(padded, flipped, 1, "valid");
  return tf.sum(tf.reshape(perOutput, [...info.inShape, multiplier]), -1);
};

/** Gradiente da convolução por canal em relação ao filtro: um produto por posição do filtro. */
const depthwiseFilterGradient: Compute = ({ x, dy }, attributes) => {
  const info = convolutionInfo(x.shape, attributes.filterShape, attributes, true);
  const { batchSize, outHeight, outWidth, inChannels, strideHeight, strideWidth } = info;
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad(x, around(top, bottom, left, right));
  const rows = batchSize * outHeight * outWidth;
  const errors = tf.reshape(dy, [rows, inChannels, -1]);
  const positions: tf.Tensor[] = [];
  for (let i = 0; i < info.filterHeight; i++) {
    for (let j = 0; j < info.filterWidth; j++) {
      const seen = tf.stridedSlice(
        padded,
        [0, i, j, 0],
        [
          batchSize,
          i + (outHeight - 1) * strideHeight + 1,
          j + (outWidth - 1) * strideWidth + 1,
          inChannels,
        ],
        [1, strideHeight, strideWidth, 1],
      );
      positions.push(tf.sum(tf.mul(tf.reshape(seen, [rows, inChannels, 1]), errors), 0));
    }
  }
  return tf.reshape(tf.stack(positions), info.filterShape);
};

/**
 * Gradiente da média por janela. A média é uma convolução por canal com filtro de uns, dividida pelo
 * número de elementos de cada janela, que é menor na borda. (O núcleo do motor esquece isso.)
 */
const averagePoolGradient: Compute = ({ dy, input }, attributes) => {
  const { filterSize, strides, pad } = attributes;
  const [height, width] = [filterSize].flat();
  const window = (channels: number) => tf.ones([height, width ?? height, channels, 1]) as Image;
  const [, rows, columns, channels] = input.shape;
  const cells = tf.ones([1, rows, columns, 1]) as Image;
  const counts = tf.depthwiseConv2d(cells, window(1), strides, pad as "same");
  return depthwiseInputGradient(
    { dy: tf.div(dy, counts), filter: window(channels) },
    { ...attributes, inputShape: input.shape },
  );
};

/**
 * Gradiente do máximo por janela: vai para o primeiro dos maiores de cada janela. (O núcleo do motor o perde nas janelas em
 * que todos os números são negativos ou zero.)
 */
const maxPoolGradient: Compute = ({ dy, input }, { filterSize, strides, pad, dimRoundingMode }) => {
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode); // prettier-ignore
  const { inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  const [values, errors] = [input.dataSync(), dy.dataSync()];
  const gradient = new Float32Array(input.size);
  let window = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let p = 0; p < outHeight; p++) {
      const top = p * info.strideHeight - padInfo.top;
      const bottom = Math.min(top + info.filterHeight, inHeight);
      for (let q = 0; q < outWidth; q++) {
        const left = q * info.strideWidth - padInfo.left;
        const right = Math.min(left + info.filterWidth, inWidth);
        for (let channel = 0; channel < inChannels; channel++, window++) {
          let largest = -1;
          for (let i = Math.max(top, 0); i < bottom; i++) {
            for (let j = Math.max(left, 0); j < right; j++) {
              const at = ((n * inHeight + i) * inWidth + j) * inChannels + channel;
              if (largest < 0 || values[at] > values[largest]) largest = at;
            }
          }
          gradient[largest] += errors[window];
        }
      }
    }
  }
  return tf.tensor(gradient, input.shape);
};

/** Soma das linhas de `x` que têm o mesmo número em `segmentIds`: o gradiente de `gather`. */
const unsortedSegmentSum: Compute = ({ x, segmentIds }, { numSegments }) => {
  const rows = segmentIds.size;
  const width = x.size / rows;
  const values = x.dataSync();
  const ids = segmentIds.dataSync();
  const sums = new Float32Array(numSegments * width);
  for (let row = 0; row < rows; row++) {
    if (ids[row] < 0 || ids[row] >= numSegments) continue;
    for (let k = 0; k < width; k++) sums[ids[row] * width + k] += values[row * width + k];
  }
  return tf.tensor(sums, [numSegments, ...x.shape.slice(segmentIds.rank)], x.dtype);
};

function convolutionInfo(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dimRoundingMode }: Attributes,
  depthwise: boolean,
): Info {
  const input = inputShape as Image["shape"];
  const filter = filterShape as Image["shape"];
  const { computeConv2DInfo } = tf.backend_util;
  return computeConv2DInfo(input, filter, strides, 1, pad, dimRoundingMode, depthwise);
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];

function around(top: number, bottom: number, left: number, right: number): Padding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** As margens com que a convolução de `dy` espalhado volta ao tamanho da entrada. */
function transposedPadding(info: Info): Padding {
  const { padInfo, filterHeight, filterWidth } = info;
  return around(
    filterHeight - 1 - padInfo.top,
    info.inHeight - 1 - (info.outHeight - 1) * info.strideHeight + padInfo.top,
    filterWidth - 1 - padInfo.left,
    info.inWidth - 1 - (info.outWidth - 1) * info.strideWidth + padInfo.left,
  );
}

/** Põe `stride - 1` zeros entre os elementos de cada linha e de cada coluna. */
function spreadOut(image: Image, strideHeight: number, strideWidth: number): Image {
  if (strideHeight === 1 && strideWidth === 1) return image;
  const [n, height, width, channels] = image.shape;
  const rows = tf.pad(tf.reshape(image, [n * height, 1, width * channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
  ]);
  const columns = tf.pad(tf.reshape(rows, [n * height * strideHeight * width, 1, channels]), [
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const full = tf.reshape(columns, [n, height * strideHeight, width * strideWidth, channels]);
  return tf.slice(full as Image, 0, [
    n,
    (height - 1) * strideHeight + 1,
    (width - 1) * strideWidth + 1,
    channels,
  ]);
}

const KERNELS: Record<string, Compute> = {
  Conv2DBackpropFilter: convolutionFilterGradient,
  Conv2DBackpropInput: convolutionInputGradient,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: depthwiseInputGradient,
  AvgPoolGrad: averagePoolGradient,
  MaxPoolGrad: maxPoolGradient,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Registra no motor WebAssembly os núcleos deste arquivo. */
export function registerKernels(): void {
  for (const [kernelName, compute] of Object.entries(KERNELS)) {
    replaceKernel({
      kernelName,
      backendName: "wasm",
      // O que o núcleo cria pelo caminho, o próprio TensorFlow.js descarta quando ele acaba.
      kernelFunc: ({ inputs, attrs }) =>
        compute(inputs as Record<string, Image>, attrs as unknown as Attributes),
    });
  }
  const matMul = tf.getKernel("BatchMatMul", "wasm");
  replaceKernel({ ...matMul, kernelFunc: untransposed(matMul.kernelFunc) });
}

function replaceKernel(kernel: tf.KernelConfig): void {
  if (tf.getKernel(kernel.kernelName, "wasm")) tf.unregisterKernel(kernel.kernelName, "wasm");
  tf.registerKernel(kernel);
}

/** Transpõe antes de multiplicar: só o produto sem transposição tem um caminho rápido (5 vezes). */
function untransposed(matMul: tf.KernelFunc): tf.KernelFunc {
  const operand = (tensor: tf.Tensor, transposed: unknown) => {
    if (!transposed) return tensor;
    const axes = tensor.shape.map((_, axis) => axis);
    return tf.transpose(tensor, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
  };
  return ({ inputs, backend, attrs }) => {
    const a = operand(inputs.a as tf.Tensor, attrs?.transposeA);
    const b = operand(inputs.b as tf.Tensor, attrs?.transposeB);
    const plain = { transposeA: false, transposeB: false };
    return matMul({ inputs: { a, b }, backend, attrs: plain });
  };
}

import { logSumExp } from "../linalg";
import { tfSeed, type Source } from "../random";
import { tf } from "../tensor";
import { draw } from "../tensor/compile";
import { checkInteger } from "../validate";

/**
 * O autoencoder variacional de D. P. Kingma e M. Welling, “Auto-Encoding Variational Bayes”, 2014: o código z de uma imagem é
 * normal, com média e variância dadas pelo codificador, e a priori normal padrão. O que a rede gera é de quem a usa: a
 * log-verossimilhança log p(x | z) entra como função.
 */
export interface Vae {
  /** De x (n × d) a médias e log-variâncias, lado a lado (n × 2·latentDim). */
  readonly encoder: tf.LayersModel;
  /** De códigos (n × latentDim) aos parâmetros de p(x | z). */
  readonly decoder: tf.LayersModel;
}

/** O código de n imagens: a distribuição q(z | x) de cada uma. */
export interface Code {
  /** n × latentDim. */
  readonly mean: tf.Tensor2D;
  /** O logaritmo da variância, n × latentDim. */
  readonly logVar: tf.Tensor2D;
}

/** log p(x | z) de cada imagem, em nats (n números), a partir de x e da saída do decodificador. */
export type LogLikelihood = (x: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** O código das imagens x (n × d). @throws TypeError se o codificador não dá um número par de colunas */
export function encode({ encoder }: Vae, x: tf.Tensor): Code {
  const output = encoder.apply(x) as tf.Tensor;
  if (output.rank !== 2 || output.shape[1]! % 2 !== 0)
    throw new TypeError(
      `encode: o codificador deve dar médias e log-variâncias lado a lado (n × 2·latentDim), deu [${output.shape}]`,
    );
  const [mean, logVar] = tf.split(output, 2, 1) as tf.Tensor2D[];
  return { mean, logVar };
}

/** Números da normal padrão, que a mesma fonte repete: o ε da reparametrização. */
export function standardNoise(shape: number[], source: Source): tf.Tensor {
  const make = (source: Source, shape: number[]) =>
    tf.randomNormal(shape, 0, 1, "float32", tfSeed(source));
  return draw(source, make, shape);
}

/**
 * Um sorteio de q(z | x) que deixa passar o gradiente: z = μ + σ·ε (Kingma e Welling, 2014, seção 2.4).
 *
 * @param noise ε, da forma de `mean`
 */
export function reparametrize({ mean, logVar }: Code, noise: tf.Tensor): tf.Tensor2D {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(0.5, logVar)), noise)) as tf.Tensor2D;
}

/** KL(q(z | x) ‖ N(0, I)) de cada imagem, em nats: ½·Σ(μ² + σ² − 1 − log σ²) (Kingma e Welling, 2014, apêndice B). */
export function klToPrior({ mean, logVar }: Code): tf.Tensor1D {
  const terms = tf.sub(tf.add(tf.square(mean), tf.exp(logVar)), tf.add(1, logVar));
  return tf.mul(0.5, tf.sum(terms, 1)) as tf.Tensor1D;
}

/**
 * A ELBO de cada imagem, em nats, com um sorteio de z: log p(x | z) − β·KL. Com β = 1 é, em média, um limite inferior de log p(x)
 * (Kingma e Welling, 2014, equação 10); com outro β é a perda do β-VAE (I. Higgins et al., 2017), trocado o sinal.
 *
 * @throws TypeError se logLikelihood não dá um número por imagem
 */
export function elbo(
  vae: Vae,
  x: tf.Tensor,
  noise: tf.Tensor,
  logLikelihood: LogLikelihood,
  beta: number | tf.Scalar = 1,
): tf.Tensor1D {
  const code = encode(vae, x);
  const reconstruction = likelihoodOf(logLikelihood, x, decodeAt(vae, code, noise));
  return tf.sub(reconstruction, tf.mul(beta, klToPrior(code))) as tf.Tensor1D;
}

/** log p(x, z) − log q(z | x) de cada imagem, com um sorteio de z: o logaritmo do peso da amostragem por importância. */
export function logWeights(
  vae: Vae,
  x: tf.Tensor,
  noise: tf.Tensor,
  logLikelihood: LogLikelihood,
): tf.Tensor1D {
  return weightsOf(vae, x, encode(vae, x), noise, logLikelihood);
}

/**
 * O limite IWAE de log p(x) de cada imagem, em nats, com k sorteios: log da média dos pesos (Y. Burda, R. Grosse e
 * R. Salakhutdinov, “Importance Weighted Autoencoders”, 2016, equação 8). Sobe com k, em média, até log p(x).
 *
 * @throws RangeError se k não é um inteiro ≥ 1
 */
export function iwaeBound(
  vae: Vae,
  x: tf.Tensor,
  k: number,
  source: Source,
  logLikelihood: LogLikelihood,
): Float64Array {
  checkInteger("iwaeBound: k", k, 1);
  const draws = tf.tidy(() => {
    const code = encode(vae, x);
    return Array.from({ length: k }, () =>
      tf.tidy(() => {
        const noise = standardNoise(code.mean.shape, source);
        return weightsOf(vae, x, code, noise, logLikelihood).dataSync();
      }),
    );
  });
  return Float64Array.from(
    { length: x.shape[0] },
    (_, i) => logSumExp(draws.map((draw) => draw[i])) - Math.log(k),
  );
}

/** A saída do decodificador em n códigos sorteados da priori. @throws RangeError se n não é um inteiro ≥ 1 */
export function samplePrior({ decoder }: Vae, n: number, source: Source): tf.Tensor {
  checkInteger("samplePrior: n", n, 1);
  return tf.tidy(() => {
    const latentDim = decoder.inputs[0].shape[1] as number;
    return decoder.apply(standardNoise([n, latentDim], source)) as tf.Tensor;
  });
}

/** As coordenadas do código cuja média varia de uma imagem para outra mais que isto: as ativas (Burda et al., 2016, seção 2). */
export const activeVariance = 0.01;

/** Quais coordenadas do código são ativas nestas imagens: os índices. */
export function activeUnits(vae: Vae, x: tf.Tensor): number[] {
  const variances = tf.tidy(() => tf.moments(encode(vae, x).mean, 0).variance.dataSync());
  return Array.from(variances.keys()).filter((j) => variances[j] > activeVariance);
}

/** Um número por imagem: com outra forma, a soma com o KL misturaria as imagens sem aviso. */
function likelihoodOf(logLikelihood: LogLikelihood, x: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const values = logLikelihood(x, output);
  if (values.rank !== 1 || values.shape[0] !== x.shape[0])
    throw new TypeError(
      `vae: logLikelihood deve dar um número por imagem, [${x.shape[0]}], e deu [${values.shape}]`,
    );
  return values;
}

function weightsOf(
  vae: Vae,
  x: tf.Tensor,
  code: Code,
  noise: tf.Tensor,
  logLikelihood: LogLikelihood,
): tf.Tensor1D {
  const z = reparametrize(code, noise);
  // As constantes das duas normais se cancelam.
  const terms = tf.sub(tf.add(tf.square(noise), code.logVar), tf.square(z));
  const ratio = tf.mul(0.5, tf.sum(terms, 1));
  const likelihood = likelihoodOf(logLikelihood, x, vae.decoder.apply(z) as tf.Tensor);
  return tf.add(likelihood, ratio) as tf.Tensor1D;
}

const decodeAt = ({ decoder }: Vae, code: Code, noise: tf.Tensor) =>
  decoder.apply(reparametrize(code, noise)) as tf.Tensor;

import { digits8, digits8Split } from "../datasets/digits8";
import { split } from "../datasets/labelledImages";
import { seeded } from "../random";
import { checkRows, type Rows } from "../validate";
import { frechetDistance, frechetInterval } from "./frechet";
import { digitJudge } from "./judge";
import { memorization, precisionRecall } from "./neighbours";

/** O que as amostras de um modelo dos dígitos 8 × 8 mostram, sem perguntar por probabilidades: as medidas de todos os placares. */
export interface SampleQuality {
  /** Distância de Fréchet entre os atributos das amostras e os do teste. */
  readonly frechet: number;
  /** O intervalo de bootstrap de 95 % dela. */
  readonly frechetInterval: readonly [low: number, high: number];
  /** Parte das amostras que parece com alguma imagem de teste. */
  readonly precision: number;
  /** Parte das imagens de teste com alguma amostra parecida. */
  readonly recall: number;
  /** Parte das amostras mais perto do treino do que 95 % do teste está. */
  readonly memorized: number;
  /** Variação total entre as classes das amostras, como o juiz as vê, e dez partes iguais: de 0 a 0,9. */
  readonly classVariation: number;
}

/**
 * Mede as amostras: o juiz dá os atributos; o pixel, a memorização. Compare só números de conjuntos do mesmo tamanho (os placares usam
 * 1.000 amostras).
 *
 * @param samples n × 64 níveis, de 0 a 16
 * @throws TypeError ou RangeError se não são linhas de 64 números de 0 a 16
 */
export function sampleQuality(samples: Rows): SampleQuality {
  checkRows("sampleQuality", samples, 64);
  const outside = samples.findIndex((row) => Array.from(row).some((x) => x < 0 || x > 16));
  if (outside >= 0)
    throw new RangeError(
      `sampleQuality: esperava níveis de 0 a 16, e a linha ${outside} sai disso`,
    );
  const { train, test } = reference();
  const judge = digitJudge();
  const [features, testFeatures] = [judge.features(samples), judge.features(test)];
  return {
    frechet: frechetDistance(features, testFeatures),
    frechetInterval: frechetInterval(features, testFeatures, seeded("evaluation/bootstrap")),
    ...precisionRecall(testFeatures, features),
    memorized: memorization(samples, train, test),
    classVariation: classVariation(judge.predict(samples)),
  };
}

/** ½·Σ|p(classe) − 1/10|. */
export function classVariation(labels: ArrayLike<number>): number {
  const counts = new Float64Array(10);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts.reduce((sum, count) => sum + Math.abs(count / labels.length - 0.1), 0) / 2;
}

/** As imagens de treino e de teste, em níveis de 0 a 16. */
export function reference(): { train: Float32Array[]; test: Float32Array[] } {
  const { train, test } = split(digits8(), digits8Split);
  const levels = (images: readonly Float32Array[]) =>
    images.map((image) => image.map((x) => 16 * x));
  return { train: levels(train.images), test: levels(test.images) };
}

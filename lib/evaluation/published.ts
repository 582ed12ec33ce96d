/** Um número publicado, com a fonte. */
export interface PublishedLikelihood {
  readonly model: string;
  /** Nats por imagem da validação, na repartição de `digits8Split`. */
  readonly validation: number;
  readonly source: string;
}

const uci = "J. Tomczak, Deep Generative Modeling, 2022; lido do gráfico, ±1";

/**
 * O que há publicado sobre os dígitos 8 × 8 na mesma repartição. Os fluxos do mesmo livro ficam de fora: o gráfico diz 124, mas em
 * uma escala de densidade que não é dita, e que corrigida daria 168; não se comparam com probabilidades de níveis.
 */
export const publishedDigits8 = {
  autoregressive: { model: "autorregressivo publicado", validation: 88.7, source: uci },
  vae: { model: "VAE publicado", validation: 100.5, source: uci },
  hierarchicalVae: { model: "VAE hierárquico publicado", validation: 100.4, source: uci },
} as const satisfies Readonly<Record<string, PublishedLikelihood>>;

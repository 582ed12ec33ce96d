/**
 * As oito primeiras, pessoas com as formas comuns de daltonismo distinguem: M. Okabe e K. Ito, “Color Universal Design”, 2008
 * (https://jfly.uni-koeln.de/color/). O amarelo é claro demais para linhas finas sobre branco. O marrom e o cinza completam dez,
 * uma por algarismo.
 */
export const colors = {
  blue: "#0072B2",
  vermillion: "#D55E00",
  green: "#009E73",
  purple: "#CC79A7",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  yellow: "#F0E442",
  black: "#000000",
  brown: "#8C510A",
  grey: "#7F7F7F",
} as const;

/** A ordem em que as marcas sem cor própria recebem uma. */
export const palette: readonly string[] = [
  colors.blue,
  colors.vermillion,
  colors.green,
  colors.purple,
  colors.orange,
  colors.skyBlue,
  colors.black,
  colors.brown,
  colors.grey,
  colors.yellow,
];

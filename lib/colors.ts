/**
 * Eight colours that people with any common colour vision tell apart: M. Okabe and K. Ito, "Color Universal Design", 2008
 * (https://jfly.uni-koeln.de/color/). Yellow is too pale for thin lines on white.
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
} as const;

/** The order in which marks without a colour of their own take one. */
export const palette: readonly string[] = [
  colors.blue,
  colors.vermillion,
  colors.green,
  colors.purple,
  colors.orange,
  colors.skyBlue,
  colors.black,
  colors.yellow,
];

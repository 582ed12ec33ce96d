import { escapeHtml, formatNumber } from "../notebook/format";

/** A média de cada número registrado em trechos iguais do treino: quando os trechos passam de 200, juntam-se dois a dois. */
export interface LossCurve {
  /** Passos por trecho. */
  width: number;
  /** Por nome, as médias dos trechos completos; o último pode estar incompleto. */
  means: Record<string, { mean: number; count: number }[]>;
}

export const lossCurve = (): LossCurve => ({ width: 1, means: {} });

/** Junta os números de um passo. */
export function addPoint(curve: LossCurve, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const list = (curve.means[name] ??= []);
    const last = list[list.length - 1];
    if (last && last.count < curve.width) {
      last.count++;
      last.mean += (value - last.mean) / last.count;
    } else list.push({ mean: value, count: 1 });
  }
  if (Object.values(curve.means).some((list) => list.length > 200)) halve(curve);
}

function halve(curve: LossCurve): void {
  curve.width *= 2;
  for (const [name, list] of Object.entries(curve.means)) {
    const joined: typeof list = [];
    for (let i = 0; i < list.length; i += 2) {
      const pair = list.slice(i, i + 2);
      const count = pair.reduce((sum, part) => sum + part.count, 0);
      joined.push({ mean: pair.reduce((sum, p) => sum + p.mean * p.count, 0) / count, count });
    }
    curve.means[name] = joined;
  }
}

// Okabe e Ito, como em plot/colors; estas quatro se veem sobre branco e sobre preto.
const strokes = ["#D55E00", "#3690C9", "#009E73", "#CC79A7"];
const [width, height, left, bottom, top] = [420, 130, 54, 20, 8];

/** A curva em SVG, com as cores de texto da página; vazio antes de dois pontos. Mostra os quatro primeiros números. */
export function drawCurve(curve: LossCurve): string {
  const series = Object.entries(curve.means).slice(0, 4);
  const points = Math.max(0, ...series.map(([, list]) => list.length));
  if (points < 2) return "";
  const all = series.flatMap(([, list]) => list.map(({ mean }) => mean));
  const low = Math.min(0, ...all);
  const high = Math.max(...all) > low ? Math.max(...all) : low + 1;
  const steps = Math.max(
    ...series.map(([, list]) => list.reduce((sum, part) => sum + part.count, 0)),
  );
  const x = (i: number) => left + ((width - left - 8) * i) / (points - 1);
  const y = (value: number) => top + ((height - top - bottom) * (high - value)) / (high - low);
  const path = (list: { mean: number }[]) =>
    list.map(({ mean }, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(mean).toFixed(1)}`).join("");
  const label = (at: number, value: number) =>
    `<text x="${left - 6}" y="${at.toFixed(1)}" text-anchor="end" dominant-baseline="middle">${tick(value)}</text>`;
  const axis = `<path d="M${left} ${top}V${height - bottom}H${width - 8}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>`;
  const names = series
    .map(
      ([name], k) =>
        `<span style="margin-right:1em;white-space:nowrap"><span aria-hidden="true" style="display:inline-block;width:1.2em;height:3px;vertical-align:middle;background:${strokes[k]}"></span> ${escapeHtml(name)}</span>`,
    )
    .join("");
  const alt = `Curva do treino, ${formatNumber(steps)} passos: ${series
    .map(([name, list]) => `${name} de ${tick(list[0].mean)} a ${tick(list[list.length - 1].mean)}`)
    .join("; ")}.`;
  return (
    `<div style="font-size:12px;margin-top:4px">${names}</div>` +
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" style="max-width:100%;height:auto;display:block;color:inherit" role="img" aria-label="${escapeHtml(alt)}" font-size="11" font-family="sans-serif" fill="currentColor">` +
    axis +
    label(y(high) + 3, high) +
    label(y(low) - 2, low) +
    `<text x="${left}" y="${height - 6}" text-anchor="middle">0</text>` +
    `<text x="${width - 8}" y="${height - 6}" text-anchor="end">${formatNumber(steps)} passos</text>` +
    series
      .map(
        ([, list], k) =>
          `<path d="${path(list)}" fill="none" stroke="${strokes[k]}" stroke-width="1.8" stroke-linejoin="round"/>`,
      )
      .join("") +
    "</svg>"
  );
}

const tick = (value: number) =>
  formatNumber(value, value === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3);

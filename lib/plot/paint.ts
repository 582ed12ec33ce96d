import { palette } from "./colors";
import { escapeText, type ColorScale, type Drawing, type Json, type Mark } from "./mark";

/** Dá a cada marca as suas cores e a desenha. Um nome tem a mesma cor em todos os painéis, e ninguém mais a usa. */
export function paint(
  name: string,
  panels: readonly { marks: readonly Mark[] }[],
): { drawings: Required<Drawing>[]; colorScale?: ColorScale } {
  const byName = new Map<string, string>();
  const drawings = panels.map(({ marks }) => {
    const used = new Set(marks.map((mark) => mark.color));
    const free = () => {
      const taken = new Set([...used, ...byName.values()]);
      return palette.find((color) => !taken.has(color)) ?? palette[byName.size % palette.length];
    };
    const drawn = marks.map((mark) =>
      mark.draw(
        mark.wants.map((wanted) => {
          const color = (wanted !== undefined && byName.get(wanted)) || free();
          if (wanted !== undefined) byName.set(wanted, color);
          used.add(color);
          return color;
        }),
      ),
    );
    return {
      traces: drawn.flatMap(({ traces = [] }) => traces),
      shapes: drawn.flatMap(({ shapes = [] }) => shapes),
      annotations: drawn.flatMap(({ annotations = [] }) => annotations),
    };
  });
  const scales = panels.flatMap(({ marks }) => marks.flatMap(({ colorScale }) => colorScale ?? []));
  const other = scales.find((scale) => JSON.stringify(scale) !== JSON.stringify(scales[0]));
  if (other) {
    throw new TypeError(
      `${name}: todas as cores por valor da figura usam a mesma escala (title e range iguais), ` +
        `recebi "${scales[0].title}" e "${other.title}"`,
    );
  }
  return { drawings, colorScale: scales[0] };
}

/** Os nomes que a legenda mostra, cada um uma vez. */
export function legendNames(drawings: readonly Required<Drawing>[]): string[] {
  const entries = drawings.flatMap(({ traces, shapes }) => [...traces, ...shapes]);
  return [...new Set(entries.flatMap(({ name }) => (name === undefined ? [] : [String(name)])))];
}

/** Faz com que um traço ou forma apareça na legenda só da primeira vez que o seu nome vem. */
export function legendEntries(): (entry: Json) => Json {
  const seen = new Set<unknown>();
  return (entry) => {
    const { name } = entry;
    if (name === undefined) return { ...entry, showlegend: false };
    const showlegend = !seen.has(name);
    seen.add(name);
    return { ...entry, name: escapeText(String(name)), legendgroup: name, showlegend };
  };
}

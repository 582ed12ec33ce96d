// Desenha as figuras da página com o plotly: primeiro as que estão à vista, as outras nas folgas. Serve ao site, à
// exportação em um arquivo e à do JupyterLab.
(() => {
  const figures = [...document.querySelectorAll(".figura-desenho")].map((place) => ({
    place,
    content: JSON.parse(place.parentElement.querySelector("script").textContent),
  }));

  const isDark = () => document.documentElement.dataset.theme === "dark";

  const words = {
    Autoscale: "Enquadrar tudo",
    "Download plot as a PNG": "Baixar como PNG",
    "Double-click to zoom back out": "Dois cliques para voltar",
    Pan: "Mover",
    "Reset axes": "Voltar ao começo",
    Zoom: "Ampliar um pedaço",
    "Zoom in": "Ampliar",
    "Zoom out": "Reduzir",
  };

  function draw(figure, { dark = isDark(), width } = {}) {
    const { data, layout, config, frames } = figure.content;
    const { place } = figure;
    Plotly.react(place, {
      data: dark ? darkened(data) : data,
      layout: { ...(dark ? darkened(layout) : layout), ...(width && { width, autosize: false }) },
      // No JupyterLab, responsive faria a figura sumir; aqui não.
      config: {
        ...config,
        responsive: true,
        locale: "pt-BR",
        locales: { "pt-BR": { dictionary: words } },
      },
      frames,
    });
    if (!figure.drawn) performance.mark("figura");
    figure.drawn = true;
  }

  /** No escuro, os cinzas trocam de lado, do branco ao preto; as outras cores se leem nos dois fundos. */
  function darkened(value, key = "") {
    if (Array.isArray(value)) return value.map((item) => darkened(item, key));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, darkened(v, k)]));
    return typeof value === "string" && /color|bgcolor/i.test(key) ? flipped(value) : value;
  }

  function flipped(color) {
    const channels = rgba(color);
    if (!channels) return color;
    const [r, g, b, alpha] = channels;
    if (Math.max(r, g, b) - Math.min(r, g, b) > 8) return color;
    const grey = Math.round(235 - (r * (235 - 18)) / 255);
    return `rgba(${grey},${grey},${grey},${alpha})`;
  }

  function rgba(color) {
    const named = { white: "#ffffff", black: "#000000" }[color.toLowerCase()] ?? color;
    const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(named)?.[1];
    if (hex) {
      const full = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
      return [...[0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16)), 1];
    }
    const numbers = /^rgba?\(([^)]+)\)$/i.exec(named)?.[1].split(",").map(Number);
    return numbers && [...numbers, 1].slice(0, 4);
  }

  const isShown = ({ place }) => place.offsetParent !== null;
  const rest = () => figures.find((figure) => !figure.drawn && isShown(figure));
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  function drawRest() {
    const next = rest();
    if (!next) return;
    draw(next);
    idle(drawRest);
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const figure = figures.find(({ place }) => place === target);
        if (isIntersecting && !figure.drawn) draw(figure);
      }
    },
    { rootMargin: "600px" },
  );
  for (const { place } of figures) watcher.observe(place);
  idle(drawRest);

  new MutationObserver(() => {
    for (const figure of figures) if (figure.drawn) draw(figure);
  }).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  // No papel, tudo claro e com a largura da folha.
  let theme;
  window.addEventListener("beforeprint", () => {
    theme = document.documentElement.dataset.theme;
    if (theme) document.documentElement.dataset.theme = "light";
    for (const figure of figures) draw(figure, { dark: false, width: 640 });
  });
  window.addEventListener("afterprint", () => {
    if (theme) document.documentElement.dataset.theme = theme;
    for (const figure of figures) draw(figure);
  });
})();

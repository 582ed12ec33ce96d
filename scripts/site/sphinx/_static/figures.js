// Desenha as figuras da página com o plotly, primeiro as que estão perto da vista, e as abre em tamanho grande. Serve ao site, à
// exportação em um arquivo e à do JupyterLab.
(async () => {
  await globalThis.plotlyReady; // nas páginas ele vem comprimido; no JupyterLab já está aqui

  const figures = [...document.querySelectorAll(".figura-desenho")].map((place) => ({ place }));

  const contentOf = (figure) =>
    (figure.content ??= JSON.parse(
      figure.place.parentElement.querySelector('script[type="application/json"]').textContent,
    ));

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
    const { data, layout, config, frames } = contentOf(figure);
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
    if (!width) withoutBand(place, layout);
    if (!figure.drawn) performance.mark("figura");
    figure.drawn = true;
  }

  /** O lugar da legenda é o de uma tela estreita: o que sobra dele nesta, acima dela, sai. */
  function withoutBand(place, { height, margin } = {}) {
    const legend = place.querySelector(".legend");
    if (!legend || !height || !margin) return;
    const band = legend.getBoundingClientRect().top - place.getBoundingClientRect().top - 8;
    if (band < 12) return;
    place.style.minHeight = `${height - band}px`;
    Plotly.relayout(place, { height: height - band, "margin.t": margin.t - band });
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

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const figure = figures.find(({ place }) => place === target);
        if (isIntersecting && !figure.drawn) draw(figure);
      }
    },
    { rootMargin: "1500px" },
  );
  for (const { place } of figures) watcher.observe(place);

  // As outras, uma por vez, quando o navegador não tem o que fazer: quem rola depressa já as acha prontas.
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 100));
  const drawNext = () => {
    const figure = figures.find(({ drawn, place }) => !drawn && place.offsetParent); // dobrada, não tem largura
    if (!figure) return;
    draw(figure);
    whenIdle(drawNext);
  };
  whenIdle(drawNext);

  /** A figura em quase toda a tela; Esc ou o botão a fecham, e o foco volta para onde estava. */
  function enlarge(figure) {
    const dialog = document.createElement("dialog");
    dialog.className = "figura-grande";
    dialog.innerHTML = `<form method="dialog"><button class="ampliar">Fechar (Esc)</button></form><div></div>`;
    dialog.setAttribute("aria-label", figure.place.getAttribute("aria-label"));
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
    const large = { content: { ...contentOf(figure) }, place: dialog.querySelector("div") };
    const { layout } = large.content;
    large.content.layout = { ...layout, height: dialog.clientHeight - 60, width: undefined };
    draw(large);
  }

  for (const figure of figures) {
    const caption = figure.place.parentElement.querySelector("figcaption");
    if (!caption) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ampliar";
    button.textContent = "Ampliar";
    button.addEventListener("click", () => enlarge(figure));
    caption.append(button);
  }

  const redraw = () => {
    for (const figure of figures) if (figure.drawn) draw(figure);
  };
  new MutationObserver(redraw).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
  // No telefone, rolar também é um "resize": só a largura conta.
  let { innerWidth } = window;
  let resizing;
  window.addEventListener("resize", () => {
    if (window.innerWidth === innerWidth) return;
    innerWidth = window.innerWidth;
    clearTimeout(resizing);
    resizing = setTimeout(redraw, 200);
  });

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

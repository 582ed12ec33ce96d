// O índice da página diz quais seções são da trilha curta e quais aprofundam.
for (const mark of document.querySelectorAll(".trilha")) {
  const { id } = mark.closest("section") ?? {};
  for (const link of document.querySelectorAll(`.bd-toc-nav a[href="#${CSS.escape(id)}"]`))
    link.dataset.trilha = mark.textContent;
}

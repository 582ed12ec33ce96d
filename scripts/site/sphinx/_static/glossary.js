// Um termo do glossário mostra a definição embaixo dele: com o ponteiro em cima, com um toque ou com o foco. Esc a fecha.
(() => {
  let word; // o termo cuja definição se mostrou por último
  const noteOf = (word) => document.getElementById(word.getAttribute("aria-describedby"));

  function open({ currentTarget }) {
    word = currentTarget;
    const note = noteOf(word);
    note.togglePopover(true);
    const { left, top, bottom } = word.getClientRects()[0];
    const fits = bottom + 6 + note.offsetHeight <= innerHeight;
    note.style.top = `${scrollY + (fits ? bottom + 6 : top - note.offsetHeight - 6)}px`;
    const right = document.documentElement.clientWidth - note.offsetWidth - 8;
    note.style.left = `${scrollX + Math.max(8, Math.min(left, right))}px`;
  }

  /** Fecha daqui a pouco, a não ser que o ponteiro tenha passado para a definição. */
  function close() {
    setTimeout(() => {
      const wanted = word?.matches(":hover, :focus") || noteOf(word).matches(":hover");
      if (!wanted) noteOf(word).togglePopover(false);
    }, 150);
  }

  for (const word of document.querySelectorAll(".termo")) {
    for (const name of ["pointerenter", "focus", "click"]) word.addEventListener(name, open);
    for (const name of ["pointerleave", "blur"]) word.addEventListener(name, close);
  }
  for (const note of document.querySelectorAll(".termo-nota"))
    note.addEventListener("pointerleave", close);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && word) noteOf(word).togglePopover(false);
  });
})();

// Um botão em cada bloco de código, que copia o texto dele.
for (const block of document.querySelectorAll("div.highlight")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copiar";
  button.textContent = "Copiar";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
    button.textContent = "Copiado";
    setTimeout(() => (button.textContent = "Copiar"), 1500);
  });
  block.append(button);
}

const UNANSWERED =
  /^(<div role="status" data-exercise="unanswered"[^>]*>.*?<br>)<span>.*?<\/span><ul hidden>(.*?)<\/ul>/s;

/** O veredito de um exercício por responder: na página nada se executa, e ficam as dicas. As outras saídas passam como são. */
export function unanswered(output) {
  const html = output.data?.["text/html"];
  if (html === undefined) return output;
  const text = [].concat(html).join("");
  const page = text.replace(UNANSWERED, (_, head, hints) => {
    const where =
      "Responda no caderno, que confere e dá a dica que convém; a solução está logo abaixo.";
    const list = hints && `<details><summary>Dicas</summary><ul>${hints}</ul></details>`;
    return `${head}<span>${where}</span>${list}`;
  });
  return page === text ? output : { ...output, data: { ...output.data, "text/html": page } };
}

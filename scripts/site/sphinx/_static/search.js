// A busca: cada seção do site é um trecho, e cada termo do glossário, que vem antes. Roda inteira na página, também em file://.
(() => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const [input, count, list] = ["texto", "contagem", "resultados"].map((name) =>
    document.getElementById(`busca-${name}`),
  );
  input.value = query;
  input.focus();
  if (!query) return;

  const index = new MiniSearch({
    fields: ["title", "text"],
    storeFields: ["page", "url", "title", "text"],
    processTerm: fold,
    searchOptions: {
      boost: { title: 3 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.15 : false),
      combineWith: "AND",
      boostDocument: (id) => (String(id).startsWith("termo-") ? 2 : 1),
    },
  });
  index.addAll(window.searchPassages);
  const results = index.search(query);
  const found = results.length === 1 ? "1 trecho" : `${results.length || "Nenhum"} trechos`;
  count.textContent = results.length ? `${found} com “${query}”` : `Nenhum trecho com “${query}”`;
  list.append(...results.slice(0, 50).map(item));

  function item({ page, url, title, text, terms }) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = title;
    const where = document.createElement("p");
    where.className = "onde";
    where.textContent = page === title ? "" : page;
    const excerpt = document.createElement("p");
    excerpt.append(...marked(around(text, terms), terms));
    entry.append(link, where, excerpt);
    return entry;
  }

  /** Umas trinta palavras em volta da primeira que foi achada. */
  function around(text, terms) {
    const words = text.split(" ");
    const hit = Math.max(
      0,
      words.findIndex((word) => matches(word, terms)),
    );
    const start = Math.max(0, hit - 10);
    const some = words.slice(start, start + 32).join(" ");
    return `${start > 0 ? "… " : ""}${some}${words.length > start + 32 ? " …" : ""}`;
  }

  function marked(text, terms) {
    return text.split(/(\s+)/).map((word) => {
      if (!matches(word, terms)) return word;
      const mark = document.createElement("mark");
      mark.textContent = word;
      return mark;
    });
  }

  function matches(word, terms) {
    const parts = fold(word).split(/[^\p{L}\p{N}]+/u);
    return terms.some((term) => parts.includes(term));
  }
})();

/** As pastas que o kernel conhece, sempre com barras normais, como o TypeScript as escreve. */
const path = require("node:path");

const slashes = (file) => file.replaceAll("\\", "/");

/** Raiz do repositório. */
const root = slashes(path.resolve(__dirname, ".."));
/** Pasta do caderno: o Jupyter inicia o kernel nela. */
const notebook = slashes(process.cwd());

/**
 * Pastas a partir das quais um import relativo de uma célula é procurado, em ordem: a do caderno,
 * a raiz (`./lib/x`) e `notebooks/` (`../lib/x` vale em qualquer pasta do repositório).
 */
const cellFolders = [...new Set([notebook, root, `${root}/notebooks`])];

/** Verdadeiro para os arquivos do projeto, que podem mudar enquanto o kernel roda. */
const isProjectFile = (file) => file.startsWith(`${root}/`) && !file.includes("/node_modules/");

/** O nome de um arquivo como aparece em mensagens: relativo à raiz quando está nela. */
const displayName = (file) => (file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file);

module.exports = { root, notebook, cellFolders, isProjectFile, displayName, slashes };

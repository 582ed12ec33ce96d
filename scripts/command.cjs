const { readdirSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

/** O que só estes comandos usam; o comum a todos se instala sempre. */
const EXTRAS = { site: ["site"], export: ["site"], test: ["site", "test"] };

/** Instala o que falta, roda scripts/<name>.mjs e passa o resultado adiante como código de saída. */
module.exports = async function runCommand(name, args) {
  const { explain } = await import("./errors.mjs");
  try {
    if (!commands().includes(name)) {
      console.error(
        `✖ Não conheço o comando ${name ?? "(vazio)"}. Existem: ${commands().join(", ")}.`,
      );
      process.exitCode = 1;
      return;
    }
    // Antes de importar o comando, que usa pacotes do npm. O doctor não usa, e não muda nada.
    if (name !== "doctor") {
      const { setup } = await import("./setup/index.mjs");
      await setup({ root: join(__dirname, ".."), extras: EXTRAS[name] });
    }
    const { main } = await import(pathToFileURL(join(__dirname, `${name}.mjs`)));
    process.exitCode = await main(args[0] === "--" ? args.slice(1) : args);
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
};

/** Os comandos do package.json que passam por aqui. */
function commands() {
  const { scripts } = require("../package.json");
  const names = Object.values(scripts).map(
    (line) => /^node scripts\/run\.cjs (\w+)$/.exec(line)?.[1],
  );
  const files = readdirSync(__dirname);
  return names.filter((name) => name && files.includes(`${name}.mjs`));
}

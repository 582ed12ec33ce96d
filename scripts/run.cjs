// Entrada de todos os comandos: node scripts/run.cjs <comando> [argumentos].
// Na sintaxe mais antiga de propósito: um Node velho tem de conseguir ler este arquivo para dizer que é velho.
var MINIMUM = 20;
var found = process.versions.node;

if (parseInt(found, 10) < MINIMUM) {
  console.error("✖ Preciso do Node %s ou mais novo; este é o %s.", MINIMUM, found);
  console.error("  Instale a versão LTS de https://nodejs.org e rode de novo, em outro terminal.");
  process.exitCode = 1;
} else {
  require("./command.cjs")(process.argv[2], process.argv.slice(3));
}

// Entrada de todos os comandos: node scripts/run.cjs <comando> [argumentos].
// Escrito na sintaxe mais antiga de propósito: um Node velho tem de conseguir ler este arquivo para dizer que é velho.
var MINIMUM = 20;
var major = parseInt(process.versions.node, 10);

if (major < MINIMUM) {
  console.error(
    "✖ Este Node é antigo: preciso do " +
      MINIMUM +
      " ou mais novo, achei o " +
      process.versions.node +
      ".",
  );
  console.error(
    "  Instale a versão LTS de https://nodejs.org, abra outro terminal e rode de novo.",
  );
  process.exitCode = 1;
} else {
  require("./command.cjs")(process.argv[2], process.argv.slice(3));
}

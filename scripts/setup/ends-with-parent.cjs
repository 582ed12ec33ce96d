// Carregado antes de um programa Node (--require): ele termina quando a entrada padrão se fecha, isto é, quando quem
// o chamou morre, mesmo de kill -9. Sem isto, um npm órfão escreveria por cima da instalação seguinte.
process.stdin.on("close", () => process.exit(1));
process.stdin.resume().unref();

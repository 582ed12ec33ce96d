/** `npm run setup`: o que todo comando faz antes de começar (command.cjs), e só isso. */
export function main() {
  console.log("Para abrir os cadernos: npm start");
  return 0;
}

import { root } from "./root.mjs";
import { setup } from "./setup/index.mjs";

/** `npm run setup`: instala o que falta e termina; o que `npm start` faz antes de abrir o JupyterLab. */
export async function main() {
  await setup({ root });
  console.log("Para abrir os cadernos: npm start");
  return 0;
}

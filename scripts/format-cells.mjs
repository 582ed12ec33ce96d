/** A largura das células: a que cabe na página sem rolar. */
export const CELL_WIDTH = 80;

/** Uma função que formata o código de uma célula como o Prettier formata a lib, em linhas mais curtas. */
export async function cellFormatter(root) {
  const prettier = await import("prettier");
  const options = {
    ...(await prettier.resolveConfig(`${root}/lib/x.ts`)),
    parser: "typescript",
    printWidth: CELL_WIDTH,
  };
  return async (source) => (await prettier.format(source, options)).trimEnd();
}

/** Uma função que formata o código de uma célula como o Prettier formata a lib; as opções vêm de .prettierrc.json. */
export async function cellFormatter(root) {
  const prettier = await import("prettier");
  const options = await prettier.resolveConfig(`${root}/lib/x.ts`);
  return async (source) =>
    (await prettier.format(source, { ...options, parser: "typescript" })).trimEnd();
}

/** Um erro que quem usa pode resolver: o que houve (message) e o que fazer (next). Sai sem pilha de chamadas. */
export class UserError extends Error {
  constructor(message, next) {
    super(message);
    this.name = "UserError";
    this.next = next;
  }
}

const FULL = /^(ENOSPC|EDQUOT)$/;
const DENIED = /^(EACCES|EPERM|EROFS)$/;

/** Erros do sistema que não são defeito nosso, na forma de UserError; os outros voltam como vieram. */
export function asUserError(error) {
  if (FULL.test(error?.code)) return diskFull();
  if (DENIED.test(error?.code)) return noPermission(error.path);
  return error;
}

export const diskFull = () =>
  new UserError(
    "O disco encheu.",
    "Libere espaço (a instalação inteira ocupa uns 1,5 GB) e rode o mesmo comando: ele continua.",
  );

export const noPermission = (path) =>
  new UserError(
    `Sem permissão para escrever em ${path ?? "uma pasta do projeto"}.`,
    "Ponha a pasta do projeto num lugar seu (a pasta pessoal, por exemplo). Se algum comando já rodou aqui\n" +
      'como administrador (sudo), devolva a pasta a você, sudo chown -R "$USER" . , e não use mais o sudo.',
  );

/** O texto que vai para a tela. A pilha só aparece em defeitos, ou com CADERNO_DEBUG=1. */
export function explain(thrown) {
  const error = asUserError(thrown);
  const stack = `\n${thrown?.stack ?? thrown}`;
  if (!(error instanceof UserError))
    return `✖ Erro inesperado, um defeito nosso. Rode npm run doctor; se continuar, abra uma issue com este texto:${stack}`;
  const next = error.next ? `\n  ${error.next.replaceAll("\n", "\n  ")}` : "";
  return `✖ ${error.message}${next}${process.env.CADERNO_DEBUG ? stack : ""}`;
}

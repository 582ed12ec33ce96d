import { createContext, Script } from "node:vm";

/**
 * Um trecho de JavaScript que roda sozinho: vê o que é da linguagem, `atob` e os textos que recebe, nada mais; cinco segundos no
 * máximo. A mesma função pode rodar muitas vezes, cada uma do zero.
 *
 * @returns o que roda o trecho com aqueles textos como variáveis e devolve o valor da última expressão
 * @throws SyntaxError se o trecho não é JavaScript
 */
export function sandbox(code: string): (texts: Record<string, string>) => unknown {
  const script = new Script(code);
  return (texts) => script.runInContext(createContext({ ...texts, atob }), { timeout: 5000 });
}

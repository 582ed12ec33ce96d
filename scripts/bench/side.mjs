// Um dos lados da comparação: um processo que recebe uma linha por medida e responde com outra, em JSON.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { lastLine } from "../setup/engine-files.mjs";

/**
 * @param {string} name como aparece na tabela
 * @param {{ command: string, args: string[], env: object, cwd: string }} program o programa
 */
export class Side {
  #child;
  #lines;
  #errors = "";

  constructor(name, { command, args, env, cwd }) {
    this.name = name;
    this.#child = spawn(command, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#errors = (this.#errors + text).slice(-20_000);
    });
    this.#child.on("error", (error) => (this.#errors += error.message));
    this.#child.stdin.on("error", () => {}); // se o programa morreu, quem espera a resposta é avisado
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Pede uma medida e espera a resposta. */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name}: o programa terminou: ${lastLine(this.#errors)}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  /** Encerra o programa, e espera que termine. */
  async close() {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    await closed;
    clearTimeout(timer);
  }
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOf, megabytes, pythonChild, run } from "./engine-files.mjs";
import { explainPip } from "./explain.mjs";
import { isolatedEnv } from "./venv.mjs";

/**
 * Um pacote do PyPI, de versão e soma dadas, por `pip download` ou `pip install`; retoma o que a rede interrompe e mostra quanto já veio.
 *
 * @param {{ root: string, python: string, log: object, work: string }} place `work` é a pasta por onde o pip passa
 * @param {string} requirement `nome==versão --hash=sha256:soma`
 * @param {string[]} command `["download", "-d", pasta]`, com o que mais só esse pacote pede
 * @param {{ bytes: number, what: string }} about o tamanho e, para a mensagem de erro, o nome: "o TensorFlow"
 */
export async function fetchPinned({ root, python, log, work }, requirement, command, about) {
  const pinned = join(work, "requirements.txt");
  writeFileSync(pinned, `${requirement}\n`);
  const result = await run(
    python,
    pythonChild(
      ...["pip", ...command, "--no-deps", "--only-binary=:all:", "--require-hashes"],
      ...["--no-cache-dir", "--progress-bar", "off", "--retries", "4", "--resume-retries", "20"],
      ...["--timeout", "20", "--disable-pip-version-check", "--no-input", "-r", pinned],
    ),
    {
      cwd: root,
      env: { ...isolatedEnv(), TMPDIR: work },
      watch: () => {
        const done = Math.min(bytesOf(work), about.bytes);
        log.progress(`  ${Math.round(done / 1e6)} de ${megabytes(about.bytes)}`);
      },
    },
  );
  if (result.code !== 0) throw explainPip(result.output, about.what);
}

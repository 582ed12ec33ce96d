// Os processos de um benchmark: o nosso, em TypeScript, e o dos concorrentes, em Python.
import { join } from "node:path";
import { isolatedEnv } from "../scripts/setup/venv.mjs";

/** bench/<name>.ts, com a lib. */
export const ours = (name) => ({
  name: "caderno",
  program: ({ root, folder }) => ({
    command: process.execPath,
    args: ["--import", "tsx", join(root, "bench", "serve.ts"), name, folder],
    env: process.env,
    cwd: root,
  }),
});

/** bench/<name>.py, com os pacotes de bench/requirements.txt; `env` acrescenta variáveis. */
export const python = (peer, name, env = {}) => ({
  name: peer,
  program: ({ root, folder, python }) => ({
    command: python,
    args: [join(root, "bench", "serve.py"), name, folder],
    env: { ...isolatedEnv(), ...env },
    cwd: root,
  }),
});

/**
 * O mesmo com uma só linha de execução: em uma máquina ocupada, as duas do BLAS esperam uma pela outra e levam várias vezes
 * o tempo de uma, e a comparação só com elas nos favoreceria.
 */
export const oneThread = (peer, name) =>
  python(`${peer}, 1 linha`, name, { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" });

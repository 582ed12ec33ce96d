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

/** bench/<name>.py, com os pacotes de bench/requirements.txt. */
export const python = (peer, name) => ({
  name: peer,
  program: ({ root, folder, python }) => ({
    command: python,
    args: [join(root, "bench", "serve.py"), name, folder],
    env: isolatedEnv(),
    cwd: root,
  }),
});

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { root } from "../../root.mjs";
import { jupyterEnv, venvPython } from "../../setup/jupyter.mjs";

/** Um JupyterLab sobre `folder`, com a configuração do projeto; { url(caminho), stop() }. */
export async function startLab(folder) {
  const port = await freePort();
  const token = "teste";
  const options = [
    `--ServerApp.root_dir=${folder}`,
    `--ServerApp.port=${port}`,
    `--IdentityProvider.token=${token}`,
    "--LabApp.expose_app_in_browser=True",
    "--no-browser",
    "--allow-root",
  ];
  const child = spawn(venvPython(root), ["-m", "jupyterlab", ...options], {
    env: jupyterEnv(root),
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const url = (path) => `http://127.0.0.1:${port}${path}?token=${token}`;
  for (let tries = 0; !(await answers(url("/api"))); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error("o JupyterLab não respondeu");
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const answers = (url) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// Para quem desenvolve: fixa em requirements*.txt as versões que servem do Python 3.9 em diante, em todo sistema.
// Precisa do uv no PATH (pip install uv). Uso: node scripts/lock-requirements.mjs [--upgrade]
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";

// O JupyterLab pede o kernel Python, que aqui não se usa (67 MB): um marcador que nunca vale o tira da conta.
const NEVER = "sys_platform == 'nunca'";
const override = join(tmpdir(), "caderno-override.txt");
writeFileSync(override, `ipykernel ; ${NEVER}\n`);

/** As linhas "pacote==versão ; condição" para um arquivo .in. */
function lock(source, previous) {
  const target = join(root, previous);
  const options = [
    "--universal",
    "--python-version=3.9",
    "--no-header",
    "--no-annotate",
    "--quiet",
  ];
  const result = spawnSync(
    "uv",
    [
      "pip",
      "compile",
      ...options,
      ...process.argv.slice(2),
      "--override",
      override,
      source,
      "-o",
      target,
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (result.status !== 0) throw new Error(result.stderr ?? result.error.message);
  const lines = readFileSync(target, "utf8").split("\n");
  return lines.filter((line) => line && !line.includes(NEVER) && !line.startsWith("-"));
}

// Cada lista só tem o que as anteriores não têm: instalam-se uma depois da outra.
const locked = [];
for (const name of ["requirements", "requirements-test", "requirements-site"]) {
  const lines = lock(`${name}.in`, `${name}.txt`);
  const extra = lines.filter((line) => !locked.includes(line));
  writeFileSync(join(root, `${name}.txt`), extra.join("\n") + "\n");
  locked.push(...extra);
}

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.mjs";
import { run } from "../setup/engine-files.mjs";
import { isolatedEnv, venvPython } from "../setup/venv.mjs";

const configuration = join(dirname(fileURLToPath(import.meta.url)), "sphinx");

/**
 * Roda o Sphinx sobre `files` ({ nome: texto }) e deixa as páginas em `folder`. `work` guarda entre uma vez e outra o que não
 * mudou. `single`: uma página sem navegação, a de nome `rootDoc`.
 */
export async function runSphinx({ root, files, folder, work, url, rootDoc = "index", single }) {
  const source = join(work, "source");
  const doctrees = join(work, "doctrees");
  writeChanged(source, files);
  const options = ["-b", "html", "-q", "-W", "--keep-going", "-c", configuration, "-d", doctrees];
  if (single) options.push("-t", "single");
  const { code, output } = await run(
    venvPython(root),
    ["-m", "sphinx", ...options, source, folder],
    {
      cwd: root,
      env: {
        ...isolatedEnv(),
        SITE_URL: url ?? "",
        ROOT_DOC: rootDoc,
        PYTHONDONTWRITEBYTECODE: "1",
      },
    },
  );
  if (code === 0) return;
  rmSync(doctrees, { recursive: true, force: true }); // um aviso só aparece quando a página é relida
  const complaint = output.replaceAll(join(source, "/"), "").trim();
  throw new UserError(`O Sphinx reclamou de uma página:\n${complaint}`);
}

/** Só grava o que mudou: o Sphinx não relê o resto. */
function writeChanged(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (!(name in files)) rmSync(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
}

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.mjs";
import { run } from "../setup/engine-files.mjs";
import { isolatedEnv, venvPython } from "../setup/venv.mjs";

const configuration = join(dirname(fileURLToPath(import.meta.url)), "sphinx");

/**
 * Roda o Sphinx sobre `files` ({ nome: texto }) e deixa as páginas em `folder`. `work` guarda entre uma vez e outra o que não
 * mudou. `single`: uma página sem navegação, a de nome `rootDoc`. `onWarning` recebe o que o Sphinx estranha; sem ele, é um erro.
 */
export async function runSphinx(options) {
  const { root, files, folder, work, url, rootDoc = "index", single, onWarning } = options;
  const source = join(work, "source");
  const doctrees = join(work, "doctrees");
  writeChanged(source, files);
  const flags = ["-b", "html", "-q", "-c", configuration, "-d", doctrees];
  if (!onWarning) flags.push("-W", "--keep-going");
  if (single) flags.push("-t", "single");
  const { code, output } = await run(venvPython(root), ["-m", "sphinx", ...flags, source, folder], {
    cwd: root,
    env: {
      ...isolatedEnv(),
      SITE_URL: url ?? "",
      ROOT_DOC: rootDoc,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  const complaint = output.replaceAll(join(source, "/"), "").trim();
  if (code === 0) {
    for (const line of complaint.split("\n").filter((line) => /WARNING|ERROR/.test(line)))
      onWarning?.(inPortuguese(line));
    return;
  }
  rmSync(doctrees, { recursive: true, force: true }); // um aviso só aparece quando a página é relida
  throw new UserError(`O Sphinx reclamou de uma página:\n${complaint}`);
}

/** Os avisos que um caderno do leitor costuma causar. */
const WARNINGS = [
  [/image file not readable: (.+?)(?: \[|$)/, (path) => `não achei a imagem ${path}`],
  [/Footnote \[(.+?)\] is not referenced/, (name) => `a nota de rodapé ${name} não é citada no texto`],
  [/No footnotes found for|footnote.*not found|Too many autonumbered/i, () => "há uma citação de nota de rodapé que não existe"],
  [/Non-consecutive header level increase; H(\d) to H(\d)/, (a, b) => `um título de nível ${a} é seguido de um de nível ${b}; falta um no meio`],
  [/Document headings start at H(\d)/, (level) => `o primeiro título é de nível ${level}; comece por um de nível 1, # assim`],
  [/cross-reference target not found: '?(.+?)'?(?: \[|$)/, (target) => `o link para ${target} não leva a nada`],
  [/Document (?:does not have|has no).*title|no title/i, () => "o caderno não tem título"],
  [/duplicate label|Duplicate explicit target name: "(.+?)"/i, (name) => `há dois lugares com o nome ${name ?? "igual"}`],
  [/Pygments lexer name '(.+?)' is not known/, (name) => `não sei colorir código da linguagem ${name}`],
]; // prettier-ignore

function inPortuguese(line) {
  for (const [pattern, text] of WARNINGS) {
    const found = pattern.exec(line);
    if (found) return text(...found.slice(1));
  }
  return `o Sphinx avisa: ${line.replace(/^.*?(?:WARNING|ERROR): /, "")}`;
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

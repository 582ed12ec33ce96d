// O que o JupyterLab precisa saber do projeto: onde guardar as coisas, o kernel e os ajustes de quem lê.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readJson, writeJson } from "./stamp.mjs";
import { isolatedEnv, sitePackages, venvPython } from "./venv.mjs";

export { venvPython };

export const KERNEL = "caderno-typescript";

/** Variáveis com que todo programa do Jupyter roda: nada é lido nem escrito na pasta pessoal. */
export function jupyterEnv(root) {
  const own = (name) => join(root, ".jupyter", name);
  return {
    ...isolatedEnv(),
    JUPYTER_CONFIG_DIR: own("config"),
    JUPYTER_DATA_DIR: own("data"),
    JUPYTER_RUNTIME_DIR: own("runtime"),
    JUPYTERLAB_SETTINGS_DIR: own("settings"),
    JUPYTERLAB_WORKSPACES_DIR: own("workspaces"),
    IPYTHONDIR: own("ipython"),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_PATH: undefined,
    JUPYTER_CONFIG_PATH: undefined,
    JUPYTERLAB_DIR: undefined,
  };
}

const kernelspec = (root) => ({
  // A primeira opção deixa a parada (■) cortar uma função que um timer chamou sem derrubar o Node; a segunda dá espaço ao lixo
  // que o compilador faz a cada célula.
  argv: [
    process.execPath,
    "--no-force-async-hooks-checks",
    "--max-semi-space-size=32",
    join(root, "kernel", "main.cjs"),
    "{connection_file}",
  ],
  display_name: "TypeScript",
  language: "typescript",
  interrupt_mode: "message",
  env: { TF_CPP_MIN_LOG_LEVEL: "2" },
  metadata: { debugger: false },
});

/** Só o kernel TypeScript na lista, só esta máquina pode entrar, Ctrl+C encerra sem perguntar. */
const serverConfig = {
  ServerApp: { ip: "127.0.0.1", answer_yes: true, log_level: "WARN" },
  LabApp: { log_level: "WARN" },
  MappingKernelManager: { default_kernel_name: KERNEL },
  KernelSpecManager: { allowed_kernelspecs: [KERNEL], ensure_native_kernel: false },
};

const PLOTLY = "application/vnd.plotly.v1+json";

/** File → Save and Export → HTML, e o comando nbconvert: um modelo nosso, com as figuras e as fórmulas dentro do arquivo. */
const exportConfig = (root) => ({
  HTMLExporter: {
    template_name: "caderno",
    extra_template_basedirs: [join(root, "scripts", "site", "nbconvert")],
    extra_template_paths: [
      join(sitePackages(root), "plotly", "package_data"),
      join(root, "node_modules", "katex", "dist"),
      join(root, "scripts", "site", "sphinx", "_static"),
    ],
  },
  SlidesExporter: { template_name: "reveal" },
  WidgetsDataTypeFilter: {
    display_data_priority: [PLOTLY, "text/html", "image/svg+xml", "image/png", "image/jpeg"].concat(
      ["text/markdown", "text/latex", "text/plain"],
    ),
  },
});

/** Ajustes iniciais do JupyterLab; o que o leitor muda fica em .jupyter/settings e vale mais. */
const labOverrides = {
  "@jupyterlab/translation-extension:plugin": { locale: "pt_BR" },
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  // Fechar o caderno encerra o kernel dele: cada um ocupa centenas de megabytes.
  "@jupyterlab/notebook-extension:tracker": { kernelShutdown: true },
};

const filesOf = (root) => {
  const shared = (...names) => join(root, ".venv", ...names);
  return [
    [shared("share", "jupyter", "kernels", KERNEL, "kernel.json"), kernelspec(root)],
    [shared("share", "jupyter", "lab", "settings", "overrides.json"), labOverrides],
    [
      shared("etc", "jupyter", "jupyter_server_config.json"),
      { ...serverConfig, ...exportConfig(root) },
    ],
    [shared("etc", "jupyter", "jupyter_nbconvert_config.json"), exportConfig(root)],
  ];
};

/** Os arquivos estão como devem? Mudam quando a pasta do projeto ou o Node mudam de lugar. */
export const jupyterFilesReady = (root) =>
  filesOf(root).every(([file, content]) => isDeepStrictEqual(readJson(file), content));

export function writeJupyterFiles(root) {
  for (const [file, content] of filesOf(root)) writeJson(file, content);
}

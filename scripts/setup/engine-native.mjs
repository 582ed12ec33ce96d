// Segunda maneira: compilar a ligação, que vem em C++ no @tensorflow/tfjs-node, contra a biblioteca
// C do TensorFlow que está no pacote do PyPI. Desse pacote ficam só duas bibliotecas e os cabeçalhos.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { diskFull } from "../errors.mjs";
import {
  bindingFile,
  engineFolder,
  lastLine,
  megabytes,
  platform,
  pythonChild,
  removeFolder,
  requireDisk,
  run,
  tfjsNode,
  workFolder,
} from "./engine-files.mjs";
import { fetchPinned } from "./pip.mjs";
import { fetchZig, hasZig } from "./zig.mjs";

const EXTRACT = join(dirname(fileURLToPath(import.meta.url)), "extract_wheel.py");

export const TENSORFLOW = "2.16.2";

/** O pacote de cada plataforma, com a soma que o pip confere. Não há outro com a biblioteca C. */
export const WHEELS = {
  "linux-x64": {
    name: "tensorflow-cpu",
    tag: "manylinux_2_17_x86_64",
    bytes: 214055683,
    sha256: "c855cb6bf05d32dd5928086b03a5f6b4189b63c22b95e017703cbee4291023ca",
  },
  "linux-arm64": {
    name: "tensorflow",
    tag: "manylinux_2_17_aarch64",
    bytes: 218904025,
    sha256: "8728b12bc86941d90d0a927c40d4b21f8820964a80439a7c45f850eb37d57067",
  },
  "darwin-arm64": {
    name: "tensorflow",
    tag: "macosx_12_0_arm64",
    bytes: 227025342,
    sha256: "2c8a0e79395639b762e62002db99b2f6cc608f744312c9940899c1128f325331",
  },
  "darwin-x64": {
    name: "tensorflow",
    tag: "macosx_10_15_x86_64",
    bytes: 259588062,
    sha256: "ec06570d57bfa0e2be804405e3cdc2960e94887e7619ffb6bc053e9775b695aa",
  },
};

const LIBRARY_BYTES = 750e6; // as duas bibliotecas, na maior das plataformas

/** As duas bibliotecas, os cabeçalhos e uma cópia da ligação já compilada. */
export const libraryFolder = (root) =>
  join(engineFolder(root), `tensorflow-${TENSORFLOW}-${platform}`);

/** A instalação por esta maneira já começou numa vez anterior? */
export const nativeStarted = (root) => existsSync(libraryFolder(root)) || findWheel(root) !== null;

const savedBinding = (root) => join(libraryFolder(root), "tfjs_binding.node");

const wheelFolder = (root) => join(engineFolder(root), "wheel");

function findWheel(root) {
  const folder = wheelFolder(root);
  const name = existsSync(folder) && readdirSync(folder).find((file) => file.endsWith(".whl"));
  return name ? join(folder, name) : null;
}

/** O compilador C++ da máquina, ou `null`. */
export function findCompiler(path = process.env.PATH ?? "") {
  // No macOS, /usr/bin/clang++ existe sem as ferramentas e abriria uma janela.
  if (process.platform === "darwin" && spawnSync("xcode-select", ["-p"]).status !== 0) return null;
  const folders = path.split(delimiter).filter(Boolean);
  for (const name of ["g++", "clang++", "c++"]) {
    const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
    if (found) return found;
  }
  return null;
}

export async function installNative({ root, python, log }) {
  const wheel = WHEELS[platform];
  if (!wheel) throw new Error(`não há biblioteca do TensorFlow no PyPI para ${platform}`);
  if (process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime) {
    throw new Error("a biblioteca do TensorFlow precisa da glibc, que este Linux não usa");
  }
  const found = findCompiler();
  if (!existsSync(savedBinding(root)) && !found && !hasZig()) throw new Error(compilerHint());

  const work = workFolder(engineFolder(root));
  try {
    if (!existsSync(libraryFolder(root))) {
      await download(wheel, { root, python, log, work });
      await extract({ root, python, log, work });
    }
    removeFolder(wheelFolder(root));
    if (!existsSync(savedBinding(root))) {
      const compiler = found
        ? { command: found, first: [], env: {}, seconds: 10 }
        : await fetchZig({ root, python, log, work });
      await compile(compiler, { root, log, work });
    }
    placeBinding(root, work);
  } finally {
    removeFolder(work);
  }
}

function compilerHint() {
  const install =
    process.platform === "darwin"
      ? "xcode-select --install"
      : "sudo apt install g++ (ou o de sua distribuição)";
  return `não achei um compilador C++ (g++ ou clang++); para instalar: ${install}`;
}

async function download(wheel, { root, python, log, work }) {
  if (findWheel(root)) return;
  requireDisk(root, wheel.bytes + LIBRARY_BYTES);
  log(`  baixando ${wheel.name} ${TENSORFLOW} do PyPI (${megabytes(wheel.bytes)})`);
  const target = join(work, "wheel");
  await fetchPinned(
    { root, python, log, work },
    `${wheel.name}==${TENSORFLOW} --hash=sha256:${wheel.sha256}`,
    ["download", "--python-version", "3.11", "--platform", wheel.tag, "-d", target],
    { bytes: wheel.bytes, what: "o TensorFlow" },
  );
  renameSync(target, wheelFolder(root)); // só um pacote inteiro e conferido chega aqui
}

const WANTED = [
  "tensorflow/libtensorflow_cc.",
  "tensorflow/libtensorflow_framework.",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/ctstring",
  "tensorflow/include/tsl/c/",
  "tensorflow/include/tsl/platform/ctstring",
];

async function extract({ root, python, log, work }) {
  log("  extraindo a biblioteca");
  requireDisk(root, LIBRARY_BYTES);
  const target = join(work, "extracted");
  const wheel = findWheel(root);
  const result = await run(python, pythonChild(EXTRACT, wheel, target, ...WANTED), { cwd: root });
  if (result.code !== 0) {
    if (/No space left on device/.test(result.output)) throw diskFull();
    removeFolder(wheelFolder(root)); // pode estar estragado: a próxima vez baixa de novo
    throw new Error(`o pacote do TensorFlow não abriu: ${lastLine(result.output)}`);
  }
  renameSync(join(target, "tensorflow"), libraryFolder(root));
}

/** Argumentos do compilador: cabeçalhos do npm, bibliotecas achadas a partir da própria ligação. */
export function compilerArguments({ root, output, system = process.platform }) {
  const source = tfjsNode(root);
  const library = libraryFolder(root);
  const [suffix, origin, kind] =
    system === "darwin"
      ? ["2.dylib", "@loader_path", ["-bundle", "-undefined", "dynamic_lookup"]]
      : ["so.2", "$ORIGIN", ["-shared", "-fPIC"]];
  return [
    ...["-std=c++17", "-O2", ...kind, "-DNAPI_VERSION=8"],
    ...["-I", join(root, "node_modules", "node-api-headers", "include")],
    ...["-I", source, "-I", join(library, "include")],
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(source, "binding", file)),
    ...["cc", "framework"].map((name) => join(library, `libtensorflow_${name}.${suffix}`)),
    ...["-Xlinker", "-rpath", "-Xlinker"],
    `${origin}/${relative(dirname(bindingFile(root)), library)}`,
    ...["-o", output],
  ];
}

async function compile({ command, first, env, seconds }, { root, log, work }) {
  log(`  compilando a ligação com o Node (uns ${seconds} s)`);
  const output = join(work, "tfjs_binding.node");
  const result = await run(command, [...first, ...compilerArguments({ root, output })], {
    cwd: work,
    env: { TMPDIR: work, LC_ALL: "C", ...env },
  });
  if (result.code !== 0) {
    const line = result.output.split("\n").find((text) => /error/i.test(text));
    throw new Error(`o compilador ${command} falhou: ${line ?? lastLine(result.output)}`);
  }
  renameSync(output, savedBinding(root));
}

/** A ligação guardada vai para onde o tfjs-node a procura. */
function placeBinding(root, work) {
  const copy = join(work, "copy.node");
  copyFileSync(savedBinding(root), copy);
  mkdirSync(dirname(bindingFile(root)), { recursive: true });
  renameSync(copy, bindingFile(root));
}

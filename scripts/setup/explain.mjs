// O que o npm e o pip dizem, em português e com o próximo passo.
import { diskFull, noPermission, UserError } from "../errors.mjs";
import { lastLine } from "./engine-files.mjs";

const NPM_NETWORK =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|UNABLE_TO_\w+|CERT_\w+|SELF_SIGNED_CERT\w*)$/;
const PIP_NETWORK =
  /NewConnectionError|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|SSLError|NameResolution|ConnectionReset|Connection refused|IncompleteRead|ProtocolError/;

export const noNetwork = (what) =>
  new UserError(
    `Sem rede até ${what}.`,
    "Confira a internet (e o proxy, se houver) e rode o mesmo comando: o que já foi instalado não se repete.",
  );

/** O erro do `npm ci`. */
export function explainNpm(output) {
  const [, code] = /^npm (?:error|ERR!) code (\w+)/m.exec(output) ?? [];
  if (/^(ENOSPC|EDQUOT)$/.test(code) || /\bENOSPC\b/.test(output)) return diskFull();
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) return noPermission(npmPath(output));
  if (NPM_NETWORK.test(code)) return noNetwork("o registro do npm");
  if (code === "EINTEGRITY")
    return new UserError(
      "Um pacote do npm chegou diferente do esperado (a soma de verificação não confere).",
      "Rode npm cache clean --force e depois o mesmo comando.",
    );
  return new UserError(
    `O npm não instalou os pacotes: ${npmLine(output)}`,
    "Rode o mesmo comando outra vez; se continuar, atualize o Node (https://nodejs.org), que traz o npm.",
  );
}

const npmPath = (output) => /^npm (?:error|ERR!) path (.+)$/m.exec(output)?.[1];

const npmLine = (output) =>
  /^npm (?:error|ERR!) (?!code|A complete log)(.+)$/m.exec(output)?.[1] ?? lastLine(output);

/** O erro do `pip`. `what` é o que se instalava: "o JupyterLab". */
export function explainPip(output, what) {
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull();
  const denied = /(?:Permission denied|Read-only file system): '([^']+)'/.exec(output);
  if (denied) return noPermission(denied[1]);
  if (/DO NOT MATCH THE HASHES/.test(output))
    return new UserError(
      "O arquivo baixado não confere com a soma sha256.",
      "Rode o mesmo comando outra vez.",
    );
  if (/No module named pip/.test(output))
    return new UserError(
      "Este Python não tem o pip.",
      "Apague a pasta .venv e rode o mesmo comando.",
    );
  if (PIP_NETWORK.test(output)) return noNetwork("o PyPI");
  return new UserError(
    `O pip não instalou ${what}: ${pipLine(output)}`,
    "Rode o mesmo comando outra vez; se continuar, tente com outro Python: PYTHON=/caminho/do/python npm start.",
  );
}

const pipLine = (output) => /^ERROR: (.+)$/m.exec(output)?.[1] ?? lastLine(output);

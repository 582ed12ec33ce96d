import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../errors.mjs";
import { explainNpm, explainPip } from "./explain.mjs";

const npm = (code, rest = "") =>
  `npm error code ${code}\nnpm error syscall open\n${rest}npm error A complete log…`;

for (const [name, output, message] of [
  ["nome não encontrado", npm("ENOTFOUND"), /Sem rede até o registro do npm/],
  ["DNS que não responde", npm("EAI_AGAIN"), /Sem rede/],
  ["conexão recusada", npm("ECONNREFUSED"), /Sem rede/],
  ["conexão que cai", npm("ECONNRESET"), /Sem rede/],
  ["certificado de um proxy", npm("SELF_SIGNED_CERT_IN_CHAIN"), /Sem rede/],
  ["npm antigo", "npm ERR! code ETIMEDOUT", /Sem rede/],
  ["disco cheio", npm("ENOSPC"), /disco encheu/],
  [
    "sem permissão",
    npm("EACCES", "npm error path /dados/caderno\n"),
    /escrever em \/dados\/caderno\.$/,
  ],
  ["pacote adulterado", npm("EINTEGRITY"), /soma de verificação/],
  [
    "outro erro",
    "npm error code EUSAGE\nnpm error package.json não bate\n",
    /O npm não instalou os pacotes: package\.json não bate/,
  ],
  // Tentativas que falharam e depois deram certo não são o erro.
  [
    "rede que voltou",
    `npm http fetch GET x attempt 1 failed with ECONNRESET\n${npm("EINTEGRITY")}`,
    /soma de verificação/,
  ],
])
  test(`npm: ${name}`, () => {
    const error = explainNpm(output);
    assert.ok(error instanceof UserError);
    assert.match(error.message, message);
    assert.ok(error.next);
  });

for (const [name, output, message] of [
  [
    "sem rede",
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'\nERROR: No matching distribution found for x",
    /Sem rede até o PyPI/,
  ],
  [
    "download que para",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.",
    /Sem rede até o PyPI/,
  ],
  [
    "download incompleto",
    "ERROR: Download failed because not enough bytes were received\nIncompleteRead",
    /Sem rede/,
  ],
  [
    "disco cheio",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    /disco encheu/,
  ],
  ["sem permissão", "ERROR: [Errno 13] Permission denied: '/dados/x'", /escrever em \/dados\/x/],
  ["arquivo adulterado", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", /sha256/],
  ["sem pip", "/usr/bin/python3: No module named pip", /não tem o pip/],
  [
    "outro erro",
    "muita conversa\nERROR: Could not build wheels\n  fim",
    /O pip não instalou o JupyterLab: Could not build wheels/,
  ],
])
  test(`pip: ${name}`, () => {
    const error = explainPip(output, "o JupyterLab");
    assert.ok(error instanceof UserError);
    assert.match(error.message, message);
    assert.ok(error.next);
  });

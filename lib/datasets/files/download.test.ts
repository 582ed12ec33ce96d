import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"; // prettier-ignore
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { seeded } from "../../random";
import { download } from "./download";

const folder = mkdtempSync(join(tmpdir(), "download-"));
const source = seeded("download");
const content = Buffer.from(Array.from({ length: 200_000 }, () => Math.floor(256 * source())));
const sha256 = createHash("sha256").update(content).digest("hex");

/** O que pediram: caminho e Range. */
let requests: string[] = [];
let drops = 0;

const send = (response: ServerResponse, bytes: Buffer, status = 200, headers = {}) =>
  response.writeHead(status, { "Content-Length": bytes.length, ...headers }).end(bytes);

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/bom": (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from === 0) return void send(response, content);
    const range = { "Content-Range": `bytes ${from}-${content.length - 1}/${content.length}` };
    send(response, content.subarray(from), 206, range);
  },
  "/sem-range": (_, response) => void send(response, content),
  "/alterado": (_, response) => {
    const bytes = Buffer.from(content);
    bytes[1000] ^= 1;
    send(response, bytes);
  },
  "/curto": (_, response) => void send(response, content.subarray(0, 5000)),
  "/longo": (_, response) => void send(response, Buffer.concat([content, Buffer.alloc(10)])),
  "/404": (_, response) => void send(response, Buffer.from("não há"), 404),
  "/500": (_, response) => void send(response, Buffer.from("erro"), 500),
  "/416": (request, response) => {
    if (request.headers.range) send(response, Buffer.alloc(0), 416);
    else send(response, content);
  },
  "/vai": (_, response) => void response.writeHead(302, { Location: "/bom" }).end(),
  // Cai duas vezes no meio, e da terceira continua.
  "/cai": (request, response) => {
    if (drops++ >= 2) return routes["/bom"](request, response);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const status = from > 0 ? 206 : 200;
    response.writeHead(status, {
      "Content-Length": content.length - from,
      ...(from > 0 && { "Content-Range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    response.write(content.subarray(from, from + 60_000), () => setTimeout(() => response.destroy(), 50)); // prettier-ignore
  },
  // Manda um pedaço e para, sem fechar.
  "/parado": (_, response) => {
    response.writeHead(200, { "Content-Length": content.length });
    response.write(content.subarray(0, 3000));
  },
  "/mudo": () => {},
  // Devagar, mas sem parar mais do que o limite.
  "/lento": (_, response) => {
    response.writeHead(200, { "Content-Length": content.length });
    let at = 0;
    const timer = setInterval(() => {
      response.write(content.subarray(at, (at += 40_000)));
      if (at >= content.length) {
        clearInterval(timer);
        response.end();
      }
    }, 100);
  },
  "/gzip": (request, response) => {
    if (request.headers["accept-encoding"] === "identity") return void send(response, content);
    send(response, gzipSync(content), 200, { "Content-Encoding": "gzip" });
  },
};
const server = createServer((request, response) => {
  requests.push(`${request.url} ${request.headers.range ?? ""}`.trim());
  routes[request.url ?? ""](request, response);
});
let origin = "";
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
/** Um arquivo novo, que vem dessas rotas, com um limite curto para conexões paradas. */
function remote(...paths: string[]) {
  requests = [];
  const name = `a/b${++files}.bin`;
  const urls = paths.map((path) => (path.startsWith("http") ? path : origin + path));
  const path = join(folder, name);
  const get = () => download({ name, urls, sha256, bytes: content.length }, { folder, stall: 1.5 }); // prettier-ignore
  const put = (bytes: Buffer, suffix = "") => {
    mkdirSync(join(folder, "a"), { recursive: true });
    writeFileSync(path + suffix, bytes);
  };
  const arrived = async () => {
    assert.equal(await get(), path);
    assert.ok(readFileSync(path).equals(content));
    assert.ok(!existsSync(`${path}.part`));
  };
  return { path, get, put, arrived };
}

for (const route of ["/bom", "/sem-range", "/vai", "/lento", "/gzip"])
  test(`download: ${route} chega inteiro, e a segunda vez não pede nada`, async () => {
    const { arrived } = remote(route);
    await arrived();
    requests = [];
    await arrived();
    assert.deepEqual(requests, []);
  });

test("um .part continua de onde parou; sem Range no servidor, ou com 416, recomeça", async () => {
  for (const [route, expected] of [
    ["/bom", ["/bom bytes=70000-"]],
    ["/sem-range", ["/sem-range bytes=70000-"]],
    ["/416", ["/416 bytes=70000-", "/bom"]],
  ] as const) {
    const { put, arrived } = remote(route, "/bom");
    put(content.subarray(0, 70_000), ".part");
    await arrived();
    assert.deepEqual(requests, expected);
  }
});

test("um .part completo não pede nada; um errado ou grande demais recomeça uma vez", async () => {
  const whole = remote("/bom");
  whole.put(content, ".part");
  await whole.arrived();
  assert.deepEqual(requests, []);
  const wrong = remote("/bom");
  wrong.put(Buffer.alloc(70_000), ".part");
  await wrong.arrived();
  assert.deepEqual(requests, ["/bom bytes=70000-", "/bom"]);
  const big = remote("/bom");
  big.put(Buffer.alloc(300_000), ".part");
  await big.arrived();
  assert.deepEqual(requests, ["/bom"]);
});

test("uma conexão que cai no meio continua do ponto em que caiu", async () => {
  drops = 0;
  const { arrived } = remote("/cai");
  await arrived();
  assert.equal(requests.length, 3);
  assert.match(requests[2], /^\/cai bytes=\d+-$/);
});

for (const [route, reason] of [
  ["/404", /\/404: o servidor respondeu 404/],
  ["/500", /\/500: o servidor respondeu 500/],
  ["/alterado", /\/alterado: o conteúdo não confere \(sha256 [0-9a-f]{64}\)/],
  ["/curto", /\/curto: veio truncado: 5\.000 de 200\.000 bytes/],
  ["/longo", /\/longo: veio mais do que 200\.000 bytes/],
  ["/parado", /\/parado: 1,5 s sem receber nada/],
  ["/mudo", /\/mudo: 1,5 s sem receber nada/],
  ["http://127.0.0.1:1/x", /127\.0\.0\.1:1\/x: /],
] as const)
  test(`${route} não serve: o erro diz por quê e o que fazer, e o próximo endereço serve`, async () => {
    const alone = remote(route);
    await assert.rejects(alone.get(), (error: Error) => {
      assert.match(error.message, reason);
      assert.match(
        error.message,
        /Sem internet\? Baixe-o em outro computador.*ponha-o em .*sha256/,
      );
      assert.ok(error.message.includes(alone.path));
      return true;
    });
    assert.ok(!existsSync(alone.path));
    await remote(route, "/bom").arrived();
  });

test("o que está no lugar e não confere não se perde nem se usa", async () => {
  const { path, put, arrived } = remote("/bom");
  put(Buffer.from("outra coisa"));
  await arrived();
  assert.equal(readFileSync(`${path}.recusado`, "utf8"), "outra coisa");
});

test("posto à mão, serve sem rede", async () => {
  const { put, arrived } = remote("http://127.0.0.1:1/x");
  put(content);
  await arrived();
});

test("■ encerra o download, guarda o que veio e não deixa ouvinte", async () => {
  const listeners = process.listenerCount("SIGINT");
  const { path, get, arrived } = remote("/lento", "/bom");
  const running = get();
  const part = `${path}.part`;
  const interrupt = setInterval(() => {
    if (!existsSync(part) || statSync(part).size === 0) return;
    clearInterval(interrupt);
    process.kill(process.pid, "SIGINT");
  }, 20);
  await assert.rejects(running, { name: "Interrompido", message: /o que já veio se aproveita/ });
  const got = statSync(part).size;
  assert.ok(got > 0 && got < content.length, `${got}`);
  assert.deepEqual(requests, ["/lento"]);
  assert.equal(process.listenerCount("SIGINT"), listeners);
  await arrived();
});

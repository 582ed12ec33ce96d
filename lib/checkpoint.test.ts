import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint";
import { batches } from "./datasets/batches";
import { adam } from "./optimizers";
import { seeded } from "./random";
import { tf } from "./tensor";
import { compile } from "./tensor/compile";
import { fit, trainingRun, type Callback } from "./training";

const child = process.env.CHECKPOINT_CHILD;
const folder = child ?? mkdtempSync(join(tmpdir(), "checkpoints-"));
if (!child) after(() => rmSync(folder, { recursive: true, force: true }));

/** Uma rede pequena, com a perda compilada, fonte no passo e uma variável de cada tipo. */
function network(units = 40) {
  const source = seeded("pesos");
  const draw = (shape: number[]) => tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => source() - 0.5), shape); // prettier-ignore
  const w = tf.variable(draw([8, units]));
  const v = tf.variable(draw([units, 1]));
  const count = tf.variable(tf.scalar(0, "int32"), false);
  const optimizer = adam({ learningRate: 0.01 });
  const noise = seeded("ruído");
  const run = trainingRun({
    variables: [w, v, count],
    optimizers: [optimizer],
    sources: { noise },
  });
  const x = draw([200, 8]) as tf.Tensor2D;
  const loss = compile((x: tf.Tensor2D, target: tf.Tensor) => tf.mean(tf.square(tf.sub(tf.matMul(tf.tanh(tf.matMul(x, w as tf.Tensor2D)), v as tf.Tensor2D), target))) as tf.Scalar, [w, v]); // prettier-ignore
  const train = (epochs: number, callbacks: Callback[] = []) =>
    fit(run, {
      epochs,
      callbacks,
      batches: (epoch) => batches(x, 16, seeded(`lotes/${epoch}`)),
      step: (x) => {
        count.assign(tf.add(count, tf.scalar(1, "int32")));
        const target = tf.scalar(noise());
        return { perda: optimizer.minimize(() => loss(x, target), [w, v]) };
      },
      onEpochEnd: (epoch) => ({ época: epoch, vazio: NaN }),
    });
  const bytes = () => Buffer.concat([w, v, count].map((variable) => Buffer.from(variable.dataSync().slice().buffer))); // prettier-ignore
  return { run, train, bytes };
}

const epochs = 7; // de 13 passos

if (child) {
  // Com CHECKPOINT_DEATH, ele mesmo se mata no meio da gravação do passo 46: com metade escrita, antes do fsync ou do rename.
  const death = process.env.CHECKPOINT_DEATH as "writeSync" | "fsyncSync" | "renameSync" | "";
  if (death) {
    const fs = require("node:fs") as Record<string, (...values: unknown[]) => unknown>;
    const own = fs[death];
    fs[death] = (...values) => {
      const small = values[1] instanceof Uint8Array && values[1].length < 100;
      if (model.run.progress.step < 46 || small) return own(...values);
      if (death === "writeSync") own(values[0], (values[1] as Uint8Array).subarray(0, 50));
      process.kill(process.pid, "SIGKILL");
    };
  }
  // O processo que será morto: treina, gravando a cada 2 passos, e diz a cada passo onde está.
  const model = network(20_000);
  const say = { onStepEnd: () => void process.stdout.write(`${model.run.progress.step}\n`) };
  loadCheckpoint(model.run, "morto", folder);
  model.train(epochs, [say, checkpoint("morto", { everySteps: 2, folder })]).then(() => {
    writeFileSync(join(folder, "pesos"), model.bytes());
    writeFileSync(join(folder, "historico"), JSON.stringify(model.run.history));
    process.exit();
  });
} else {
  /** Roda o filho; mata-o `delay` milissegundos depois do passo `killAt`. Diz em que passo começou e se acabou. */
  const runChild = (killAt: number, delay: number, death = "") =>
    new Promise<{ first: number; last: number; finished: boolean }>((resolve) => {
      const script = spawn(process.execPath, ["--import", "tsx", __filename], {
        env: {
          ...process.env,
          CHECKPOINT_CHILD: folder,
          CHECKPOINT_DEATH: death,
          NODE_TEST_CONTEXT: undefined,
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let [first, last, killed] = [0, 0, false];
      script.stdout.setEncoding("utf8").on("data", (text: string) => {
        const steps = text.trim().split("\n").map(Number);
        first ||= steps[0];
        last = steps[steps.length - 1];
        if (last < killAt || killed) return;
        killed = true;
        setTimeout(() => script.kill("SIGKILL"), delay);
      });
      script.on("close", (code) => resolve({ first, last, finished: code === 0 }));
    });

  test("morto com kill -9 várias vezes, também enquanto grava, o treino acaba com os mesmos bytes", async () => {
    const whole = network(20_000);
    await whole.train(epochs);
    let interruptedWrites = 0;
    const starts: string[] = [];
    const lives: [killAt: number, delay: number, death?: string][] = [
      [1, 0],
      [9, 3],
      [Infinity, 0, "writeSync"],
      [Infinity, 0, "fsyncSync"],
      [Infinity, 0, "renameSync"],
      [70, 2],
      [Infinity, 0],
    ];
    for (const [killAt, delay, death] of lives) {
      const { first, last, finished } = await runChild(killAt, delay, death);
      starts.push(`${first}–${last}`);
      if (killAt === Infinity)
        assert.equal(finished, !death, `a última vida acabou no passo ${last}`);
      if (existsSync(join(folder, "morto.ckpt.part"))) interruptedWrites++;
    }
    assert.ok(interruptedWrites >= 3, `${interruptedWrites}`);
    console.log(`passos de cada vida: ${starts.join(", ")}; mortes durante uma gravação: ${interruptedWrites}`); // prettier-ignore
    assert.ok(readFileSync(join(folder, "pesos")).equals(whole.bytes()));
    assert.equal(
      readFileSync(join(folder, "historico"), "utf8"),
      JSON.stringify(whole.run.history),
    );
  });

  test("um .part deixado pela metade não conta: vale o checkpoint anterior", async () => {
    const model = network();
    await model.train(1);
    saveCheckpoint(model.run, "parcial", folder);
    const path = join(folder, "parcial.ckpt");
    writeFileSync(`${path}.part`, readFileSync(path).subarray(0, 500));
    const other = network();
    assert.equal(loadCheckpoint(other.run, "parcial", folder), true);
    assert.ok(other.bytes().equals(model.bytes()));
    assert.deepEqual(other.run.history, model.run.history); // também o NaN
  });

  test("continuar de qualquer passo de uma época dá os mesmos bytes, e a fonte a mesma sequência", async () => {
    const whole = network();
    await whole.train(3);
    const copies: number[] = [];
    const keep: Callback = {
      onStepEnd: ({ step }, run) => {
        if (step % 5 !== 0) return;
        saveCheckpoint(run, `passo-${step}`, folder);
        copies.push(step);
      },
    };
    await network().train(3, [keep]);
    assert.equal(copies.length, 8);
    for (const step of copies) {
      const model = network();
      loadCheckpoint(model.run, `passo-${step}`, folder);
      assert.equal(model.run.progress.step, step + 1);
      await model.train(3);
      assert.ok(model.bytes().equals(whole.bytes()), `do passo ${step}`);
      assert.deepEqual(model.run.history, whole.run.history);
      assert.equal(model.run.sources.noise(), seeded39());
    }
    function seeded39() {
      const source = seeded("ruído");
      for (let i = 0; i < 39; i++) source();
      return source();
    }
  });

  test("arquivo truncado, alterado, de outra coisa ou de outro modelo: erro claro, e nada muda", async () => {
    const model = network();
    await model.train(1);
    saveCheckpoint(model.run, "bom", folder);
    const good = join(folder, "bom.ckpt");
    const size = readFileSync(good).length;
    const variant = (name: string, change: (path: string) => void) => {
      copyFileSync(good, join(folder, `${name}.ckpt`));
      change(join(folder, `${name}.ckpt`));
      return name;
    };
    const flip = (at: number) => (path: string) => {
      const bytes = readFileSync(path);
      bytes[at] ^= 1;
      writeFileSync(path, bytes);
    };
    const cases: [string, RegExp][] = [
      ...[0, 10, 51, 52, 400, size - 1].map((length): [string, RegExp] => [variant(`t${length}`, (path) => truncateSync(path, length)), /truncado/]), // prettier-ignore
      ...[20, 300, size - 40, size - 1].map((at): [string, RegExp] => [variant(`f${at}`, flip(at)), /foi alterado \(o sha256/]), // prettier-ignore
      [variant("mais", (path) => appendFileSync(path, "x")), /foi alterado/],
      [variant("outro", (path) => writeFileSync(path, "a".repeat(500))), /não é um checkpoint/],
    ];
    for (const [name, message] of cases) {
      const other = network();
      await other.train(1);
      const before = other.bytes();
      const content = readFileSync(join(folder, `${name}.ckpt`));
      assert.throws(() => loadCheckpoint(other.run, name, folder), message);
      assert.throws(() => loadCheckpoint(other.run, name, folder), /O treino ficou como estava/);
      assert.ok(other.bytes().equals(before), name);
      assert.ok(readFileSync(join(folder, `${name}.ckpt`)).equals(content), name);
    }
    const wider = network(41);
    assert.throws(() => loadCheckpoint(wider.run, "bom", folder), /outro modelo: variável 0: esperava .*\[8,41\].*recebi .*\[8,40\]/); // prettier-ignore
    const { variables, optimizers, sources } = network().run;
    const load = (parts: Parameters<typeof trainingRun>[0]) => () =>
      loadCheckpoint(trainingRun(parts), "bom", folder);
    assert.throws(load({ variables: variables.slice(1), optimizers, sources }), /número de variáveis: esperava 2, recebi 3/); // prettier-ignore
    assert.throws(load({ variables, optimizers: [], sources }), /número de otimizadores/);
    assert.throws(load({ variables, optimizers }), /fontes: esperava nenhuma, recebi noise/);
    const renamed = [tf.variable(tf.zeros([8, 40]), true, "conv/kernel"), ...variables.slice(1)];
    assert.throws(load({ variables: renamed, optimizers, sources }), /esperava conv\/kernel/);
  });

  test("sem arquivo, começa do zero; um treino novo não escreve por cima de um mais adiantado", async () => {
    const model = network();
    assert.equal(loadCheckpoint(model.run, "nada", folder), false);
    const options = { everySteps: 5, folder };
    await model.train(2, [checkpoint("sub/a", options)]);
    await network().train(1, [checkpoint("sub/a", options)]);
    const old = network();
    assert.equal(loadCheckpoint(old.run, "sub/a-anterior", folder), true);
  });

  test("nomes que sairiam da pasta são recusados", () => {
    const { run } = network();
    for (const name of ["../fora", "/etc/x", "", "a//b", "c:\\x"])
      assert.throws(() => saveCheckpoint(run, name, folder), { name: "TypeError", message: /esperava um nome/ }); // prettier-ignore
    assert.throws(() => checkpoint("a", { everySteps: 0 }), /everySteps deve ser um inteiro/);
    assert.ok(readdirSync(folder).every((name) => !name.includes("fora")));
  });
}

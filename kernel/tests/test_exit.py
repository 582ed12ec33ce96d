"""Quem pede para encerrar o processo recebe um erro; o que já foi calculado continua."""
import time

import pytest
from conftest import running

TF = """import { tf } from "../lib/tensor";
import { compile } from "../lib/tensor/compile";
import { adam } from "../lib/optimizers";
const kept = tf.variable(tf.scalar(42));
const loss = compile(() => tf.square(kept) as tf.Scalar, [kept]);
const optimizer = adam();
for (let i = 0; i < 3; i++) optimizer.minimize(loss, [kept]).dispose();
Math.round(kept.dataSync()[0])"""


@pytest.mark.parametrize(
    "code, name",
    [
        ("process.exit(3);", "process.exit"),
        ("process.abort();", "process.abort"),
        ("(process as any).reallyExit(1);", "process.reallyExit"),
        ('process.kill(process.pid, "SIGKILL");', "process.kill"),
        ("process.kill(process.pid);", "process.kill"),
        ('import { exit } from "node:process";\nexit(1);', "process.exit"),
        ('import { exit as leave } from "process";\nleave();', "process.exit"),
    ],
)
def test_an_exit_is_an_error_and_nothing_is_lost(kernel, code, name):
    kernel.run("let before = 41;")
    result = kernel.run(code)
    assert result.status == "error"
    assert f"{name} encerraria o kernel" in result.error["evalue"]
    assert kernel.run("before + 1").value == 42


def test_from_a_library_a_timer_and_a_promise_too(kernel, folder):
    (folder / "leave.ts").write_text("export const leave = () => process.exit(2);\n")
    result = kernel.run(f'import {{ leave }} from "../.cache/{folder.name}/leave";\nleave();')
    assert "process.exit encerraria o kernel" in result.error["evalue"]
    assert "leave.ts, linha 1" in result.traceback
    kernel.run("setTimeout(() => process.exit(1), 10); void Promise.resolve().then(() => process.exit(1));")
    later = "".join(m["content"].get("text", "") for m in kernel.later_output(0.5))
    assert kernel.run("1 + 1").value == 2
    assert "process.exit encerraria o kernel" in later


def test_other_processes_can_be_signalled(kernel):
    code = """import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
const ended = new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
process.kill(child.pid!, "SIGTERM");
await ended;"""
    assert kernel.run(code).data["text/plain"] == "'SIGTERM'"
    assert kernel.run("process.kill(process.pid, 0)").value is True  # só pergunta se existe


def test_a_shutdown_with_tensors_alive_ends_clean(capfd):
    with running() as kernel:
        assert kernel.run(TF, timeout=60).value == 42
        process = kernel.manager.provisioner.process
        kernel.client.shutdown()
        end = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert process.poll() == 0
    assert "terminate called" not in capfd.readouterr().err

"""A parada (■): acaba com qualquer laço, e o que já foi calculado fica."""

import queue
import time

import pytest
from conftest import running

SLEEP = "await new Promise((resolve) => setTimeout(resolve, 20));"


def assert_stopped(result, within=3.0):
    assert result.status == "error"
    assert result.error["ename"] == "Interrompido"
    assert result.seconds < within


@pytest.mark.parametrize(
    "loop",
    [
        "while (true) counter++;",
        "const spin = () => { while (true) counter++; };\nspin();",
        "await null;\nwhile (true) counter++;",
        f"{SLEEP}\nwhile (true) counter++;",
        "await new Promise((resolve) => setImmediate(resolve));\nwhile (true) counter++;",
        f"while (true) {{ counter++; {SLEEP} }}",
        f"const work = async () => {{ while (true) {{ counter++; {SLEEP} }} }};\nawait work();",
        f"async function* endless() {{ while (true) {{ yield 1; {SLEEP} }} }}\nfor await (const one of endless()) counter += one;",
        "while (true) { counter++; await Promise.resolve(); }",
        "setTimeout(() => { while (true) counter++; }, 10);\nawait new Promise(() => {});",
    ],
    ids=[
        "síncrono", "em função", "depois de await", "depois de um timer", "depois de setImmediate", "assíncrono",
        "em função assíncrona", "for await", "que nunca sai das promessas", "em um timer",
    ],
)  # fmt: skip
def test_every_kind_of_loop_ends_and_state_is_kept(kernel, loop):
    kernel.run("let counter = 0; const kept = [1, 2, 3];")
    assert_stopped(kernel.run(loop, stop_after=0.7))
    first = kernel.run("counter").value
    assert first > 0
    time.sleep(0.3)
    assert kernel.run("counter").value == first, "o laço continuou"
    assert kernel.run("kept.length").value == 3


def test_a_cell_that_only_waits(kernel):
    assert_stopped(kernel.run("await new Promise(() => {});", stop_after=0.3), within=1.5)
    assert kernel.run("1 + 1").value == 2


def test_what_an_async_cell_computed_stays(kernel):
    kernel.run(f"let partial = 0;\nwhile (true) {{ partial++; {SLEEP} }}", stop_after=0.5)
    assert kernel.run("partial").value > 3


def test_what_a_loop_that_never_waits_computed_stays_too(kernel):
    result = kernel.run("let turns = 0, total = 0;\nwhile (true) { turns++; total += turns; }", stop_after=0.7)
    assert_stopped(result)
    assert kernel.run("turns").value > 1000
    assert kernel.run("total > turns").data["text/plain"] == "true"


@pytest.mark.parametrize("seconds", [0, 0.005, 0.02, 0.05, 0.1])
def test_a_stop_that_comes_while_the_cell_is_being_compiled(kernel, seconds):
    for _ in range(3):
        message_id = kernel.client.execute("while (true);")
        time.sleep(seconds)
        kernel.manager.interrupt_kernel()
        try:
            reply = kernel.reply(message_id, timeout=1)
        except queue.Empty:  # a parada passou na frente do pedido, e não havia o que parar
            kernel.manager.interrupt_kernel()
            reply = kernel.reply(message_id)
        assert reply["ename"] == "Interrompido"


def test_two_presses_in_a_row_cut_once(kernel):
    message_id = kernel.client.execute("while (true);")
    time.sleep(0.4)
    kernel.manager.interrupt_kernel()
    kernel.manager.interrupt_kernel()
    assert kernel.reply(message_id)["ename"] == "Interrompido"
    for i in range(5):
        assert kernel.run(f"{i} + 1").value == i + 1


def test_finally_blocks_of_async_cells_run(kernel):
    kernel.run("let cleaned = false;")
    kernel.run(f"try {{ while (true) {{ {SLEEP} }} }} finally {{ cleaned = true; }}", stop_after=0.3)
    time.sleep(0.2)
    assert kernel.run("String(cleaned)").data["text/plain"] == "'true'"


def test_code_that_handles_sigint_ends_its_step_and_returns(kernel):
    result = kernel.run(
        "let stopped = false;\nconst stop = () => { stopped = true; };\nprocess.once('SIGINT', stop);\nlet steps = 0;\n"
        "while (!stopped) { const end = Date.now() + 600; while (Date.now() < end); steps++; await new Promise((r) => setImmediate(r)); }\n"
        "process.off('SIGINT', stop);\nsteps",
        stop_after=1,
    )
    assert result.status == "ok" and result.value >= 1


def test_a_handler_that_does_nothing_is_not_obeyed_twice(kernel):
    message_id = kernel.client.execute("process.on('SIGINT', () => {});\nawait new Promise(() => {});")
    time.sleep(0.4)
    kernel.manager.interrupt_kernel()
    time.sleep(0.4)
    kernel.manager.interrupt_kernel()
    start = time.monotonic()
    assert kernel.reply(message_id)["ename"] == "Interrompido"
    assert time.monotonic() - start < 2
    assert kernel.run("process.listenerCount('SIGINT')").value == 1  # só o do kernel


def test_progress_of_lib_stops_at_the_next_step(kernel):
    kernel.run('import { progress } from "../lib/notebook/progress";\nlet reached = 0;')
    result = kernel.run(
        "for await (const i of progress(1000)) { reached = i; const end = Date.now() + 50; while (Date.now() < end); }",
        stop_after=0.8,
    )
    assert_stopped(result)
    assert kernel.run("reached").value > 3


TRAINING = """import { tf } from "../lib/tensor";
import { sgd } from "../lib/optimizers";
import { fit, trainingRun } from "../lib/training";
const make = () => { const w = tf.variable(tf.scalar(1)); return { w, run: trainingRun({ variables: [w], optimizers: [] }) }; };
const optimizer = sgd({ learningRate: 0.01 });
const train = ({ w, run }: ReturnType<typeof make>, pause: number) => fit(run, {
  epochs: 3,
  batches: () => Array.from({ length: 20 }, (_, i) => tf.scalar(i)),
  step: (x) => {
    const end = Date.now() + pause;
    while (Date.now() < end);
    return { perda: optimizer.minimize(() => tf.square(tf.sub(w, x)) as tf.Scalar, [w]) };
  },
});
const whole = make(), stopped = make();
await train(whole, 0);"""


def test_fit_stops_at_the_next_batch_and_the_cell_run_again_continues_exactly_there(kernel):
    assert kernel.run(TRAINING).status == "ok"
    cell = "const history = await train(stopped, 30);"
    result = kernel.run(cell, stop_after=1.2)
    assert_stopped(result)
    assert "rodar a célula de novo continua dali" in result.error["evalue"]
    step = kernel.run("stopped.run.progress.step").value
    assert 0 < step < 60
    time.sleep(0.2)
    assert kernel.run("stopped.run.progress.step").value == step, "o treino continuou"
    assert kernel.run("process.listenerCount('SIGINT')").value == 1
    again = kernel.run(cell)
    assert again.status == "ok"
    last = again.of("display_data", "update_display_data")[-1]["data"]["text/html"]
    assert "60/60" in last and "pronto em" in last and "<svg" in last
    same = "stopped.w.dataSync()[0] === whole.w.dataSync()[0] && JSON.stringify(history) === JSON.stringify(whole.run.history)"
    assert kernel.run(same).data["text/plain"] == "true"


def test_stop_while_nothing_runs_changes_nothing(kernel):
    kernel.manager.interrupt_kernel()
    time.sleep(0.2)
    assert kernel.run("1 + 1").value == 2


def test_a_package_being_loaded_is_not_left_half_loaded():
    with running() as kernel:
        result = kernel.run('import { tf } from "../lib/tensor";\nawait null;', stop_after=0.4)
        assert result.status in ("ok", "error")
        assert kernel.run('import { tf } from "../lib/tensor";\ntf.memory().numTensors').value == 0


def test_shutdown_works_during_an_endless_loop():
    with running() as kernel:
        kernel.client.execute("while (true);")
        time.sleep(0.5)
        kernel.client.shutdown()
        end = time.monotonic() + 5
        while kernel.manager.is_alive() and time.monotonic() < end:
            time.sleep(0.05)
        assert not kernel.manager.is_alive()


def test_restart_forgets_everything():
    with running() as kernel:
        kernel.run("const gone = 1;")
        kernel.manager.restart_kernel()
        kernel.client.wait_for_ready(timeout=60)
        assert "TS2304" in kernel.run("gone").error["evalue"]


def test_the_heartbeat_answers_during_an_endless_loop():
    with running() as kernel:
        message_id = kernel.client.execute("while (true);")
        time.sleep(3)
        assert kernel.client.hb_channel.is_beating()
        kernel.manager.interrupt_kernel()
        assert kernel.reply(message_id)["ename"] == "Interrompido"


def test_memory_does_not_grow_with_cells():
    with running() as kernel:
        kernel.run(
            'import v8 from "node:v8";\nimport vm from "node:vm";\nv8.setFlagsFromString("--expose-gc");\n'
            'const collect = vm.runInNewContext("gc") as () => void;'
        )

        def heap():
            kernel.run("collect();")
            return kernel.run("process.memoryUsage().heapUsed").value

        for i in range(60):
            kernel.run(f"const value = {i}; value")
        before = heap()
        for i in range(300):
            kernel.run(f"const value = {i}; value")
        grown = heap() - before
        assert grown < 15e6, f"{grown / 1e6:.1f} MB em 300 células"

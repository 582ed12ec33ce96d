"""Erros: mensagens de verdade, em português, com a célula e a linha de TypeScript."""

import pytest
from conftest import ROOT, running


def test_an_exception_names_cell_and_line(kernel):
    kernel.run("1")
    result = kernel.run(
        "interface Padding { a: number }\n\n"
        'const fail = (n: number): never => {\n  throw new RangeError(`errado: ${n}`);\n};\nfail(3);'
    )
    number = result.reply["execution_count"]
    assert result.status == "error"
    assert (result.error["ename"], result.error["evalue"]) == ("RangeError", "errado: 3")
    lines = result.traceback.split("\n")
    assert lines[0] == "RangeError: errado: 3"
    assert lines[1] == f"    em fail — célula [{number}], linha 4, coluna 9"
    assert lines[2] == f"    em célula [{number}], linha 6, coluna 1"
    assert "4 │   throw new RangeError" in result.traceback
    assert "node:" not in result.traceback and "kernel/" not in result.traceback


def test_the_reply_carries_the_error_too(kernel):
    reply = kernel.run('throw new TypeError("b")').reply
    assert (reply["ename"], reply["evalue"]) == ("TypeError", "b")


def test_a_function_of_another_cell_names_both(kernel):
    first = kernel.run('const explode = () => {\n  throw new Error("bum");\n};').reply["execution_count"]
    result = kernel.run("\nexplode();")
    second = result.reply["execution_count"]
    assert f"célula [{first}], linha 2, coluna 9" in result.traceback
    assert f"célula [{second}], linha 2, coluna 1" in result.traceback


def test_an_error_in_lib_names_file_and_line(kernel):
    kernel.run('import { normal } from "../lib/distributions";')
    result = kernel.run("normal(0, -1)")
    assert "std deve ser > 0, recebi -1" in result.error["evalue"]
    assert "em normal — lib/distributions.ts, linha" in result.traceback
    assert "em célula [" in result.traceback.split("\n")[3]


def test_after_an_await_too(kernel):
    result = kernel.run('await Promise.resolve();\nthrow new Error("tarde");')
    assert "linha 2, coluna 7" in result.traceback


def test_a_type_error_is_reported_in_portuguese_and_nothing_runs(kernel):
    result = kernel.run('console.log("não");\nconst n: number = "um";')
    assert result.text() == ""
    assert result.error["ename"] == "Erro de compilação"
    assert "não pode ser atribuído" in result.error["evalue"] and "TS2322" in result.error["evalue"]
    assert "linha 2, coluna 7" in result.traceback


def test_cells_are_checked_strictly(kernel):
    for code, expected in [
        ("const f = (x) => x;", "TS7006"),
        ("const t: string | undefined = [].pop();\nt.length;", "TS18048"),
        ("document.title", "TS2584"),
        ("missing + 1", "TS2304"),
    ]:
        assert expected in kernel.run(code).error["evalue"]


def test_a_cell_that_fails_half_way_keeps_what_it_declared(kernel):
    result = kernel.run('const before = 1;\nif (before) throw new Error("x");\nconst after = 2;')
    failed = result.reply["execution_count"]
    assert kernel.run("before").value == 1
    assert kernel.run("after").error["evalue"] == f"after não tem valor: a célula [{failed}] parou antes de defini-lo"
    kernel.run("const after = 5;")
    assert kernel.run("after").value == 5


def test_cause_and_aggregate(kernel):
    result = kernel.run('throw new Error("fora", { cause: new TypeError("dentro") })')
    assert "Causado por:\nTypeError: dentro" in result.traceback
    result = kernel.run('await Promise.any([Promise.reject(new RangeError("um"))])')
    assert "Causado por:\nRangeError: um" in result.traceback


def test_something_that_is_no_error(kernel):
    assert kernel.run('throw "só texto"').error["evalue"] == "'só texto'"


def test_a_rejection_that_nobody_awaits_shows_in_its_cell_and_the_kernel_lives(kernel):
    result = kernel.run('void Promise.reject(new Error("esquecida"));')
    assert result.status == "ok"
    assert "Promessa rejeitada sem await:" in result.text("stderr")
    assert "esquecida" in result.text("stderr") and "linha 1" in result.text("stderr")
    assert kernel.run("1 + 1").value == 2


def test_an_exception_in_a_timer_does_not_kill_the_kernel(kernel):
    kernel.run('setTimeout(() => { throw new Error("no timer"); }, 50);')
    texts = [m["content"]["text"] for m in kernel.later_output(0.5) if m["msg_type"] == "stream"]
    assert "no timer" in "".join(texts)
    assert kernel.run("1 + 1").value == 2


def test_after_an_error_what_waits_in_the_queue_is_not_run(kernel):
    first = kernel.client.execute('await new Promise((r) => setTimeout(r, 200));\nthrow new Error("x")')
    second = kernel.client.execute('console.log("não devia")')
    assert kernel.reply(first)["status"] == "error"
    assert kernel.reply(second)["status"] == "aborted"
    assert kernel.run("2").value == 2


def test_unless_the_client_says_to_go_on(kernel):
    first = kernel.client.execute('throw new Error("x")', stop_on_error=False)
    second = kernel.client.execute("1")
    assert kernel.reply(first)["status"] == "error"
    assert kernel.reply(second)["status"] == "ok"


def test_a_message_with_a_wrong_signature_is_ignored():
    with running() as kernel:
        good = kernel.client.session.key
        kernel.client.session.key = b"outra"
        kernel.client.execute('console.log("intruso")')
        kernel.client.session.key = good
        assert "intruso" not in kernel.run("1").text()


@pytest.mark.parametrize(
    "code", ['new Error("x")', '({ e: new Error("x") })', '[new RangeError("x")]', 'Object.assign(new Error("x"), { a: 1 })']
)
def test_an_error_as_a_value_shows_only_the_cell(kernel, code):
    result = kernel.run(code)
    text = result.data["text/plain"]
    assert "Error: x" in text and f"célula [{result.reply['execution_count']}], linha 1" in text
    assert "kernel/" not in text and "node:" not in text and str(ROOT) not in text
    if "a: 1" in code:
        assert "a: 1" in text


def test_console_too(kernel):
    text = kernel.run('const deep = () => new TypeError("y");\nconsole.log(deep());').text()
    assert "TypeError: y" in text and "em deep — célula [" in text
    assert "kernel/" not in text and "node:" not in text

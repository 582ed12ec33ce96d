"""Tudo o que uma célula escreve chega, em ordem e na hora."""

import time


def test_a_hundred_thousand_lines_with_none_lost(kernel):
    result = kernel.run("for (let i = 0; i < 100_000; i++) console.log(i);", timeout=60)
    assert result.status == "ok"
    assert result.text() == "".join(f"{i}\n" for i in range(100_000))
    assert len(result.of("stream")) < 1000


def test_three_thousand_displays_with_none_lost(kernel):
    result = kernel.run(
        'import { newDisplay } from "tslab";\nconst place = newDisplay();\n'
        "for (let i = 0; i < 3000; i++) place.text(`${i}`);"
    )
    shown = [c["data"]["text/plain"] for c in result.of("display_data", "update_display_data")]
    assert shown == [str(i) for i in range(3000)]


def test_a_line_of_five_megabytes(kernel):
    assert len(kernel.run('console.log("x".repeat(5_000_000));').text()) == 5_000_001


def test_the_order_of_the_two_streams_and_of_displays(kernel):
    result = kernel.run(
        'import { display } from "tslab";\nconsole.log("a"); console.error("b"); display.text("c"); console.log("d");'
    )
    kinds = [
        (m["content"].get("name"), m["content"].get("text") or m["content"]["data"]["text/plain"])
        for m in result.messages
        if m["msg_type"] in ("stream", "display_data")
    ]
    assert kinds == [("stdout", "a\n"), ("stderr", "b\n"), (None, "c"), ("stdout", "d\n")]


def test_text_shows_during_a_loop_that_never_waits(kernel):
    code = 'const end = Date.now() + 1500; console.log("já"); while (Date.now() < end) console.log; console.log("fim");'
    message_id = kernel.client.execute(
        code.replace("console.log;", 'if (Date.now() % 100 === 0) process.stdout.write("");')
    )
    start = time.monotonic()
    while True:
        message = kernel.client.get_iopub_msg(timeout=10)
        if message["msg_type"] == "stream":
            break
    assert "já" in message["content"]["text"] and time.monotonic() - start < 1.2
    kernel.collect(message_id)


def test_bytes_that_split_a_letter(kernel):
    result = kernel.run('const bytes = Buffer.from("ção");\nprocess.stdout.write(bytes.subarray(0, 2));\nprocess.stdout.write(bytes.subarray(2));')
    assert result.text() == "ção"


def test_output_after_the_cell_belongs_to_it(kernel):
    kernel.run('setTimeout(() => console.log("depois"), 100);')
    texts = [m["content"]["text"] for m in kernel.later_output(0.6) if m["msg_type"] == "stream"]
    assert texts == ["depois\n"]


def test_a_value_that_fits_stays_on_one_line(kernel):
    assert kernel.run("[1, 2, 3, 4, 5, 6, 7, 8, 9]").data["text/plain"] == "[ 1, 2, 3, 4, 5, 6, 7, 8, 9 ]"
    long = kernel.run("Array.from({ length: 60 }, (_, i) => i)").data["text/plain"]
    assert "\n" in long and "10 more items" in long


def test_display_of_lib_keeps_its_place_among_lines(kernel):
    kernel.run('import { display } from "../lib/notebook/display";\nimport { figure, line } from "../lib/plot";')
    result = kernel.run(
        'for (const top of [1, 2]) {\n  console.log(`antes de ${top}`);\n'
        '  display(figure({ title: "Reta", alt: `até ${top}`, axes: false, marks: [line([[0, 0], [1, top]])] }));\n}\n'
        'display({ [Symbol.for("Jupyter.display")]: () => ({ "image/png": Uint8Array.of(1, 2, 3) }) });'
    )
    assert result.status == "ok"
    shown = [
        m["content"].get("text") or m["content"]["data"].get("text/plain") or m["content"]["data"]["image/png"]
        for m in result.messages
        if m["msg_type"] in ("stream", "display_data")
    ]
    assert shown == ["antes de 1\n", "até 1", "antes de 2\n", "até 2", "AQID"]

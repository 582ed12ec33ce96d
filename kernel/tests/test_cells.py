"""O que uma célula faz: variáveis, valores, imports do Node, velocidade."""

import json


def test_variables_are_shared_by_all_cells(kernel):
    kernel.run("let n = 1;\nfunction inc() { n++; }\nconst read = () => n;")
    kernel.run("inc(); n += 10;")
    kernel.run("inc();")
    assert kernel.run("JSON.stringify([n, read()])").value == [13, 13]


def test_a_name_can_be_declared_again_with_another_type(kernel):
    kernel.run("const again = 1;")
    kernel.run('const again = "um";')
    assert kernel.run("again.toUpperCase()").data["text/plain"] == "'UM'"


def test_destructuring_at_the_top_level(kernel):
    kernel.run("const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], z: 5 }, [, f = 6] = [0];")
    assert kernel.run("JSON.stringify({ a, c, d, e, f })").value == {
        "a": 1, "c": 2, "d": [3, 4], "e": {"z": 5}, "f": 6,
    }  # fmt: skip


def test_shorthand_with_names_of_earlier_cells(kernel):
    kernel.run("const left = 1; let right = 2;")
    assert kernel.run("JSON.stringify({ left, right })").value == {"left": 1, "right": 2}
    kernel.run("({ right } = { right: 5 });")
    assert kernel.run("right").value == 5


def test_destructuring_with_new_names_what_an_earlier_cell_returns(kernel):
    kernel.run("const parts = () => ({ reconstrução: 3, KL: 2, more: { β: [1] } });")
    assert kernel.run("[1].map(() => { const { reconstrução: rec, KL: kl } = parts(); return rec + kl; })[0]").value == 5
    kernel.run("const { reconstrução: top = 0, more: { β: [first] } } = parts();")
    assert kernel.run("top + first").value == 4
    assert kernel.run("[parts()].map(({ KL: kl, ...rest }) => kl + rest.reconstrução)[0]").value == 5
    assert kernel.run("let free = 0;\n({ KL: free } = parts());\nfree").value == 2


def test_a_cell_that_cannot_be_compiled_answers_with_the_error(kernel):
    error = kernel.run("const pattern = /(/;").error
    assert error["ename"] == "SyntaxError" and "/(/" in error["evalue"]
    assert kernel.run("1 + 1").value == 2


def test_classes_enums_and_namespaces(kernel):
    kernel.run("class Point { constructor(readonly x: number) {} double() { return 2 * this.x; } }")
    kernel.run("enum Side { Left = 3, Right }\nnamespace Units { export const metre = 100; }")
    kernel.run("class Near extends Point { override double() { return super.double() + 1; } }")
    assert kernel.run("new Near(4).double() + Side.Right + Units.metre").value == 113


def test_generics_interfaces_and_types_cross_cells(kernel):
    kernel.run("interface Pair<T> { first: T; second: T }\ntype Key = keyof Pair<number>;")
    kernel.run("const pick = (pair: Pair<number>, key: Key) => pair[key];")
    assert kernel.run("pick({ first: 1, second: 2 }, 'second')").value == 2
    assert kernel.run("pick({ first: 1, second: 2 }, 'third')").status == "error"


def test_await_at_the_top_level(kernel):
    kernel.run("const later = await new Promise<number>((resolve) => setTimeout(() => resolve(7), 10));")
    assert kernel.run("later * 2").value == 14
    kernel.run("const seen: number[] = [];\nfor await (const item of [1, Promise.resolve(2)]) seen.push(item);")
    assert kernel.run("JSON.stringify(seen)").value == [1, 2]


def test_a_promise_returned_by_display_is_awaited(kernel):
    result = kernel.run('({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "depois" }) })')
    assert result.data == {"text/plain": "depois"}


def test_a_value_shows_several_mime_types_in_one_message(kernel):
    result = kernel.run(
        '({ [Symbol.for("Jupyter.display")]: () => '
        '({ "text/plain": "a", "text/html": "<i>a</i>", "image/png": new Uint8Array([1, 2, 3]), "application/x+json": { k: [1] } }) })'
    )
    assert result.data == {
        "text/plain": "a", "text/html": "<i>a</i>", "image/png": "AQID", "application/x+json": {"k": [1]},
    }  # fmt: skip
    assert result.of("execute_result")[0]["execution_count"] == result.reply["execution_count"]


def test_a_wrong_display_says_what_it_should_give(kernel):
    result = kernel.run('({ [Symbol.for("Jupyter.display")]: () => 3 })')
    assert "esperava um objeto com tipos MIME, recebi 3" in result.error["evalue"]


def test_undefined_shows_nothing_and_null_shows(kernel):
    assert kernel.run("undefined").of("execute_result", "stream") == []
    assert kernel.run("const quiet = 3;").of("execute_result") == []
    assert kernel.run("null").data == {"text/plain": "null"}


def test_node_modules_json_and_dirname(kernel):
    kernel.run('import { readFileSync } from "node:fs";\nimport path from "path";\nimport pkg from "../package.json";')
    assert kernel.run("pkg.name").data["text/plain"] == "'caderno-de-ia-generativa'"
    assert kernel.run('JSON.parse(readFileSync(path.join(__dirname, "..", "package.json"), "utf8")).name === pkg.name').data[
        "text/plain"
    ] == "true"
    kernel.run('const os = await import("node:os");')
    assert kernel.run("os.cpus().length > 0").data["text/plain"] == "true"


def test_silent_and_history_options(kernel):
    before = kernel.run("1").reply["execution_count"]
    silent = kernel.run('console.log("x"); 2', silent=True)
    assert silent.of("stream", "execute_result", "execute_input") == []
    assert kernel.run("3", store_history=False).reply["execution_count"] == before
    assert kernel.run("4").reply["execution_count"] == before + 1


def test_execute_input_repeats_the_code(kernel):
    (content,) = kernel.run("1 + 1").of("execute_input")
    assert content["code"] == "1 + 1"




def test_a_loop_at_the_top_level_is_as_fast_as_in_a_function(kernel):
    top = "const t0 = performance.now(); let s = 0; for (let i = 0; i < 1e7; i++) s += i; performance.now() - t0"
    inside = (
        "const f = () => { let s = 0; for (let i = 0; i < 1e7; i++) s += i; return s; };\n"
        "const t1 = performance.now(); f(); performance.now() - t1"
    )
    times = [(kernel.run(top).value, kernel.run(inside).value) for _ in range(5)]
    ratio = min(a for a, _ in times) / min(b for _, b in times)
    assert ratio < 2, f"{ratio:.2f} vezes o tempo na função: {times}"
    assert kernel.run("s").value == 49999995000000


def test_completion_and_inspection_know_cells_and_lib(kernel):
    kernel.run('import { normal } from "../lib/distributions";\nconst height = normal(1.7, 0.1);')
    assert set(kernel.ask("complete", "height.")["matches"]) == {"sample", "logDensity"}
    found = kernel.ask("inspect", "normal(0, 1)", 3)
    assert found["found"]
    assert "desvio-padrão" in found["data"]["text/plain"]


def test_positions_count_characters_not_utf16_units(kernel):
    kernel.run("const emoji = [1];")
    code = 'const t = "😀😀"; emoji.len'
    reply = kernel.ask("complete", code)
    assert reply["matches"] == ["length"]
    assert code[reply["cursor_start"] : reply["cursor_end"]] == "len"


def test_completion_answers_while_a_cell_waits(kernel):
    message_id = kernel.client.execute("await new Promise((resolve) => setTimeout(resolve, 1500)); 5")
    assert kernel.ask("complete", "parseI")["matches"] == ["parseInt"]
    messages = kernel.collect(message_id)
    assert [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"] == ["5"]


def test_display_of_tslab_updates_in_place(kernel):
    result = kernel.run(
        'import { newDisplay } from "tslab";\nconst place = newDisplay();\nplace.text("um"); place.text("dois");'
    )
    first, second = (m for m in result.messages if "display_data" in m["msg_type"])
    assert (first["msg_type"], second["msg_type"]) == ("display_data", "update_display_data")
    assert first["content"]["transient"] == second["content"]["transient"]
    assert json.dumps(second["content"]["data"]) == '{"text/plain": "dois"}'

"""A bateria de conformidade do próprio Jupyter."""

import jupyter_kernel_test
from conftest import KERNEL


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    code_generate_error = 'throw new Error("x")'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "[1, 2].map((x) => x * x)", "result": "[ 1, 4 ]"},
        {"code": '"olá"', "result": "'olá'"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>oi</b>" }) })',
            "mime": "text/html",
            "result": "<b>oi</b>",
        },
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>oi</b>")', "mime": "text/html"},
        {"code": 'import { display } from "tslab"; display.svg("<svg></svg>")', "mime": "image/svg+xml"},
    ]
    completion_samples = [
        {"text": "parseI", "matches": {"parseInt"}},
        {"text": "Math.hyp", "matches": {"hypot"}},
    ]
    complete_code_samples = ["1 + 1", "const x = await 3", "for (const a of []) {\n}", ""]
    incomplete_code_samples = ["const f = () => {", "[1, 2,", "Math.max(1,"]
    invalid_code_samples = ["const = 3", "1 +* 2)"]
    code_inspect_sample = "parseInt"
    code_history_pattern = "1*"
    supported_history_operations = ("tail", "range", "search")


def test_the_language_says_the_version_it_has(kernel):
    reply = kernel.ask("kernel_info")
    assert reply["banner"].startswith(f"TypeScript {reply['language_info']['version']},")


del jupyter_kernel_test.KernelTests  # a classe base não é um teste

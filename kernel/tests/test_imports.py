"""Imports de lib: de onde se procuram, e o que acontece quando um arquivo muda."""

import os
import time

from conftest import ROOT, running


def write(path, text):
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    while path.stat().st_mtime_ns <= before:  # relógios de arquivo têm passos
        time.sleep(0.01)
        os.utime(path)


def test_lib_from_the_notebook_folder_and_from_the_root(kernel):
    for path in ["../lib/random", "./lib/random"]:
        kernel.run(f'import {{ seeded }} from "{path}";')
        assert kernel.run('typeof seeded("a")()').data["text/plain"] == "'number'"


def test_from_any_folder_of_the_repository():
    for cwd in [ROOT, ROOT / "kernel" / "tests"]:
        with running(cwd=cwd) as kernel:
            kernel.run('import { seeded } from "../lib/random";')
            assert kernel.run('typeof seeded("a")()').data["text/plain"] == "'number'"


def test_an_edit_is_picked_up_when_the_import_runs_again(kernel, folder):
    module = folder / "value.ts"
    write(module, "export const value = 1;")
    cell = f'import {{ value }} from "../.cache/{folder.name}/value";'
    kernel.run(cell)
    assert kernel.run("value").value == 1
    write(module, "export const value = 2;\nexport const other = 3;")
    assert kernel.run("value").value == 1  # ainda não rodou de novo
    kernel.run(cell)
    assert kernel.run("value").value == 2
    kernel.run(cell.replace("{ value }", "{ other }"))
    assert kernel.run("other").value == 3


def test_an_edit_of_an_indirect_import_too_and_the_rest_keeps_its_state(kernel, folder):
    write(folder / "deep.ts", "export const deep = 1;")
    write(folder / "middle.ts", 'import { deep } from "./deep";\nexport const middle = () => deep * 10;')
    write(folder / "state.ts", "export const state = { count: 0 };")
    write(
        folder / "top.ts",
        'import { middle } from "./middle";\nimport { state } from "./state";\n'
        "export const top = () => middle() + 1;\nexport const bump = () => ++state.count;",
    )
    cell = f'import {{ top, bump }} from "../.cache/{folder.name}/top";'
    kernel.run(cell)
    assert kernel.run("bump(); top()").value == 11
    write(folder / "deep.ts", "export const deep = 2;")
    kernel.run(cell)
    assert kernel.run("top()").value == 21
    assert kernel.run("bump()").value == 2  # state.ts não mudou


def test_types_follow_the_edit(kernel, folder):
    write(folder / "typed.ts", "export const typed = 1;")
    cell = f'import {{ typed }} from "../.cache/{folder.name}/typed";\n'
    assert kernel.run(cell + "typed.toFixed(1)").status == "ok"
    write(folder / "typed.ts", 'export const typed = "a";')
    result = kernel.run(cell + "typed.toFixed(1)")
    assert "toFixed" in result.error["evalue"]
    assert kernel.run(cell + "typed.length").value == 1


def test_a_missing_module_can_be_created_afterwards(kernel, folder):
    cell = f'import {{ made }} from "../.cache/{folder.name}/made";\nmade'
    assert "TS2307" in kernel.run(cell).error["evalue"]
    write(folder / "made.ts", "export const made = 8;")
    assert kernel.run(cell).value == 8


def test_a_syntax_error_in_a_module_names_file_and_line(kernel, folder):
    write(folder / "broken.ts", "export const fine = 1;\nexport const = 2;")
    cell = f'import {{ fine }} from "../.cache/{folder.name}/broken";\nfine'
    result = kernel.run(cell)
    assert "broken.ts, linha 2" in result.traceback
    write(folder / "broken.ts", "export const fine = 1;")
    assert kernel.run(cell).value == 1


def test_modules_that_import_each_other(kernel, folder):
    write(folder / "even.ts", 'import { odd } from "./odd";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);')
    write(folder / "odd.ts", 'import { even } from "./even";\nexport const odd = (n: number): boolean => n > 0 && even(n - 1);')
    kernel.run(f'import {{ even }} from "../.cache/{folder.name}/even";')
    assert kernel.run("even(10)").data["text/plain"] == "true"


def test_a_module_that_fails_while_loading_can_be_mended(kernel, folder):
    write(folder / "fails.ts", 'throw new Error("não carrego");\nexport const ok = 1;')
    cell = f'import {{ ok }} from "../.cache/{folder.name}/fails";\nok'
    assert "fails.ts, linha 1" in kernel.run(cell).traceback
    write(folder / "fails.ts", "export const ok = 1;")
    assert kernel.run(cell).value == 1

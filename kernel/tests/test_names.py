"""O que falta importar, e o nome que se quis escrever."""
import pytest


@pytest.mark.parametrize(
    "code, advice",
    [
        ("figure({})", 'Está em lib: import { figure } from "../lib/plot";'),
        ("const s = seeded('x');", 'import { seeded } from "../lib/random";'),
        ("const a: Source = Math.random;", 'import { Source } from "../lib/random";'),
        ("claims({})", 'import { claims } from "../lib/notebook/claims";'),
        ("const l = compile(() => 1);", 'import { compile } from "../lib/tensor/compile";'),
        ("seedded('x')", 'Seria este? import { seeded } from "../lib/random";'),
    ],
)
def test_a_name_that_lib_exports_comes_with_its_import(kernel, code, advice):
    result = kernel.run(code)
    assert advice in result.error["evalue"], result.error["evalue"]


@pytest.mark.parametrize(
    "code, advice",
    [
        ('import { figur } from "../lib/plot";', "Você quis dizer 'figure'?"),
        ('import { seeds } from "../lib/random";', "seeded"),
        ('import { seeded } from "../lib/plot";', 'Está em outro módulo: import { seeded } from "../lib/random";'),
    ],
)
def test_a_misspelt_name_of_lib_comes_with_the_nearest(kernel, code, advice):
    result = kernel.run(code)
    assert result.error["ename"] == "Erro de compilação"
    if advice:
        assert advice in result.error["evalue"], result.error["evalue"]


def test_a_name_that_resembles_nothing_has_no_advice(kernel):
    assert "lib" not in kernel.run("zyxwvu + 1").error["evalue"]
    assert "lib" not in kernel.run('import { zyxwvu } from "node:fs";').error["evalue"]


def completion(kernel, code):
    """O que se oferece onde está o `|`."""
    at = code.index("|")
    reply = kernel.ask("complete", code.replace("|", ""), at)
    typed = code[reply["cursor_start"] : at]
    types = {d["text"]: d["type"] for d in reply["metadata"]["_jupyter_types_experimental"]}
    return typed, reply["matches"], types


def test_a_path_is_completed_folder_by_folder(kernel):
    typed, matches, _ = completion(kernel, 'import { x } from "../lib/di|')
    assert typed == "di" and matches == ["distributions"]
    _, matches, types = completion(kernel, "import { x } from '../lib/no|'")
    assert matches == ["notebook/"] and types["notebook/"] == "pasta"
    _, matches, _ = completion(kernel, 'import { x } from "../lib/notebook/cl|"')
    assert matches == ["claims"]
    _, matches, _ = completion(kernel, 'import { x } from "../li|"')
    assert matches == ["lib/"]


def test_the_names_of_a_module_are_completed(kernel):
    typed, matches, types = completion(kernel, 'import { see| } from "../lib/random";')
    assert typed == "see" and "seeded" in matches and types["seeded"] == "lib/random"
    _, matches, _ = completion(kernel, 'import { figure, sca| } from "../lib/plot";')
    assert "scatter" in matches and all(name.startswith("sca") for name in matches)


def test_a_name_not_yet_imported_is_offered_with_its_module(kernel):
    _, matches, types = completion(kernel, "const s = seed|")
    assert "seeded" in matches and types["seeded"] == "lib/random"
    _, matches, types = completion(kernel, "const n = parseI|")
    assert matches == ["parseInt"]
    kernel.run("const box = { seed: 1 };")
    assert completion(kernel, "box.see|")[1] == ["seed"]


def test_what_is_already_imported_is_offered_once(kernel):
    kernel.run('import { seeded } from "../lib/random";')
    assert completion(kernel, "seede|")[1] == ["seeded"]

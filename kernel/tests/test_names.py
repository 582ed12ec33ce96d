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

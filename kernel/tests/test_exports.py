"""Código colado de um módulo roda como se `export` não estivesse ali."""
import pytest


@pytest.mark.parametrize(
    "code, use, value",
    [
        ("export const x1 = 1; x1", "x1 + 1", 2),
        ("export let x2 = 1;\nx2 = 5;", "x2", 5),
        ("export function f1(n: number) { return 2 * n; }", "f1(4)", 8),
        ("export async function f2() { return 7; }", "await f2()", 7),
        ("export class C1 { n = 3 }", "new C1().n", 3),
        ("export abstract class C2 { static n = 4 }", "C2.n", 4),
        ("export default function f3() { return 9; }", "f3()", 9),
        ("export default class C3 { n = 6 }", "new C3().n", 6),
        ("export type T1 = number; export interface I1 { n: T1 }", "const i: I1 = { n: 2 }; i.n", 2),
        ("export enum E1 { A = 5 }", "E1.A", 5),
        ("const a1 = 1, b1 = 2;\nexport { a1, b1 as c1 };", "a1 + b1", 3),
        ("export {};\nconst a2 = 11;", "a2", 11),
        ("export const { p1, q1: [r1] } = { p1: 1, q1: [2] };", "p1 + r1", 3),
        ("export namespace N1 { export const n = 8 }", "N1.n", 8),
    ],
)
def test_export_is_as_if_it_were_not_there(kernel, code, use, value):
    result = kernel.run(code)
    assert result.status == "ok", result.traceback
    assert kernel.run(use).value == value


@pytest.mark.parametrize(
    "code, value",
    [
        ("export const y1 = 3; y1", 3),
        ("export default 40 + 2;", 42),
        ("export default (() => 5)();", 5),
    ],
)
def test_the_value_of_the_cell_is_the_last_expression(kernel, code, value):
    assert kernel.run(code).value == value


def test_a_default_without_a_name_is_the_value(kernel):
    assert "class" in kernel.run("export default class { n = 1 }").data["text/plain"]
    assert "function" in kernel.run("export default function (n: number) { return n; }").data["text/plain"].lower()


@pytest.mark.parametrize(
    "code",
    ['export { readFileSync } from "node:fs";', 'export * from "node:fs";', 'export * as fs from "node:fs";'],
)
def test_a_reexport_says_what_to_do(kernel, code):
    result = kernel.run(f"const here = 1;\n{code}")
    assert "reexportar não faz sentido em uma célula" in result.error["evalue"]
    assert "Use import" in result.error["evalue"]
    assert "linha 2, coluna 1" in result.traceback


def test_an_error_keeps_its_place(kernel):
    result = kernel.run('export const z1 = 1; export const z2: number = "um";')
    assert "linha 1, coluna 35" in result.traceback
    result = kernel.run("export function fail() {\n  throw new Error('bum');\n}\nfail();")
    assert "linha 2, coluna 9" in result.traceback


def test_the_word_in_a_text_stays(kernel):
    assert kernel.run('const word = "export const x = 1"; word').data["text/plain"] == "'export const x = 1'"

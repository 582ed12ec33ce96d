"""Executa um caderno com o kernel real e escreve, em JSON, o que aconteceu. Usado por execute.mjs."""

import json
import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

# tfjs guarda o motor em um nome global; sem tfjs carregado, não há tensor.
MEASURE = (
    "JSON.stringify({ memory: process.resourceUsage().maxRSS * 1024, "
    "tensors: (globalThis as any)._tfengine?.memory().numTensors ?? 0 })"
)


def measure(client):
    """Pico de memória (bytes) e tensores vivos no kernel, pedidos por uma célula a mais, que não é gravada."""
    cell = nbformat.v4.new_code_cell(MEASURE)
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1)
    finally:
        client.nb.cells.pop()
    return json.loads(cell.outputs[0]["data"]["text/plain"].strip("'"))


def execute(source, target):
    notebook = nbformat.read(source, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": os.path.dirname(os.path.abspath(source))}},
        kernel_name="caderno-typescript",
        startup_timeout=120,
        iopub_timeout=30,
        raise_on_iopub_timeout=True,
    )
    result = {"ok": True, "cells": len(code)}
    current = 0
    start = time.monotonic()
    with client.setup_kernel():
        try:
            for index, cell in enumerate(notebook.cells):
                if cell not in code:
                    continue
                current += 1
                print(f"célula {current}/{len(code)}", flush=True)
                client.execute_cell(cell, index)
                noise = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
                if noise:
                    raise RuntimeError(f"a célula escreveu no canal de erros:\n{noise}")
            result.update(measure(client))
        except CellExecutionError:
            (shown,) = (o for o in cell.outputs if o.output_type == "error")
            result.update(ok=False, cell=current, error="\n".join(shown.traceback))
        except (DeadKernelError, RuntimeError, TimeoutError) as error:
            result.update(ok=False, cell=current, error=f"{type(error).__name__}: {error}")
    result["seconds"] = time.monotonic() - start
    os.makedirs(os.path.dirname(target), exist_ok=True)
    nbformat.write(notebook, target + ".part")
    os.replace(target + ".part", target)
    print("resultado " + json.dumps(result), flush=True)
    return result["ok"]


if __name__ == "__main__":
    sys.exit(0 if execute(sys.argv[1], sys.argv[2]) else 1)

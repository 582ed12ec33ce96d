"""Um kernel de verdade, falado pelo protocolo do Jupyter, e o que os testes dele usam em comum."""

import json
import os
import queue
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
KERNEL = "caderno-typescript"


class Result:
    """O que uma célula produziu: as mensagens, na ordem, e a resposta."""

    def __init__(self, messages, reply, seconds):
        self.messages, self.reply, self.seconds = messages, reply, seconds

    @property
    def status(self):
        return self.reply["status"]

    def of(self, *types):
        return [m["content"] for m in self.messages if m["msg_type"] in types]

    @property
    def data(self):
        """O pacote MIME do valor da última expressão."""
        results = self.of("execute_result")
        assert len(results) == 1, f"esperava um valor: {self.reply} {self.text('stderr')}"
        return results[0]["data"]

    @property
    def value(self):
        """O valor, escrito com JSON.stringify ou um número."""
        return json.loads(self.data["text/plain"].strip("'"))

    def text(self, name="stdout"):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    @property
    def error(self):
        (content,) = self.of("error")
        return content

    @property
    def traceback(self):
        """O erro como o leitor o vê, sem cores."""
        text = "\n".join(self.error["traceback"])
        return text.replace("\x1b[31m", "").replace("\x1b[1m", "").replace("\x1b[0m", "")


class Kernel:
    def __init__(self, cwd=ROOT / "notebooks", node=None):
        self.manager = KernelManager(kernel_name=KERNEL)
        if node:
            self.manager.kernel_spec.argv[0] = str(node)
        self.manager.start_kernel(cwd=str(cwd))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, stop_after=None, timeout=30, **options):
        """Executa uma célula até o fim; `stop_after`: segundos até apertar ■."""
        start = time.monotonic()
        message_id = self.client.execute(code, **options)
        if stop_after is not None:
            time.sleep(stop_after)
            self.manager.interrupt_kernel()
        messages = self.collect(message_id, timeout)
        reply = self.reply(message_id, timeout)
        return Result(messages, reply, time.monotonic() - start)

    def collect(self, message_id, timeout=30):
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages
            messages.append(message)

    def reply(self, message_id, timeout=30):
        while True:
            reply = self.client.get_shell_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"]

    def ask(self, method, *args):
        """Um pedido que não é de execução: complete, inspect, is_complete…"""
        return self.reply(getattr(self.client, method)(*args))

    def later_output(self, seconds):
        """O que chega sem que célula nenhuma rode."""
        messages, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                messages.append(self.client.get_iopub_msg(timeout=left))
            except queue.Empty:
                break
        return messages


@contextmanager
def running(**options):
    kernel = Kernel(**options)
    try:
        yield kernel
    finally:
        kernel.close()


@pytest.fixture(scope="module")
def kernel():
    with running() as one:
        yield one


@pytest.fixture
def folder():
    """Uma pasta dentro do repositório, para módulos que os testes mudam. `folder.name` serve em `../.cache/<nome>/…`."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="kernel ção ", dir=ROOT / ".cache"))
    yield path
    shutil.rmtree(path)

"""Um kernel: python bench/kernel.py nome. O mesmo protocolo de serve.ts; cada rodada começa um kernel novo."""

import json
import re
import statistics
import sys
import time

from jupyter_client.manager import start_new_kernel

CELLS = 20
IMPORT_TFJS = 'import * as tf from "@tensorflow/tfjs"; tf.scalar(1).dtype'

spec = sys.argv[1]
manager = client = None


def execute(code):
    """O tempo até a célula terminar, e o número que ela mostrou."""
    shown = []
    start = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda message: shown.append(message["content"]))
    seconds = time.perf_counter() - start
    if reply["content"]["status"] != "ok":
        sys.exit(f"{spec}: a célula {code!r} falhou: {reply['content']}")
    # O tslab mostra o valor pela saída padrão, colorido.
    texts = [content.get("text") or content.get("data", {}).get("text/plain", "") for content in shown]
    return seconds, re.sub(r"\x1b\[\d+m", "", "".join(texts)).strip()


def stop():
    if manager:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def start():
    global manager, client
    stop()
    begin = time.perf_counter()
    manager, client = start_new_kernel(startup_timeout=120, kernel_name=spec)
    shown = execute("20 + 22")[1]
    return time.perf_counter() - begin, shown


def cell():
    times = []
    for i in range(CELLS):
        seconds, shown = execute(f"{i} + 1")
        times.append(seconds)
    return statistics.median(times), shown


def tfjs():
    if spec != "python3":
        execute(IMPORT_TFJS)
    return cell()


def respond(wanted):
    if wanted == "versions":
        return {"versions": {"python": sys.version.split()[0], "kernel": spec}}
    seconds, shown = {"start": start, "cell": cell, "tfjs": tfjs}[wanted]()
    return {"seconds": seconds, "check": [float(shown)]}


for line in sys.stdin:
    print(json.dumps(respond(json.loads(line)["case"])), flush=True)
stop()

"""Inicia o kernel e manda uma célula, para doctor.mjs: escreve em quanto tempo respondeu, ou sai com erro."""

import sys
import time

from jupyter_client.manager import start_new_kernel


def ask(code):
    start = time.monotonic()
    manager, client = start_new_kernel(startup_timeout=60, kernel_name="caderno-typescript")
    ready = time.monotonic() - start
    texts = []
    try:
        reply = client.execute_interactive(
            code,
            timeout=60,
            output_hook=lambda message: texts.append(message["content"].get("data", {}).get("text/plain")),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if reply["content"]["status"] != "ok" or "42" not in texts:
        sys.exit(f"a célula {code!r} deu {reply['content']}")
    return ready


try:
    print(f"pronto em {ask('const n: number = 21; n * 2;'):.1f} s, respondeu a uma célula".replace(".", ",", 1))
except (RuntimeError, TimeoutError, OSError) as error:
    sys.exit(f"{type(error).__name__}: {error}")

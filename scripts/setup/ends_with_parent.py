"""O mesmo que ends-with-parent.cjs, em Python: python -I ends_with_parent.py (módulo ou arquivo.py) argumentos…"""

import os
import runpy
import sys
import threading


def watch():
    while os.read(0, 1):
        pass
    os._exit(1)


threading.Thread(target=watch, daemon=True).start()
sys.argv = sys.argv[1:]
if sys.argv[0].endswith(".py"):
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

"""O lado dos concorrentes: python bench/serve.py pca pasta. O mesmo protocolo de serve.ts."""

import importlib
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
name, folder = sys.argv[1:]
cases = None


def versions():
    import platform

    found = {"python": platform.python_version()}
    for package in ("numpy", "scipy", "sklearn", "torch", "tensorflow", "keras"):
        if package in sys.modules:
            found[package] = sys.modules[package].__version__
    try:
        from threadpoolctl import threadpool_info

        found["threads"] = [
            f"{pool['prefix']} {pool.get('architecture', '')} {pool['num_threads']}" for pool in threadpool_info()
        ]
    except ImportError:
        pass
    return found


def respond(wanted):
    if wanted == "versions":
        return {"versions": versions()}
    run, check = cases[wanted]
    start = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "check": [float(x) for x in check(result)]}


sys.dont_write_bytecode = True
cases = importlib.import_module(name).prepare(folder)
for line in sys.stdin:
    print(json.dumps(respond(json.loads(line)["case"])), flush=True)

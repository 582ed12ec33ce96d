"""Extrai de um pacote (.whl) só os arquivos cujo nome começa por um dos prefixos: pacote, destino, prefixos…"""

import sys
import zipfile

wheel, target, *wanted = sys.argv[1:]
with zipfile.ZipFile(wheel) as file:
    for name in file.namelist():
        if name.startswith(tuple(wanted)):
            file.extract(name, target)

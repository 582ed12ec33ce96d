#!/bin/sh
# Roda no início de cada servidor: dá ao aluno a própria cópia dos cadernos, sem mexer no que ele já mudou, e abre o JupyterLab.
set -e
target="$HOME/caderno/notebooks"
mkdir -p "$target"
cp -n /srv/caderno/notebooks/*.ipynb "$target/" || true
# As células importam ../lib, que o kernel acha em /srv/caderno: a mesma para todos.
exec /srv/caderno/.venv/bin/jupyterhub-singleuser \
  --ServerApp.root_dir="$HOME/caderno" \
  --ServerApp.default_url=/lab/tree/notebooks/00-comece-aqui.ipynb "$@"

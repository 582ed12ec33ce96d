# Um lugar por aluno num JupyterHub: os cadernos, o kernel e o motor já instalados. Ver docker/README.md.
FROM node:22-bookworm

RUN apt-get update \
  && apt-get install --no-install-recommends -y python3=3.11.* python3-venv=3.11.* \
  && rm -rf /var/lib/apt/lists/*

# O usuário que o JupyterHub espera; a pasta pessoal é um volume, e por isso o projeto fica fora dela.
RUN usermod --login jovyan --move-home --home /home/jovyan node \
  && groupmod --new-name jovyan node \
  && install --directory --owner jovyan --group jovyan /srv/caderno
USER 1000:1000
WORKDIR /srv/caderno

# Primeiro o que muda pouco: a instalação só se repete quando os pacotes mudam.
COPY --chown=jovyan:jovyan package.json package-lock.json .npmrc requirements.txt ./
COPY --chown=jovyan:jovyan scripts scripts
RUN npm run setup

# A versão deve ser a do JupyterHub que vai usar a imagem.
ARG JUPYTERHUB_VERSION=5.3.0
RUN .venv/bin/pip install --no-cache-dir "jupyterhub==${JUPYTERHUB_VERSION}"

COPY --chown=jovyan:jovyan . .

EXPOSE 8888
CMD ["/srv/caderno/docker/start.sh"]

#!/usr/bin/env bash
# Puts the secrets' files into the cluster. Run it again after a value was changed.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
#
#   ./secrets.sh [FOLDER]    one file a secret, under its name
set -euo pipefail

NAMESPACE=ai-search
SECRET=ai-search-secrets
NAMES='DATABASE_PASSWORD CACHE_PASSWORD DASHSCOPE_API_KEY'
ENVIRONMENT=''
FOLDER=/etc/ai-search/secrets

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# On the machine with the config: a folder "secrets" beside it, above the folder that this is in.
beside_config() {
  local folder=${here}
  while [[ ${folder} != / ]]; do
    folder=$(dirname "${folder}")
    if [[ -e ${folder}/secrets${ENVIRONMENT:+/${ENVIRONMENT}}${1} ]]; then
      echo "${folder}/secrets${ENVIRONMENT:+/${ENVIRONMENT}}${1}"
      return
    fi
  done
  echo "${FOLDER}${1}"
}

# Values go through files of this folder, never through arguments: those are seen by everybody on this machine.
umask 077
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT

source=${1:-$(beside_config "")}
missing=0
for name in ${NAMES}; do
  if [[ ! -r ${source}/${name} ]]; then
    echo "${source}/${name} is not there or cannot be read." >&2
    missing=1
  fi
done
if ((missing)); then
  exit 1
fi

arguments=()
for name in ${NAMES}; do
  value=$(<"${source}/${name}")
  # Without the line break that editors add at the end.
  printf '%s' "${value}" >"${work}/${name}"
  arguments+=("--from-file=${name}=${work}/${name}")
done

kubectl apply -f "${here}/namespace.yaml"
# Server-side: the other way keeps a copy of every value in an annotation.
kubectl create secret generic "${SECRET}" --namespace "${NAMESPACE}" --dry-run=client --output yaml "${arguments[@]}" |
  kubectl apply --server-side --force-conflicts -f -

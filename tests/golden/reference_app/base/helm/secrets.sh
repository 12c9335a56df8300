#!/usr/bin/env bash
# Puts the secrets' files into the cluster. Run it again after a value was changed.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
#
#   ./secrets.sh [FOLDER]    one file a secret, under its name
set -euo pipefail

NAMESPACE=reference-search
SECRET=reference-search-secrets
NAMES=DATABASE_PASSWORD
ENVIRONMENT=''
FOLDER=/etc/reference-search/secrets
CONFIG=aisearch.yaml

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# On the machine with the config: "secrets" beside it, in the first folder above this one that has the config.
beside_config() {
  local folder=${here}
  while [[ ${folder} != / ]]; do
    folder=$(dirname "${folder}")
    if [[ -e ${folder}/${CONFIG} ]]; then
      echo "${folder}/secrets${ENVIRONMENT:+/${ENVIRONMENT}}${1}"
      return
    fi
  done
  echo "${FOLDER}${1}"
}

# The app's pods put it between the colon and the @ of a URL, as it is.
stands_in_url() {
  grep -rqF --include='*.yaml' ":\$(${1})@" "${here}"
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

context=$(kubectl config current-context)
echo "Taking the values from ${source}; they go to namespace ${NAMESPACE} of the context ${context}." >&2

arguments=()
for name in ${NAMES}; do
  value=$(<"${source}/${name}")
  if [[ ${value} =~ [^A-Za-z0-9._~-] ]] && stands_in_url "${name}"; then
    echo "${name} stands in a URL: only letters, digits, and - . _ ~ are possible. openssl rand -hex 32 makes one." >&2
    exit 1
  fi
  # Without the line break that editors add at the end.
  printf '%s' "${value}" >"${work}/${name}"
  arguments+=("--from-file=${name}=${work}/${name}")
done

kubectl apply -f "${here}/namespace.yaml"
# Server-side: the other way keeps a copy of every value in an annotation.
kubectl create secret generic "${SECRET}" --namespace "${NAMESPACE}" --dry-run=client --output yaml "${arguments[@]}" |
  kubectl apply --server-side --force-conflicts -f -

#!/usr/bin/env bash
# Puts the certificate into the cluster, where the edge finds it within two minutes. Run it again after each renewal.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
#
#   ./certificate.sh [FOLDER]    with fullchain.pem and privkey.pem in FOLDER
set -euo pipefail

NAMESPACE=ai-search
SECRET=ai-search-tls
FOLDER=/etc/ai-search/tls
SELF_SIGNED=no
SUBJECT_NAMES=DNS:search.example.com

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-${FOLDER}}

if [[ ${SELF_SIGNED} == yes ]]; then
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "${folder}"' EXIT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=self-signed \
    -addext "subjectAltName=${SUBJECT_NAMES}" -keyout "${folder}/privkey.pem" -out "${folder}/fullchain.pem" 2>/dev/null
fi

for file in fullchain.pem privkey.pem; do
  if [[ ! -r ${folder}/${file} ]]; then
    echo "${folder}/${file} is not there or cannot be read." >&2
    exit 1
  fi
done
certificate_key=$(openssl x509 -in "${folder}/fullchain.pem" -noout -pubkey)
private_key=$(openssl pkey -in "${folder}/privkey.pem" -pubout)
if [[ ${certificate_key} != "${private_key}" ]]; then
  echo "privkey.pem does not belong to fullchain.pem." >&2
  exit 1
fi

kubectl apply -f "${here}/namespace.yaml"
# Server-side: the other way keeps a copy of the key in an annotation.
kubectl create secret tls "${SECRET}" --namespace "${NAMESPACE}" --dry-run=client --output yaml \
  --cert "${folder}/fullchain.pem" --key "${folder}/privkey.pem" |
  kubectl apply --server-side --force-conflicts -f -

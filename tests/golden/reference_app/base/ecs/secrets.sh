#!/usr/bin/env bash
# Puts the secrets' files into Secrets Manager. Run it again after a value was changed, then restart what reads it: RUNBOOK.md
# Usage: ./secrets.sh [FOLDER]     one file a secret, under its name
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

FOLDER=/etc/reference-search/secrets

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws

folder=${1:-${FOLDER}}
missing=0
for secret in ${SECRETS}; do
  name=${secret%%=*}
  if [[ ! -r ${folder}/${name} ]]; then
    say "${folder}/${name} is not there or cannot be read."
    missing=1
  fi
done
((missing == 0)) || exit 1

# Values go through files of this folder, never through arguments: those are seen by everybody on this machine.
umask 077
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT

for secret in ${SECRETS}; do
  name=${secret%%=*}
  value=$(<"${folder}/${name}")
  # Without the line break that editors add at the end.
  printf '%s' "${value}" >"${work}/value"
  if aws secretsmanager describe-secret --secret-id "${SECRETS_PREFIX}/${name}" >/dev/null 2>&1; then
    aws secretsmanager put-secret-value --secret-id "${SECRETS_PREFIX}/${name}" \
      --secret-string "file://${work}/value" >/dev/null
  else
    aws secretsmanager create-secret --name "${SECRETS_PREFIX}/${name}" --tags file://tags.json \
      --secret-string "file://${work}/value" >/dev/null
  fi
  say "${SECRETS_PREFIX}/${name}"
done

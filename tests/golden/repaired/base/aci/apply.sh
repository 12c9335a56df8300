#!/usr/bin/env bash
# Sends a manifest to Azure, with the secrets in it. The copy that holds them is in a folder of its own that only you can
# read, and is deleted at the end, whatever happens.
# Usage: ./apply.sh MANIFEST [TASK [BACKUP]]     IMAGE in APP_IMAGE: another one than the manifest's
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

SECRETS='DATABASE_PASSWORD DASHSCOPE_API_KEY OPENAI_API_KEY SERPAPI_API_KEY'
# name|start|name of the password|end
URLS='DATABASE_URL|postgresql://aisearch:|DATABASE_PASSWORD|@127.0.0.1:6432/aisearch?sslmode=disable DATABASE_URL_DIRECT|postgresql://aisearch:|DATABASE_PASSWORD|@ai-search-db.postgres.database.azure.com:5432/aisearch?sslmode=require'

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az
manifest=${1:?usage: ./apply.sh MANIFEST [TASK [BACKUP]]}

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

value_of() {
  [[ -s $SECRETS_FOLDER/$1 ]] || stop "$SECRETS_FOLDER/$1 is not there or empty: see \"Secrets\" in RUNBOOK.md."
  printf '%s' "$(<"$SECRETS_FOLDER/$1")"
}

# Standard input as one line of YAML.
quoted() {
  printf '"'
  sed -e 's/[\\"]/\\&/g' | sed -e ':a' -e 'N' -e '$!ba' -e 's/\n/\\n/g'
  printf '"\n'
}

# As it may stand in a URL.
escaped() {
  local LC_ALL=C character
  while IFS= read -r -n 1 -d '' character; do
    case $character in
      [A-Za-z0-9._~-]) printf '%s' "$character" ;;
      *) printf '%%%02X' "'$character" ;;
    esac
  done
}

read -r -a names <<<"$SECRETS"
for name in "${names[@]}"; do
  value_of "$name" | quoted | tr -d '\n' >"$work/$name"
done
read -r -a urls <<<"$URLS"
for url in "${urls[@]}"; do
  IFS='|' read -r name start password end <<<"$url"
  { printf '%s' "$start" && value_of "$password" | escaped && printf '%s' "$end"; } | quoted | tr -d '\n' >"$work/$name"
done
printf '"%s"' "${2:-}" >"$work/TASK"
printf '"%s"' "${3:-}" >"$work/BACKUP"
azure storage account keys list --account-name "$STORAGE_ACCOUNT" --query '[0].value' >"$work/key"
tr -d '\n' <"$work/key" | quoted | tr -d '\n' >"$work/storage-account-key"

./fill.sh "$work" <"$manifest" >"$work/filled.yaml"
azure container create --file "$work/filled.yaml" >/dev/null

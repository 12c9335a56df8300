#!/usr/bin/env bash
# Puts the secrets into Secret Manager: one file each, and the addresses that hold a password. Only what differs becomes
# a new version. Values go through standard input, never through arguments or files of ours.
# Usage: ./secrets.sh FOLDER
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

# name=id
SECRETS='DATABASE_PASSWORD=ai-search-staging-database-password CACHE_PASSWORD=ai-search-staging-cache-password API_KEYS=ai-search-staging-api-keys DASHSCOPE_API_KEY=ai-search-staging-dashscope-api-key SERPAPI_API_KEY=ai-search-staging-serpapi-api-key SENTRY_DSN=ai-search-staging-sentry-dsn'
RUN_ACCOUNT_EMAIL=ai-search-staging-run@example-project.iam.gserviceaccount.com
JOBS_ACCOUNT_EMAIL=ai-search-staging-jobs@example-project.iam.gserviceaccount.com
# What the job for backups may read.
JOBS_SECRETS='ai-search-staging-database-password ai-search-staging-database-ca'
# id|start|name of the password|end
URLS='ai-search-staging-database-url-composed|postgresql://aisearch:|DATABASE_PASSWORD|@db.example.com:5432/aisearch?sslmode=verify-full&sslrootcert=/etc/aisearch/database-ca/database-ca.pem ai-search-staging-redis-url-composed|rediss://:|CACHE_PASSWORD|@cache.example.com:6379/0 ai-search-staging-rate-limit-storage-composed|rediss://:|CACHE_PASSWORD|@cache.example.com:6379/1'
# file=id: not secret, but Cloud Run mounts single files from here.
FILES='ca-bundle.pem=ai-search-staging-ca-bundle database-ca.pem=ai-search-staging-database-ca'

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud
folder=${1:?usage: ./secrets.sh FOLDER}

# The new value comes on standard input.
put() {
  local id=$1 value current
  value=$(cat)
  if ! there gcloud secrets describe "$id"; then
    gcloud secrets create "$id" --replication-policy=user-managed --locations="$REGION"
  fi
  current=$(gcloud secrets versions access latest --secret="$id" 2>/dev/null || true)
  if [[ $value == "$current" ]]; then
    return 0
  fi
  printf '%s' "$value" | gcloud secrets versions add "$id" --data-file=- >/dev/null
  say "$id has a new version"
}

may_read() {
  gcloud secrets add-iam-policy-binding "$1" --member="serviceAccount:$2" \
    --role=roles/secretmanager.secretAccessor >/dev/null
}

value_of() {
  [[ -s $folder/$1 ]] || stop "$folder/$1 is not there or empty: see \"Secrets\" in RUNBOOK.md."
  printf '%s' "$(<"$folder/$1")"
}

# As it may stand in a URL.
quoted() {
  local LC_ALL=C character
  while IFS= read -r -n 1 -d '' character; do
    case $character in
      [A-Za-z0-9._~-]) printf '%s' "$character" ;;
      *) printf '%%%02X' "'$character" ;;
    esac
  done
}

read -r -a pairs <<<"$SECRETS"
for pair in "${pairs[@]}"; do
  value_of "${pair%%=*}" | put "${pair#*=}"
  may_read "${pair#*=}" "$RUN_ACCOUNT_EMAIL"
done
read -r -a urls <<<"$URLS"
for url in "${urls[@]}"; do
  IFS='|' read -r id start password end <<<"$url"
  { printf '%s' "$start" && value_of "$password" | quoted && printf '%s' "$end"; } | put "$id"
  may_read "$id" "$RUN_ACCOUNT_EMAIL"
done
read -r -a pairs <<<"$FILES"
for pair in "${pairs[@]}"; do
  put "${pair#*=}" <"${pair%%=*}"
  may_read "${pair#*=}" "$RUN_ACCOUNT_EMAIL"
done
read -r -a ids <<<"$JOBS_SECRETS"
for id in "${ids[@]}"; do
  may_read "$id" "$JOBS_ACCOUNT_EMAIL"
done

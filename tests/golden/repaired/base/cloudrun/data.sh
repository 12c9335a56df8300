#!/usr/bin/env bash
# Creates the database and the cache, and gives them names that instances know: their addresses may change, after a
# restore for one. What exists is adjusted, never replaced.
# Usage: ./data.sh FOLDER     with the secrets in FOLDER
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NETWORK=default
ZONE=ai-search.internal
LABELS=''
DATABASE=ai-search-db
DATABASE_VERSION=POSTGRES_18
TIER=db-custom-1-4096
STORAGE_GB=70
AVAILABILITY=ZONAL
SSL_MODE=ALLOW_UNENCRYPTED_AND_ENCRYPTED
FLAGS=max_connections=100,log_min_duration_statement=1000
BACKUP_HOUR=02:00
RETAINED_BACKUPS=30
DATABASE_NAME=aisearch
DATABASE_USER=aisearch
PASSWORD_NAME=DATABASE_PASSWORD
DATABASE_HOST=db.ai-search.internal
CACHE=ai-search-cache
CACHE_GB=2
CACHE_TIER=basic
CACHE_HOST=cache.ai-search.internal

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud
folder=${1:?usage: ./data.sh FOLDER}

# One range of private addresses for all that Google runs inside the network; it may be there already.
if ! there gcloud compute addresses describe "google-managed-services-$NETWORK" --global; then
  gcloud compute addresses create "google-managed-services-$NETWORK" --global --purpose=VPC_PEERING \
    --prefix-length=16 --network="$NETWORK"
fi
peerings=$(gcloud services vpc-peerings list --network="$NETWORK" --format='value(service)')
if [[ $peerings != *servicenetworking* ]]; then
  gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --network="$NETWORK" \
    --ranges="google-managed-services-$NETWORK"
fi
if ! there gcloud dns managed-zones describe "$SERVICE"; then
  gcloud dns managed-zones create "$SERVICE" --dns-name="$ZONE." --visibility=private --networks="$NETWORK" \
    --description="Addresses of the parts of $SERVICE"
fi

# A name inside the network for an address.
name() {
  local verb=create
  if there gcloud dns record-sets describe "$1." --zone="$SERVICE" --type=A; then
    verb=update
  fi
  gcloud dns record-sets "$verb" "$1." --zone="$SERVICE" --type=A --ttl=60 --rrdatas="$2"
}

settings=(
  --tier="$TIER" --storage-auto-increase --availability-type="$AVAILABILITY" --database-flags="$FLAGS"
  --backup-start-time="$BACKUP_HOUR" --retained-backups-count="$RETAINED_BACKUPS" --enable-point-in-time-recovery
  --deletion-protection
)
if there gcloud sql instances describe "$DATABASE"; then
  size=$(gcloud sql instances describe "$DATABASE" --format='value(settings.dataDiskSizeGb)')
  # A disk grows, it never shrinks.
  if ((size < STORAGE_GB)); then
    settings+=(--storage-size="${STORAGE_GB}GB")
  fi
  running=$(gcloud sql instances describe "$DATABASE" --format='value(settings.tier)')
  if [[ $running != "$TIER" ]]; then
    confirm "$DATABASE changes from $running to $TIER and is away for a minute. Now?"
  fi
  gcloud sql instances patch "$DATABASE" "${settings[@]}" --ssl-mode="$SSL_MODE"
else
  confirm "Create $DATABASE ($DATABASE_VERSION, $TIER, $STORAGE_GB GB)? It costs from now on, and takes ten minutes."
  gcloud sql instances create "$DATABASE" --database-version="$DATABASE_VERSION" --edition=enterprise \
    --region="$REGION" --network="projects/$PROJECT/global/networks/$NETWORK" --no-assign-ip \
    --storage-type=SSD --storage-size="${STORAGE_GB}GB" --ssl-mode="$SSL_MODE" "${settings[@]}"
fi
if ! there gcloud sql databases describe "$DATABASE_NAME" --instance="$DATABASE"; then
  gcloud sql databases create "$DATABASE_NAME" --instance="$DATABASE"
fi

# The password goes to Cloud SQL's API on standard input: gcloud would want it as an argument. So does the token.
users=$(gcloud sql users list --instance="$DATABASE" --format='value(name)')
method=POST
query=
if grep -Fxq -- "$DATABASE_USER" <<<"$users"; then
  method=PUT
  query="?name=$DATABASE_USER"
fi
token=$(gcloud auth print-access-token)
{
  printf '%s' '{"name":"' "$DATABASE_USER" '","password":"'
  sed 's/[\\"]/\\&/g' "$folder/$PASSWORD_NAME" | tr -d '\n'
  printf '%s' '"}'
} | curl --fail --silent --show-error --request "$method" --output /dev/null \
  --config <(printf 'header = "Authorization: Bearer %s"\n' "$token") \
  --header 'Content-Type: application/json' --data-binary @- \
  "https://sqladmin.googleapis.com/v1/projects/$PROJECT/instances/$DATABASE/users$query"
address=$(gcloud sql instances describe "$DATABASE" --format='value(ipAddresses[0].ipAddress)')
name "$DATABASE_HOST" "$address"

if there gcloud redis instances describe "$CACHE" --region="$REGION"; then
  gcloud redis instances update "$CACHE" --region="$REGION" --size="$CACHE_GB"
else
  confirm "Create $CACHE ($CACHE_GB GB)? It costs from now on, and takes five minutes."
  gcloud redis instances create "$CACHE" --region="$REGION" --size="$CACHE_GB" --tier="$CACHE_TIER" \
    --redis-version=redis_7_2 --connect-mode=PRIVATE_SERVICE_ACCESS \
    --network="projects/$PROJECT/global/networks/$NETWORK" --redis-config=maxmemory-policy=allkeys-lru
fi
if [[ -n $LABELS ]]; then
  gcloud redis instances update "$CACHE" --region="$REGION" --update-labels="$LABELS"
fi
address=$(gcloud redis instances describe "$CACHE" --region="$REGION" --format='value(host)')
name "$CACHE_HOST" "$address"

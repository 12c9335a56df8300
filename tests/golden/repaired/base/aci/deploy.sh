#!/usr/bin/env bash
# From an empty subscription to a running group; run it again after every change of the config.
# Usage: ./deploy.sh [--yes]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

REGISTRY=examplesearch
HOST=ai-search.westeurope.azurecontainer.io
DOMAINS=search.example.com
# name=GiB
SHARES='ai-search-uploads=20 ai-search-certificates=1 ai-search-backups=20'
KEEP_DAYS=30
DATABASE=ai-search-db
DATABASE_VERSION=18
TIER=Burstable
MACHINE=Standard_B2s
DISK=128
STANDBY=Disabled
MAX_CONNECTIONS=100
DATABASE_NAME=aisearch
DATABASE_USER=aisearch
PASSWORD_NAME=DATABASE_PASSWORD
EXTENSIONS=VECTOR

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az docker

case ${1:-} in
  '') ;;
  --yes) export YES=yes ;;
  *) stop "usage: ./deploy.sh [--yes]" ;;
esac

for namespace in ContainerInstance ContainerRegistry ManagedIdentity Storage DBforPostgreSQL; do
  az provider register --namespace "Microsoft.$namespace" --subscription "$SUBSCRIPTION"
done
found=$(az group exists --name "$RESOURCE_GROUP" --subscription "$SUBSCRIPTION")
if [[ $found != true ]]; then
  confirm "Create the resource group $RESOURCE_GROUP in $LOCATION, and in it what costs by the hour?"
  az group create --name "$RESOURCE_GROUP" --location "$LOCATION" --subscription "$SUBSCRIPTION" --output none
fi

say "Images"
if ! there acr show --name "$REGISTRY"; then
  azure acr create --name "$REGISTRY" --location "$LOCATION" --sku Basic --admin-enabled false >/dev/null
fi
./images.sh

say "The identity that pulls them"
if ! there identity show --name "$GROUP"; then
  azure identity create --name "$GROUP" --location "$LOCATION" >/dev/null
  # It takes a moment until other services know it.
  sleep 30
fi
principal=$(azure identity show --name "$GROUP" --query principalId)
scope=$(azure acr show --name "$REGISTRY" --query id)
az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
  --role AcrPull --scope "$scope" --subscription "$SUBSCRIPTION" --output none

say "File shares"
if ! there storage account show --name "$STORAGE_ACCOUNT"; then
  azure storage account create --name "$STORAGE_ACCOUNT" --location "$LOCATION" --sku Standard_ZRS --kind StorageV2 \
    --https-only true --min-tls-version TLS1_2 --allow-blob-public-access false >/dev/null
fi
# Deleted shares can be brought back.
azure storage account file-service-properties update --account-name "$STORAGE_ACCOUNT" \
  --enable-delete-retention true --delete-retention-days "$KEEP_DAYS" >/dev/null
read -r -a shares <<<"$SHARES"
for share in "${shares[@]}"; do
  if there storage share-rm show --storage-account "$STORAGE_ACCOUNT" --name "${share%%=*}"; then
    azure storage share-rm update --storage-account "$STORAGE_ACCOUNT" --name "${share%%=*}" --quota "${share#*=}" >/dev/null
  else
    azure storage share-rm create --storage-account "$STORAGE_ACCOUNT" --name "${share%%=*}" --quota "${share#*=}" >/dev/null
  fi
done

# az reads an argument that starts with @ from a file: the password is in none.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s' "$(<"$SECRETS_FOLDER/$PASSWORD_NAME")" >"$work/password"
if there postgres flexible-server show --name "$DATABASE"; then
  running=$(azure postgres flexible-server show --name "$DATABASE" --query sku.name)
  if [[ $running != "$MACHINE" ]]; then
    confirm "$DATABASE changes from $running to $MACHINE and is away for some minutes. Now?"
  fi
  settings=(--tier "$TIER" --sku-name "$MACHINE" --backup-retention "$KEEP_DAYS" --high-availability "$STANDBY")
  size=$(azure postgres flexible-server show --name "$DATABASE" --query storage.storageSizeGb)
  # A disk grows, it never shrinks.
  if ((size < DISK)); then
    settings+=(--storage-size "$DISK")
  fi
  azure postgres flexible-server update --name "$DATABASE" "${settings[@]}" --admin-password "@$work/password" >/dev/null
else
  confirm "Create $DATABASE (PostgreSQL $DATABASE_VERSION, $MACHINE, $DISK GiB)? It costs from now on."
  # 0.0.0.0: services inside Azure may connect, nobody from outside. TLS and the password are asked of them all.
  azure postgres flexible-server create --name "$DATABASE" --location "$LOCATION" --version "$DATABASE_VERSION" \
    --tier "$TIER" --sku-name "$MACHINE" --storage-size "$DISK" --storage-auto-grow Enabled \
    --backup-retention "$KEEP_DAYS" --high-availability "$STANDBY" --public-access 0.0.0.0 \
    --admin-user "$DATABASE_USER" --admin-password "@$work/password" --database-name "$DATABASE_NAME" --yes >/dev/null
fi
azure postgres flexible-server parameter set --server-name "$DATABASE" --name azure.extensions \
  --value "$EXTENSIONS" >/dev/null
current=$(azure postgres flexible-server parameter show --server-name "$DATABASE" --name max_connections --query value)
if [[ $current != "$MAX_CONNECTIONS" ]]; then
  azure postgres flexible-server parameter set --server-name "$DATABASE" --name max_connections \
    --value "$MAX_CONNECTIONS" >/dev/null
  confirm "max_connections needs a restart of $DATABASE. Now?"
  azure postgres flexible-server restart --name "$DATABASE"
fi
if [[ -n $EXTENSIONS ]]; then
  ./task.sh prepare
fi

say "The container group"
./apply.sh group.yaml
address=$(azure container show --name "$GROUP" --query ipAddress.ip)
say "$DOMAINS: point to $HOST (CNAME); it is at $address now"
say "Next: ./verify.sh"

#!/usr/bin/env bash
# Replaces the database's content by that of a backup. Without an argument: the backups that there are.
# Usage: ./restore.sh [--yes] [database-20261124T020000Z.dump]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

SHARE=ai-search-backups

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az

if [[ ${1:-} == --yes ]]; then
  export YES=yes
  shift
fi
if (($# == 0)); then
  AZURE_STORAGE_KEY=$(azure storage account keys list --account-name "$STORAGE_ACCOUNT" --query '[0].value')
  export AZURE_STORAGE_KEY
  az storage file list --account-name "$STORAGE_ACCOUNT" --share-name "$SHARE" --query '[].name' --output tsv
  exit 0
fi
name=${1##*/}
confirm "Everything in the database of $GROUP is replaced by $name. A backup of it is made first. Go on?"
./task.sh backup
./task.sh restore "$name"
azure container restart --name "$GROUP"
say "Restored. Next: ./verify.sh"

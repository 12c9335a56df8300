#!/usr/bin/env bash
# Replaces the database's content by that of a backup. Without an argument: the backups that there are.
# Usage: ./restore.sh [--yes] [database-20261124T020000Z.dump]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

DATABASE_JOB=ai-search-dev-database
BACKUPS=gs://example-project-ai-search-dev-backups/

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud

if [[ ${1:-} == --yes ]]; then
  export YES=yes
  shift
fi
if (($# == 0)); then
  gcloud storage ls --long "$BACKUPS"
  exit 0
fi
name=${1##*/}
there gcloud storage objects describe "$BACKUPS$name" || stop "There is no $BACKUPS$name."
confirm "Everything in the database of $SERVICE is replaced by $name. A backup of it is made first. Go on?"
gcloud run jobs execute "$DATABASE_JOB" --wait
gcloud run jobs execute "$DATABASE_JOB" --args="restore,$name" --wait
./restart.sh
say "Restored. Next: ./verify.sh"

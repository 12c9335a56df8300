#!/usr/bin/env bash
# Sends all traffic back to the revision before the one that has it now, or to the one named. The database is not
# migrated back: a version has to work with the schema of the next one.
# Usage: ./rollback.sh [REVISION]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

# How gcloud is asked.
SERVING='value(status.traffic[0].revisionName)'

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud

previous=${1:-}
if [[ -z $previous ]]; then
  serving=$(gcloud run services describe "$SERVICE" --format="$SERVING")
  # Newest first: the one after the one that serves is the one before it.
  previous=$(gcloud run revisions list --service="$SERVICE" --sort-by='~metadata.creationTimestamp' \
    --filter='status.conditions.type=Ready AND status.conditions.status=True' --format='value(metadata.name)' |
    awk -v serving="$serving" 'found { print; exit } $1 == serving { found = 1 }')
fi
[[ -n $previous ]] || stop "There is no revision before the one that serves."
gcloud run services update-traffic "$SERVICE" --to-revisions="$previous=100"
say "$previous serves. ./update.sh goes forward again."

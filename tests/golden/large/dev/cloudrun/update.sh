#!/usr/bin/env bash
# Puts a new version into service: change image.tag in the config, render, run this. It gets no traffic until it is
# ready, then a tenth, then half, then all; when requests fail, the old version has all of it again.
# Usage: ./update.sh [--no-migrate]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

HEALTH=https://dev.search.example.com/health
# How gcloud is asked.
SERVING='value(status.traffic[0].revisionName)'
MIGRATE_JOB=ai-search-dev-migrate

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud docker curl

migrate=yes
case ${1:-} in
  '') ;;
  --no-migrate) migrate=no ;;
  *) stop "usage: ./update.sh [--no-migrate]" ;;
esac

# Thirty answers in half a minute; one that fails is one too many.
answers() {
  local number
  for ((number = 0; number < 30; number++)); do
    if ! curl --fail --silent --show-error --max-time 10 --output /dev/null "$HEALTH"; then
      return 1
    fi
    sleep 1
  done
}

there gcloud run services describe "$SERVICE" || stop "Nothing runs yet: ./deploy.sh"
./images.sh
previous=$(gcloud run services describe "$SERVICE" --format="$SERVING")

gcloud run jobs replace migrate.yaml
if [[ $migrate == yes ]]; then
  say "Migrating the database"
  gcloud run jobs execute "$MIGRATE_JOB" --wait || stop "The migration failed; $previous serves as before."
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  sed '/^  traffic:$/,$d' service.yaml
  printf '  traffic:\n    - revisionName: %s\n      percent: 100\n' "$previous"
} >"$work/service.yaml"
gcloud run services replace "$work/service.yaml" || stop "The new version does not become ready; $previous serves as before."
new=$(gcloud run services describe "$SERVICE" --format='value(status.latestReadyRevisionName)')
created=$(gcloud run services describe "$SERVICE" --format='value(status.latestCreatedRevisionName)')
[[ $new == "$created" ]] || stop "$created does not become ready; $previous serves as before."

if [[ $new != "$previous" ]]; then
  for share in 10 50 100; do
    say "$new gets $share % of the traffic"
    if ((share < 100)); then
      gcloud run services update-traffic "$SERVICE" --to-revisions="$new=$share,$previous=$((100 - share))"
    else
      gcloud run services update-traffic "$SERVICE" --to-revisions="$new=100"
    fi
    if ! answers; then
      gcloud run services update-traffic "$SERVICE" --to-revisions="$previous=100"
      stop "Requests failed: $previous has all the traffic again."
    fi
  done
fi
# As service.yaml says.
gcloud run services update-traffic "$SERVICE" --to-latest
say "In service: $new. Back to $previous: ./rollback.sh"

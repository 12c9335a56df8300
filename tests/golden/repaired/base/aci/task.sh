#!/usr/bin/env bash
# Runs one task of database.yaml to its end, shows what it said, and takes it away.
# Usage: ./task.sh backup | prepare | restore BACKUP
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

JOB=ai-search-database
SECONDS_AT_MOST=7200

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az
task=${1:?usage: ./task.sh backup | prepare | restore BACKUP}

if there container show --name "$JOB"; then
  azure container delete --name "$JOB" --yes >/dev/null
fi
./apply.sh database.yaml "$task" "${2:-}"
deadline=$((SECONDS + SECONDS_AT_MOST))
state=
while ((SECONDS < deadline)); do
  state=$(azure container show --name "$JOB" --query 'containers[0].instanceView.currentState.state')
  if [[ $state == Terminated ]]; then
    break
  fi
  sleep 5
done
azure container logs --name "$JOB" >&2 || true
code=$(azure container show --name "$JOB" --query 'containers[0].instanceView.currentState.exitCode')
azure container delete --name "$JOB" --yes >/dev/null
[[ $state == Terminated && $code == 0 ]] || stop "$task failed."

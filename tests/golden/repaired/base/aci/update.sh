#!/usr/bin/env bash
# Puts a new version into service: change image.tag in the config, render, run this. The group is made anew, so nobody is
# answered for as long as the app takes to start; a version that does not answer gives way to the old one again.
# Usage: ./update.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

HEALTH=https://search.example.com/health
HOST=ai-search.westeurope.azurecontainer.io
STARTUP_SECONDS=60
IMAGE=examplesearch.azurecr.io/example/ai-search:1.0.0

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az curl docker

there container show --name "$GROUP" || stop "Nothing runs yet: ./deploy.sh"
previous=$(azure container show --name "$GROUP" --query "containers[?name=='app'].image")

# Past the domain's DNS record, which may point to a CDN; the certificate is the domain's, or for a trial nobody's.
answers() {
  local deadline=$((SECONDS + STARTUP_SECONDS + 120))
  while ((SECONDS < deadline)); do
    if curl --fail --silent --insecure --max-time 5 --output /dev/null --connect-to "::$HOST:443" "$HEALTH"; then
      return 0
    fi
    sleep 5
  done
  return 1
}

./images.sh
if ! ./apply.sh group.yaml || ! answers; then
  azure container logs --name "$GROUP" --container-name app >&2 || true
  [[ $previous != "$IMAGE" ]] || stop "The group does not answer: see \"It does not start\" in RUNBOOK.md."
  say "Going back to $previous"
  APP_IMAGE=$previous ./apply.sh group.yaml
  answers || stop "The old version does not answer either: see \"It does not start\" in RUNBOOK.md."
  stop "The update failed; $previous runs again."
fi
if [[ $previous != "$IMAGE" ]]; then
  printf '%s\n' "$previous" >.previous-image
fi
say "In service: $IMAGE. Back to $previous: ./rollback.sh"

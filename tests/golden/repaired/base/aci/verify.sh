#!/usr/bin/env bash
# Asks the running service what a person would check after a deployment.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

DOMAIN=search.example.com
HEALTH_PATH=/health
METRICS_PATH=/metrics
LIMITED_PATH=/query
NEEDS_KEY=no

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need curl
failed=0

check() {
  if [[ $2 == "$3" ]]; then
    say "ok    $1"
  else
    say "WRONG $1: $2 instead of $3"
    failed=1
  fi
}

status() {
  curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' "$@" || true
}

code=$(status "https://$DOMAIN$HEALTH_PATH")
check "healthy over HTTPS" "$code" 200
code=$(status "http://$DOMAIN/")
[[ $code == 30[128] ]] && code=redirect
check "HTTP goes to HTTPS" "$code" redirect
headers=$(curl --silent --max-time 30 --head "https://$DOMAIN/" || true)
for header in strict-transport-security content-security-policy x-content-type-options; do
  found=no
  if grep -qi "^$header:" <<<"$headers"; then
    found=yes
  fi
  check "header $header" "$found" yes
done
if [[ -n $METRICS_PATH ]]; then
  code=$(status "https://$DOMAIN$METRICS_PATH")
  check "metrics are hidden" "$code" 404
fi
if [[ $NEEDS_KEY == yes ]]; then
  code=$(status --request POST "https://$DOMAIN$LIMITED_PATH")
  check "nobody calls without a key" "$code" 401
fi
exit "$failed"

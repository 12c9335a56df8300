#!/usr/bin/env bash
# Looks from the outside whether the service does what it should: through the edge, with TLS, as a browser would.
# Usage: ./verify.sh     exit 1 when something is wrong
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

PROJECT=reference-search
# What runs all the time.
SERVICES='app db cache edge'
DOMAIN=search.example.com
HTTP_PORT=80
HTTPS_PORT=443
# What the redirect has to point to.
REDIRECT=https://search.example.com/
HEALTH_PATH=/health
METRICS_PATH=/metrics
# Where backups are, and the age at which the newest is too old: twice the longest time between two.
BACKUPS=/var/backups/reference-search
BACKUP_SECONDS=86400
REFUSED=

cd "$(dirname "${BASH_SOURCE[0]}")"
command -v curl >/dev/null || {
  echo "curl is not installed" >&2
  exit 1
}

backups=${AISEARCH_BACKUPS:-$BACKUPS}
failures=0

# $1 says what should hold; the rest is a command that finds out.
check() {
  local claim=$1
  shift
  if "$@"; then
    printf '  ok    %s\n' "$claim"
  else
    printf '  FAIL  %s\n' "$claim"
    failures=$((failures + 1))
  fi
}

# This machine, whatever the name server says.
ask() {
  curl --silent --show-error --max-time 20 --insecure --resolve "$DOMAIN:$HTTPS_PORT:127.0.0.1" \
    "${@:2}" "https://$DOMAIN:$HTTPS_PORT$1"
}

status() {
  local found
  found=$(ask "$2" --output /dev/null --write-out '%{response_code}') || return 1
  [[ "$found" =~ ^($1$REFUSED)$ ]]
}

has_header() {
  grep -iq "^$1:" <<<"$headers"
}

redirects() {
  local found
  found=$(curl --silent --max-time 20 --resolve "$DOMAIN:$HTTP_PORT:127.0.0.1" --output /dev/null \
    --write-out '%{response_code} %{redirect_url}' "http://$DOMAIN:$HTTP_PORT/") || return 1
  [[ "$found" == "301 $REDIRECT" ]]
}

all_run() {
  local service
  for service in $SERVICES; do
    [[ -n "$(docker compose ps --quiet "$service")" ]] || return 1
  done
}

all_healthy() {
  local health
  for health in starting unhealthy; do
    [[ -z "$(docker ps --quiet --filter "label=com.docker.compose.project=$PROJECT" --filter "health=$health")" ]] ||
      return 1
  done
}

only_edge_published() {
  local published
  published=$(docker ps --filter "label=com.docker.compose.project=$PROJECT" --filter publish=1-65535 --quiet)
  [[ -n "$published" && "$published" == "$(docker ps --filter "label=com.docker.compose.project=$PROJECT" \
    --filter label=com.docker.compose.service=edge --quiet)" ]]
}

newest_backup() {
  find "$backups" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' -printf '%f\n' 2>/dev/null | sort | tail -n 1
}

is_recent() {
  local oldest
  oldest=$(date --utc --date="@$(($(date +%s) - BACKUP_SECONDS))" +%Y%m%dT%H%M%SZ)
  [[ ! "$1" < "$oldest" ]]
}

headers=$(ask "$HEALTH_PATH" --dump-header - --output /dev/null || true)

check "everything runs" all_run
check "everything is healthy" all_healthy
check "only the edge is published" only_edge_published
check "the app is well, over HTTPS" status 200 "$HEALTH_PATH"
check "HTTP leads to HTTPS" redirects
for header in Strict-Transport-Security Content-Security-Policy X-Content-Type-Options X-Frame-Options Referrer-Policy; do
  check "answers carry $header" has_header "$header"
done
check "metrics are not for everybody" status 404 "$METRICS_PATH"

newest=$(newest_backup || true)
if [[ -n "$newest" ]]; then
  check "the newest backup, $newest, is recent" is_recent "$newest"
else
  printf '  note  %s\n' "there is no backup in $backups yet: ./backup.sh makes one"
fi

((failures == 0))

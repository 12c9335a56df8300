#!/usr/bin/env bash
# Looks from the outside whether the service does what it should: through nginx, with TLS, as a browser would.
# Usage: verify.sh     exit 1 when something is wrong
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=reference-search
# What runs all the time.
SERVICES='reference-search.socket reference-search.service nginx.service reference-search-cache.service postgresql.service'
APP_SOCKET=/run/reference-search/app.sock
# Longest time to wait for an answer: the app may have been started just now.
LONGEST=50
DOMAIN=search.example.com
HTTP_PORT=80
HTTPS_PORT=443
# What the redirect has to point to.
REDIRECT=https://search.example.com/
HEALTH_PATH=/health
METRICS_PATH=/metrics
REFUSED=

command -v curl >/dev/null || {
  echo "curl is not installed" >&2
  exit 1
}

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
  curl --silent --show-error --max-time "$LONGEST" --insecure --resolve "$DOMAIN:$HTTPS_PORT:127.0.0.1" \
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
  found=$(curl --silent --max-time "$LONGEST" --resolve "$DOMAIN:$HTTP_PORT:127.0.0.1" --output /dev/null \
    --write-out '%{response_code} %{redirect_url}' "http://$DOMAIN:$HTTP_PORT/") || return 1
  [[ "$found" == "301 $REDIRECT" ]]
}

all_run() {
  local service
  for service in $SERVICES; do
    systemctl --quiet is-active "$service" || return 1
  done
}

none_failed() {
  [[ -z "$(systemctl list-units --failed --plain --no-legend "$NAME.service" "$NAME-*.service")" ]]
}

# What can be reached over the network goes through nginx: the app has no port.
only_socket() {
  [[ -S "$APP_SOCKET" ]]
}

headers=$(ask "$HEALTH_PATH" --dump-header - --output /dev/null || true)

check "everything runs" all_run
check "nothing has failed" none_failed
check "the app listens on its socket alone" only_socket
check "the app is well, over HTTPS" status 200 "$HEALTH_PATH"
check "HTTP leads to HTTPS" redirects
for header in Strict-Transport-Security Content-Security-Policy X-Content-Type-Options X-Frame-Options Referrer-Policy; do
  check "answers carry $header" has_header "$header"
done
check "metrics are not for everybody" status 404 "$METRICS_PATH"

((failures == 0))

#!/usr/bin/env bash
# Looks from the outside whether the function does what it should, through CloudFront.
# Usage: ./verify.sh     exit 1 when something is wrong
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

DOMAIN=search.example.com
READY_PATH=/health

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws curl

failures=0

# $1 says what should hold; the rest is a command that finds out.
check() {
  local claim=$1
  shift
  if "$@"; then
    printf '  ok    %s\n' "${claim}"
  else
    printf '  FAIL  %s\n' "${claim}"
    failures=$((failures + 1))
  fi
}

# CloudFront itself, whatever the name server says.
ask() {
  curl --silent --show-error --max-time 60 --connect-to "${DOMAIN}:443:${front}:443" "${@:2}" "https://${DOMAIN}$1"
}

is_well() {
  local found
  found=$(ask "${READY_PATH}" --output /dev/null --write-out '%{response_code}') || return 1
  [[ ${found} == 200 ]]
}

has_header() {
  grep -iq "^$1:" <<<"${headers}"
}

stack_is_complete() {
  local found
  found=$(stack_status "${STACK}")
  [[ ${found} == *_COMPLETE && ${found} != *ROLLBACK* ]]
}

front=$(output "${STACK}" DomainName)
headers=$(ask "${READY_PATH}" --dump-header - --output /dev/null || true)

check "the stack is complete" stack_is_complete
check "the app is well, over HTTPS" is_well
for header in Strict-Transport-Security Content-Security-Policy X-Content-Type-Options X-Frame-Options Referrer-Policy; do
  check "answers carry ${header}" has_header "${header}"
done

((failures == 0))

#!/usr/bin/env bash
# Looks from the outside whether the service does what it should, and asks AWS whether everything is healthy.
# Usage: ./verify.sh     exit 1 when something is wrong
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

DOMAIN=search.example.com
HEALTH_PATH=/health
METRICS_PATH=/metrics
# edge.allow need not name this machine: a refusal shows that the edge answers, too.
REFUSED=''

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

# The load balancer itself, whatever the name server says.
ask() {
  curl --silent --show-error --max-time 20 --connect-to "${DOMAIN}:443:${balancer}:443" "${@:2}" "https://${DOMAIN}$1"
}

status() {
  local found
  found=$(ask "$2" --output /dev/null --write-out '%{response_code}') || return 1
  [[ ${found} =~ ^($1${REFUSED})$ ]]
}

has_header() {
  grep -iq "^$1:" <<<"${headers}"
}

redirects() {
  local found
  found=$(curl --silent --max-time 20 --connect-to "${DOMAIN}:80:${balancer}:80" --output /dev/null \
    --write-out '%{response_code} %{redirect_url}' "http://${DOMAIN}/") || return 1
  [[ ${found} == "301 https://${DOMAIN}/" || ${found} == "301 https://${DOMAIN}:443/" ]]
}

stack_is_complete() {
  local found
  found=$(stack_status "${STACK}")
  [[ ${found} == *_COMPLETE && ${found} != *ROLLBACK* ]]
}

tasks_are_there() {
  local found
  found=$(aws ecs describe-services --cluster "${cluster}" --services "${service}" --output text \
    --query "services[0].[runningCount >= desiredCount, length(deployments) == \`1\`]")
  [[ ${found} == True$'\t'True ]]
}

targets_are_healthy() {
  local found
  found=$(aws elbv2 describe-target-health --target-group-arn "${targets}" --output text \
    --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])")
  ((found > 0))
}

balancer=$(output "${STACK}" LoadBalancerName)
cluster=$(output "${STACK}" Cluster)
service=$(output "${STACK}" Service)
targets=$(output "${STACK}" TargetGroup)
headers=$(ask "${HEALTH_PATH}" --dump-header - --output /dev/null || true)

check "the stack is complete" stack_is_complete
check "every task runs, and none of an older version" tasks_are_there
check "the load balancer finds them healthy" targets_are_healthy
check "the app is well, over HTTPS" status 200 "${HEALTH_PATH}"
check "HTTP leads to HTTPS" redirects
for header in Strict-Transport-Security Content-Security-Policy X-Content-Type-Options X-Frame-Options Referrer-Policy; do
  check "answers carry ${header}" has_header "${header}"
done
check "metrics are not for everybody" status 404 "${METRICS_PATH}"

((failures == 0))

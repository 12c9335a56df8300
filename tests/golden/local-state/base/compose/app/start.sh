#!/bin/sh
# Hands the app its secrets and addresses, then becomes it. Runs inside the app's container.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

# The secrets that the app reads, each a file.
SECRET_NAMES=DASHSCOPE_API_KEY

secrets=${AISEARCH_SECRETS:-/run/secrets}

stop() {
  echo "start.sh: $*" >&2
  exit 1
}

# Without the line break that editors add.
value_of() {
  [ -r "$secrets/$1" ] || stop "cannot read $secrets/$1 as user $(id -u): see \"Secrets\" in RUNBOOK.md"
  [ -s "$secrets/$1" ] || stop "$secrets/$1 is empty"
  cat "$secrets/$1"
}

# The app reads secrets from its environment.
give() {
  export "$1=$2"
}

if [ "${1:-}" = --direct ]; then
  shift
fi

for name in $SECRET_NAMES; do
  value=$(value_of "$name")
  give "$name" "$value"
done

exec "$@"

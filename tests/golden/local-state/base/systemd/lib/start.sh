#!/bin/sh
# Hands the app its secrets and addresses, then becomes it. Runs as the app's user, inside its service.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

# The secrets that the app reads; systemd lays each out as a file.
SECRET_NAMES=DASHSCOPE_API_KEY

stop() {
  echo "start.sh: $*" >&2
  exit 1
}

secrets=${CREDENTIALS_DIRECTORY:-}

# Without the line break that editors add.
value_of() {
  [ -s "$secrets/$1" ] || stop "the secret $1 is empty or missing: see \"Secrets\" in RUNBOOK.md"
  cat "$secrets/$1"
}

# The app reads secrets from its environment.
give() {
  export "$1=$2"
}

umask 077

for name in $SECRET_NAMES; do
  value=$(value_of "$name")
  give "$name" "$value"
done

exec "$@"

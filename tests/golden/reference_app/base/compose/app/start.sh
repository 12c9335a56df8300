#!/bin/sh
# Hands the app its secrets and addresses, then becomes it. Runs inside the app's container.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

# The secrets that the app reads, each a file.
SECRET_NAMES=DATABASE_PASSWORD
# The database's URL up to the password and after it, as the app connects and as a migration does.
DATABASE_PASSWORD_NAME=DATABASE_PASSWORD
DATABASE_URL_START=postgresql://aisearch:
DATABASE_URL_END='@db:5432/aisearch?sslmode=disable'
DATABASE_URL_END_DIRECT='@db:5432/aisearch?sslmode=disable'

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

# As it may stand in a URL.
quoted_value_of() {
  plain=$(value_of "$1")
  printf '%s' "$plain" | python -c 'import sys, urllib.parse as u; print(u.quote(sys.stdin.read(), safe=""))'
}

# The app reads secrets from its environment.
give() {
  export "$1=$2"
}

end=$DATABASE_URL_END
if [ "${1:-}" = --direct ]; then
  shift
  end=$DATABASE_URL_END_DIRECT
fi

for name in $SECRET_NAMES; do
  value=$(value_of "$name")
  give "$name" "$value"
done

password=$(quoted_value_of "$DATABASE_PASSWORD_NAME")
give DATABASE_URL "$DATABASE_URL_START$password$end"

exec "$@"

#!/bin/sh
# Hands the app its secrets and addresses, then becomes it. Runs as the app's user, inside its service.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

# The secrets that the app reads; systemd lays each out as a file.
SECRET_NAMES=DATABASE_PASSWORD
# The database's URL up to the password and after it, as the app connects and as a migration does.
DATABASE_PASSWORD_NAME=DATABASE_PASSWORD
DATABASE_URL_START=postgresql://aisearch:
DATABASE_URL_END='@127.0.0.1:5432/aisearch?sslmode=disable'

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

# As it may stand in a URL.
quoted_value_of() {
  plain=$(value_of "$1")
  printf '%s' "$plain" | python -c 'import sys, urllib.parse as u; print(u.quote(sys.stdin.read(), safe=""))'
}

# The app reads secrets from its environment.
give() {
  export "$1=$2"
}

umask 077
start=$DATABASE_URL_START
end=$DATABASE_URL_END

for name in $SECRET_NAMES; do
  value=$(value_of "$name")
  give "$name" "$value"
done

password=$(quoted_value_of "$DATABASE_PASSWORD_NAME")
give DATABASE_URL "$start$password$end"

exec "$@"

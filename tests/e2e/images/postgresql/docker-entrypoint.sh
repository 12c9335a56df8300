#!/usr/bin/env bash
# The part of the official image's interface that rendered files use: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD or
# POSTGRES_PASSWORD_FILE, POSTGRES_INITDB_ARGS, PGDATA, and *.sh, *.sql in /docker-entrypoint-initdb.d. As a user who is
# not root, which is how rendered files start it.
set -euo pipefail

if [[ "${1:0:1}" == - ]]; then
  set -- postgres "$@"
fi
if [[ "$1" != postgres || -s "$PGDATA/PG_VERSION" ]]; then
  exec "$@"
fi

password=${POSTGRES_PASSWORD:-}
if [[ -n "${POSTGRES_PASSWORD_FILE:-}" ]]; then
  password=$(<"$POSTGRES_PASSWORD_FILE")
fi
if [[ -z "$password" ]]; then
  echo "Error: Database is uninitialized and superuser password is not specified." >&2
  exit 1
fi
export POSTGRES_USER=${POSTGRES_USER:-postgres}
export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}

mkdir --parents "$PGDATA"
chmod 0700 "$PGDATA"
# shellcheck disable=SC2086 # several arguments
initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$password") ${POSTGRES_INITDB_ARGS:-}
printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"

# While the scripts run it listens at its socket alone, so nobody takes it for ready.
PGUSER=$POSTGRES_USER pg_ctl --pgdata="$PGDATA" --wait start --options="$(printf '%q ' "${@:2}")-c listen_addresses='' -p 5432"
export PGHOST=/var/run/postgresql
if [[ "$POSTGRES_DB" != postgres ]]; then
  psql --no-password --username="$POSTGRES_USER" --dbname=postgres --set=ON_ERROR_STOP=1 --set=name="$POSTGRES_DB" \
    <<<'CREATE DATABASE :"name";'
fi
for script in /docker-entrypoint-initdb.d/*; do
  case $script in
    *.sh) if [[ -x "$script" ]]; then "$script"; else source "$script"; fi ;;
    *.sql) psql --no-password --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=ON_ERROR_STOP=1 --file="$script" ;;
    *) ;;
  esac
done
unset PGHOST
PGUSER=$POSTGRES_USER pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop

exec "$@"

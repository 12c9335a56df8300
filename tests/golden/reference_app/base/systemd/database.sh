#!/usr/bin/env bash
# Sets PostgreSQL up for the app: its settings, the role, the database and pgvector. install.sh runs it; running it again
# changes nothing but a password that was changed in its file.
# Usage: ./database.sh     as root
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=reference-search
DATABASE=aisearch
LOGIN=aisearch
PASSWORD_FILE=/etc/reference-search/secrets/DATABASE_PASSWORD
MAX_CONNECTIONS=100
SHARED_BUFFERS=256MB
EFFECTIVE_CACHE_SIZE=768MB
MAINTENANCE_WORK_MEM=64MB
WORK_MEM=4MB

# Where the user postgres may be, too.
cd /

say() {
  printf '%s\n' "$*" >&2
}

[[ "$(id -u)" == 0 ]] || {
  say "Run it as root."
  exit 1
}

# The newest cluster that the distribution has made.
read -r version cluster port _ < <(pg_lsclusters --no-header | sort --version-sort | tail -n 1)
if [[ "$port" != 5432 ]]; then
  say "PostgreSQL $version listens on port $port, not on 5432: see pg_lsclusters."
  exit 1
fi
DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "postgresql-$version-pgvector"

settings=/etc/postgresql/$version/$cluster/conf.d/$NAME.conf
before=$(cat "$settings" 2>/dev/null || true)
cat >"$settings" <<CONF
# Written by database.sh of $NAME.
max_connections = $MAX_CONNECTIONS
shared_buffers = $SHARED_BUFFERS
effective_cache_size = $EFFECTIVE_CACHE_SIZE
maintenance_work_mem = $MAINTENANCE_WORK_MEM
work_mem = $WORK_MEM
password_encryption = 'scram-sha-256'
# For the runbook's "slow answers": what took over a second is in the log.
log_min_duration_statement = 1000
log_lock_waits = on
idle_in_transaction_session_timeout = 600000
CONF
if [[ "$before" != "$(cat "$settings")" ]]; then
  systemctl restart "postgresql@$version-$cluster.service"
fi

sql() {
  runuser --user postgres -- psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"
}

# The password goes through a pipe: it is in no argument and in no variable of another process.
{
  printf "SELECT 'CREATE ROLE \"%s\" LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s')\\\\gexec\n" \
    "$LOGIN" "$LOGIN"
  printf "ALTER ROLE \"%s\" PASSWORD '%s';\n" "$LOGIN" "$(sed "s/'/''/g" "$PASSWORD_FILE")"
  printf "SELECT 'CREATE DATABASE \"%s\" OWNER \"%s\"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '%s')\\\\gexec\n" \
    "$DATABASE" "$LOGIN" "$DATABASE"
} | sql --dbname=postgres
sql --dbname="$DATABASE" --command='CREATE EXTENSION IF NOT EXISTS vector' </dev/null
say "PostgreSQL $version is ready: database $DATABASE, role $LOGIN."

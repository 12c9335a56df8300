#!/bin/sh
# Logs PostgreSQL's programs in, then becomes the command. The password is in a file: never in the process list.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

PASSWORD_NAME=DATABASE_PASSWORD

secrets=${AISEARCH_SECRETS:-/run/secrets}
PGPASSFILE=${AISEARCH_PGPASS:-/tmp/pgpass}
export PGPASSFILE

umask 077
# In this file a backslash stands before a colon and before itself.
password=$(sed 's/[\\:]/\\&/g' "$secrets/$PASSWORD_NAME")
printf '*:*:*:*:%s\n' "$password" >"$PGPASSFILE"

exec "$@"

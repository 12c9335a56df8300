#!/bin/sh
# Restores one backup of the database: all of it, or nothing.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

UPLOADS_STAY_HERE=true

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
password=${BACKUP_PASSWORD:-/run/secrets/DATABASE_PASSWORD}

if [ "${BACKUP:-newest}" = newest ]; then
  name=$(find "$backups" -maxdepth 1 -name 'database-*.dump' | sort | tail -n 1)
else
  name=$backups/$BACKUP
fi
if [ ! -r "$name" ]; then
  echo "no such backup. There are:" >&2
  find "$backups" -maxdepth 1 -name 'database-*.dump' | sort >&2
  exit 1
fi

umask 077
PGPASSFILE=$(mktemp)
export PGPASSFILE
printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$password")" >"$PGPASSFILE"

# Extensions are left out: they belong to the superuser and are there already.
list=$(mktemp)
pg_restore --list "$name" | grep -v -E ' (EXTENSION|COMMENT - EXTENSION) ' >"$list"

echo "restoring $name"
pg_restore --dbname="${PGDATABASE:?}" --use-list="$list" --clean --if-exists --no-owner --single-transaction --exit-on-error "$name"

if [ "$UPLOADS_STAY_HERE" = true ] && [ -d "$backups/uploads" ]; then
  # Only what is missing: nobody's newer file is replaced.
  cp -Rpn "$backups/uploads/." "$uploads/"
fi
echo "restored $name"

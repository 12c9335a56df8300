#!/bin/sh
# Lists the backups of the database, or restores the one that BACKUP names: all of it, or nothing.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

NAMESPACE=release-namespace
NAME=reference-search
UPLOADS_STAY_HERE=true

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
password=${BACKUP_PASSWORD:-/run/secrets/DATABASE_PASSWORD}

if [ -z "${BACKUP:-}" ]; then
  echo "Backups on the disk, the newest last:"
  find "$backups" -maxdepth 1 -name '*.dump' | sort | sed 's,.*/,  ,'
  echo 'Nothing was changed. To restore one, name it in BACKUP: RUNBOOK.md, "Restore".'
  exit 0
fi
name=$backups/$BACKUP
if [ "$BACKUP" != "${BACKUP##*/}" ] || [ ! -r "$name" ]; then
  echo "no such backup. There are:" >&2
  find "$backups" -maxdepth 1 -name '*.dump' | sort | sed 's,.*/,  ,' >&2
  exit 1
fi

umask 077
PGPASSFILE=$(mktemp)
export PGPASSFILE
printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$password")" >"$PGPASSFILE"

# Whoever is connected as the app's role could write meanwhile. PgBouncer keeps connections open for the app, so it rests too.
connected=$(psql --no-psqlrc --tuples-only --no-align --command="SELECT count(*) FROM pg_stat_activity
  WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()")
if [ "$connected" != 0 ]; then
  echo "$connected connections to the database are open, so nothing was changed. Stop the app first:" >&2
  echo "  kubectl -n $NAMESPACE scale deployment --replicas=0 -l 'app.kubernetes.io/name=$NAME,app.kubernetes.io/component in (app,pooler)'" >&2
  exit 1
fi

# What is there now, read back as any backup. It is not removed by itself.
before=$backups/before-restore-$(date -u +%Y%m%dT%H%M%SZ).dump
pg_dump --format=custom --file="$before.partial"
pg_restore --file=/dev/null "$before.partial"
sync "$before.partial"
mv "$before.partial" "$before"
echo "saved what was there as ${before##*/}"

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

#!/bin/sh
# Makes one backup of the database, reads all of it again, and only then gives it its name.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

KEEP_MINUTES=43200
UPLOADS_STAY_HERE=true

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
password=${BACKUP_PASSWORD:-/run/secrets/DATABASE_PASSWORD}

umask 077
# libpq reads the password from here, so it stands in no argument and no variable.
PGPASSFILE=$(mktemp)
export PGPASSFILE
printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$password")" >"$PGPASSFILE"

name=$backups/database-$(date -u +%Y%m%dT%H%M%SZ).dump
find "$backups" -maxdepth 1 -name '*.partial' -delete
pg_dump --format=custom --file="$name.partial"

# As if it were restored: a backup that cannot be read to its end is none.
pg_restore --file=/dev/null "$name.partial"
sync "$name.partial"
mv "$name.partial" "$name"
echo "made $name, $(wc -c <"$name") bytes"

if [ "$UPLOADS_STAY_HERE" = true ]; then
  # New and changed files; what was deleted by mistake stays.
  mkdir -p "$backups/uploads"
  cp -Rpu "$uploads/." "$backups/uploads/"
fi

# The one just made is never among them, however short the time.
find "$backups" -maxdepth 1 -name 'database-*.dump' -mmin "+$KEEP_MINUTES" ! -path "$name" -print -delete

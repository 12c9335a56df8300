#!/bin/sh
# Restores one backup of the local databases. What is there now is kept beside it, under before-restore.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

UPLOADS_STAY_HERE=true

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
state=${BACKUP_STATE:-/state}

if [ "${BACKUP:-newest}" = newest ]; then
  name=$(find "$backups" -maxdepth 1 -name 'state-*.tar.gz' | sort | tail -n 1)
else
  name=$backups/$BACKUP
fi
if [ ! -r "$name" ]; then
  echo "no such backup. There are:" >&2
  find "$backups" -maxdepth 1 -name 'state-*.tar.gz' | sort >&2
  exit 1
fi

umask 077
new=$(mktemp -d "$state/new.XXXXXX")
tar -xzf "$name" -C "$new"

before=$state/before-restore
rm -rf "$before"
mkdir "$before"
find "$state" -mindepth 1 -maxdepth 1 ! -name lost+found ! -path "$before" ! -path "$new" -exec mv {} "$before/" \;
find "$new" -mindepth 1 -maxdepth 1 -exec mv {} "$state/" \;
rmdir "$new"

if [ "$UPLOADS_STAY_HERE" = true ] && [ -d "$backups/uploads" ]; then
  # Only what is missing: nobody's newer file is replaced.
  cp -Rpn "$backups/uploads/." "$uploads/"
fi
echo "restored $name"

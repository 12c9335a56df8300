#!/bin/sh
# Lists the backups of the local databases, or restores the one that BACKUP names. What is there now is saved among the
# backups, and kept beside what is restored, under before-restore.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

UPLOADS_STAY_HERE=true

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
state=${BACKUP_STATE:-/state}

if [ -z "${BACKUP:-}" ]; then
  echo "Backups on the disk, the newest last:"
  find "$backups" -maxdepth 1 -name '*.tar.gz' | sort | sed 's,.*/,  ,'
  echo 'Nothing was changed. To restore one, name it in BACKUP: RUNBOOK.md, "Restore".'
  exit 0
fi
name=$backups/$BACKUP
if [ "$BACKUP" != "${BACKUP##*/}" ] || [ ! -r "$name" ]; then
  echo "no such backup. There are:" >&2
  find "$backups" -maxdepth 1 -name '*.tar.gz' | sort | sed 's,.*/,  ,' >&2
  exit 1
fi

umask 077
# It is not removed by itself.
saved=$backups/before-restore-$(date -u +%Y%m%dT%H%M%SZ).tar.gz
tar -czf "$saved.partial" -C "$state" --exclude=./before-restore --exclude=./lost+found .
tar -tzf "$saved.partial" >/dev/null
sync "$saved.partial"
mv "$saved.partial" "$saved"
echo "saved what was there as ${saved##*/}"

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

#!/usr/bin/env bash
# database.sh backup | restore FILE | prepare, or the same words in TASK and BACKUP.
# Where the database is and its password come in the variables that PostgreSQL's programs read themselves.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

KEEP_MINUTES=43200
VECTORS=yes

backups=${BACKUP_FOLDER:-/backups}

# Makes one backup, reads all of it again, and only then gives it its name.
backup() {
  local name=database-
  name+=$(date -u +%Y%m%dT%H%M%SZ).dump
  find "$backups" -maxdepth 1 -name '*.partial' -delete
  # Through a pipe, so that it is written from beginning to end: a bucket is no disk.
  pg_dump --format=custom | cat >"$backups/$name.partial"
  # As if it were restored: a backup that cannot be read to its end is none.
  pg_restore --file=/dev/null "$backups/$name.partial"
  mv "$backups/$name.partial" "$backups/$name"
  echo "made $name, $(wc -c <"$backups/$name") bytes"
  # The one just made is never among them, however short the time.
  find "$backups" -maxdepth 1 -name 'database-*.dump' -mmin "+$KEEP_MINUTES" ! -name "$name" -print -delete
}

# All or nothing: an error leaves the database as it was.
restore() {
  local name=$1
  [[ $name == *.dump && $name != */* && -r $backups/$name ]] || {
    echo "There is no backup $name:" >&2
    find "$backups" -maxdepth 1 -name '*.dump' >&2
    exit 1
  }
  pg_restore --clean --if-exists --no-owner --single-transaction --exit-on-error --dbname="${PGDATABASE:?}" "$backups/$name"
  echo "restored $name"
}

prepare() {
  if [[ $VECTORS == yes ]]; then
    psql --no-psqlrc --set=ON_ERROR_STOP=1 --command='CREATE EXTENSION IF NOT EXISTS vector'
  fi
}

case ${1:-${TASK:-}} in
  backup) backup ;;
  restore) restore "${2:-${BACKUP:?restore needs the name of a backup}}" ;;
  prepare) prepare ;;
  *)
    echo "usage: database.sh backup | restore FILE | prepare" >&2
    exit 2
    ;;
esac

#!/usr/bin/env bash
# Copies what cannot be made again: the database and the uploads. A backup is a folder named
# by its time in UTC; it gets that name only once everything in it was read back.
# Usage: ./backup.sh     as root; schedule-backups.sh makes it run by itself
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

BACKUPS=/var/backups/ai-search
# How long a backup is kept. The newest always is.
KEEP_SECONDS=2592000
# The bucket, under the name that its credentials have in rclone's configuration.
BUCKET=backup:example-backups/ai-search
# Folders inside the app's container.
UPLOADS=/app/src/web/uploads

cd "$(dirname "${BASH_SOURCE[0]}")"
backups=${AISEARCH_BACKUPS:-$BACKUPS}
name=$(date --utc +%Y%m%dT%H%M%SZ)
partial=$backups/.$name.partial

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

exec 9<backup.sh
flock --nonblock 9 || stop "Another backup or a restore is running."

# Whatever happens: nothing half made stays.
end() {
  if [[ -e "$partial" ]]; then
    rm -rf "$partial"
    say "This backup failed, and what there was of it is removed. Earlier ones are as they were."
  fi
}
trap end EXIT
mkdir -p "$backups"
# What earlier runs left behind when they were killed: nobody else writes here, by the lock above.
find "$backups" -mindepth 1 -maxdepth 1 -name '.*.partial' -exec rm -rf {} +
mkdir "$partial"

client() {
  docker compose run --rm -T --no-deps client "$@"
}

# One consistent moment, compressed; read back to the end, since its list of contents stands at the beginning.
dump_database() {
  client pg_dump --format=custom --no-owner --no-privileges >"$partial/database.dump" </dev/null
  [[ -s "$partial/database.dump" ]] || stop "The dump is empty."
  client pg_restore --file=/dev/null <"$partial/database.dump"
  # Roles and settings of the whole server, without passwords: for reading, restore.sh does not need them.
  client pg_dumpall --globals-only --no-role-passwords >"$partial/globals.sql" </dev/null
}

# Writes a tar of the folders in its arguments to standard output, SQLite files through SQLite's own backup.
archive_program() {
  cat <<'PYTHON'
import contextlib, os, sqlite3, sys, tarfile

COPY = ".copy-for-backup"

def is_sqlite(path):
    with open(path, "rb") as file:
        return file.read(16) == b"SQLite format 3\0"

def belongs_to_sqlite(path):
    for ending in ("-wal", "-shm", "-journal", COPY):
        stem = path.removesuffix(ending)
        if stem != path and os.path.isfile(stem) and is_sqlite(stem):
            return True
    return False

def add_sqlite(archive, path):
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as source:
            with contextlib.closing(sqlite3.connect(path + COPY)) as copy:
                source.backup(copy)
                if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                    sys.exit(path + " is damaged")
        archive.add(path + COPY, path)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path + COPY + ending)

def add_file(archive, path):
    try:
        through_sqlite = is_sqlite(path)
        if not through_sqlite:
            archive.add(path)
    except FileNotFoundError:
        # An upload on its way, which has its own name by now.
        return
    if through_sqlite:
        add_sqlite(archive, path)

def add(archive, path):
    if os.path.isdir(path) and not os.path.islink(path):
        archive.add(path, recursive=False)
        for name in sorted(os.listdir(path)):
            add(archive, os.path.join(path, name))
    elif os.path.isfile(path) and not belongs_to_sqlite(path):
        add_file(archive, path)

with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
    for folder in sys.argv[1:]:
        add(archive, folder)
PYTHON
}

archive() {
  docker compose run --rm -T --no-deps --entrypoint python app -c "$(archive_program)" "$@" </dev/null
}

copy_files() {
  archive "$UPLOADS" >"$partial/files.tar"
  [[ -s "$partial/files.tar" ]] || stop "The archive of the files is empty."
  tar --list --file="$partial/files.tar" >/dev/null
}

finish() {
  (cd "$partial" && sha256sum -- * >"../.$name.sums" && mv "../.$name.sums" SHA256SUMS)
  (cd "$partial" && sha256sum --check --quiet SHA256SUMS)
  sync
  mv "$partial" "$backups/$name"
}

# Reads names of backups and prints those that are older than is kept. What is not named like a backup is not ours.
expired() {
  local oldest candidate
  oldest=$(date --utc --date="@$(($(date +%s) - KEEP_SECONDS))" +%Y%m%dT%H%M%SZ)
  while read -r candidate; do
    candidate=${candidate%/}
    if [[ "$candidate" =~ ^[0-9]{8}T[0-9]{6}Z$ && "$candidate" < "$oldest" && "$candidate" != "$name" ]]; then
      printf '%s\n' "$candidate"
    fi
  done
}

# Only after everything above went well, so the newest good backup is never the one that goes.
remove_expired() {
  local old
  for old in $(find "$1" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | expired); do
    rm -rf "${1:?}/$old"
  done
}

rclone() {
  docker compose run --rm -T --no-deps --volume "$backups:/backups:ro" rclone "$@" </dev/null
}

# The list of sums goes last: a backup in the bucket without it is not whole.
copy_to_bucket() {
  local old
  rclone copy --exclude SHA256SUMS "/backups/$name" "$BUCKET/$name"
  rclone check --one-way --exclude SHA256SUMS "/backups/$name" "$BUCKET/$name"
  rclone copy "/backups/$name/SHA256SUMS" "$BUCKET/$name"
  for old in $(rclone lsf --dirs-only "$BUCKET" | expired); do
    # Credentials that cannot delete are the better ones; the bucket's own lifecycle rule does it then.
    rclone purge "$BUCKET/$old" || say "$old stays in the bucket."
  done
}

dump_database
copy_files
finish
copy_to_bucket
remove_expired "$backups"
say "Backup $name: $(du --summarize --human-readable "$backups/$name" | cut --fields=1) in $backups/$name"

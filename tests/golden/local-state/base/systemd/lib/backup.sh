#!/usr/bin/env bash
# Copies what cannot be made again: the databases and the uploads. A backup is a folder named
# by its time in UTC; it gets that name only once everything in it was read back.
# Usage: backup.sh     as root; its timer makes it run by itself
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

BACKUPS=/var/backups/ai-search
# How long a backup is kept. The newest always is.
KEEP_SECONDS=1209600
# The app's folders: what is below STATE under these names.
STATE=/var/lib/ai-search
FOLDERS='data uploads'
OWNER=ai-search
UNIT=ai-search.service

# Where every user may be.
cd /
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

mkdir -p "$backups"
exec 9<"$backups"
flock --nonblock 9 || stop "Another backup or a restore is running."

frozen=no
thaw() {
  if [[ "$frozen" == yes ]]; then
    systemctl thaw "$UNIT"
    frozen=no
  fi
}

# Whatever happens: nothing half made stays, and the app goes on.
end() {
  thaw
  rm -rf "$partial"
}
trap end EXIT
mkdir -p "$partial"

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

def add(archive, path):
    if os.path.isdir(path) and not os.path.islink(path):
        archive.add(path, recursive=False)
        for name in sorted(os.listdir(path)):
            add(archive, os.path.join(path, name))
    elif os.path.isfile(path) and path.startswith("uploads/"):
        # What people upload may look like a database and be none; it does not change.
        archive.add(path)
    elif os.path.isfile(path) and not belongs_to_sqlite(path):
        add_sqlite(archive, path) if is_sqlite(path) else archive.add(path)

with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
    for folder in sys.argv[1:]:
        add(archive, folder)
PYTHON
}

# As the app's user: what it may not read or write, nothing here does in its folders.
archive() {
  local folders
  read -r -a folders <<<"$FOLDERS"
  (cd "$STATE" && runuser --user "$OWNER" -- python3 -I -c "$(archive_program)" "${folders[@]}") </dev/null
}

copy_files() {
  local attempt
  # The vector store's files only belong together while nobody writes. Frozen, the app answers nobody for as long as
  # copying takes; requests wait. Frozen in the middle of a write, SQLite stays locked: then once more.
  for attempt in 1 2 3 4 5; do
    if systemctl --quiet is-active "$UNIT" && systemctl freeze "$UNIT"; then
      frozen=yes
    fi
    if archive >"$partial/files.tar"; then
      break
    fi
    thaw
    ((attempt < 5)) || stop "The files could not be copied."
    sleep 5
  done
  thaw
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

copy_files
finish
remove_expired "$backups"
say "Backup $name: $(du --summarize --human-readable "$backups/$name" | cut --fields=1) in $backups/$name"

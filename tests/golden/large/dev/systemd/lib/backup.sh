#!/usr/bin/env bash
# Copies what cannot be made again: the database and the uploads. A backup is a folder named
# by its time in UTC; it gets that name only once everything in it was read back.
# Usage: backup.sh     as root; its timer makes it run by itself
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

BACKUPS=/var/backups/ai-search-dev
# How long a backup is kept. The newest always is.
KEEP_SECONDS=2592000
# The bucket, under the name that its credentials have in rclone's configuration.
BUCKET=backup:example-backups/ai-search/dev
# The app's folders: what is below STATE under these names.
STATE=/var/lib/ai-search-dev
FOLDERS=uploads
OWNER=ai-search-dev
DATABASE=aisearch
LOGIN=aisearch
HOST=db.example.com
PORT=5432
TLS=verify-full
CA=/etc/ai-search-dev/database-ca.pem
PASSWORD_FILE=/etc/ai-search-dev/secrets/DATABASE_PASSWORD
CREDENTIALS=/etc/ai-search-dev/secrets/BACKUP_CREDENTIALS
AUTHORITIES=/etc/ai-search-dev/authorities.pem

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

# Whatever happens: nothing half made stays.
end() {
  rm -rf "$partial" "${passfile:-}"
}
trap end EXIT
mkdir -p "$partial"

# PostgreSQL's programs log in with a file of their own: the password is in no argument.
passfile=$(mktemp)
password=$(sed 's/[\\:]/\\&/g' "$PASSWORD_FILE")
printf '*:*:*:*:%s\n' "$password" >"$passfile"
client() {
  PGPASSFILE=$passfile PGHOST=$HOST PGPORT=$PORT PGUSER=$LOGIN PGDATABASE=$DATABASE PGSSLMODE=$TLS \
    PGSSLROOTCERT=$CA "$@"
}

# One consistent moment, compressed; read back to see that it is whole.
dump_database() {
  client pg_dump --format=custom --no-owner --no-privileges >"$partial/database.dump" </dev/null
  [[ -s "$partial/database.dump" ]] || stop "The dump is empty."
  client pg_restore --list <"$partial/database.dump" >/dev/null
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
  archive >"$partial/files.tar"
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

# rclone, with its configuration from a secret.
bucket_program() {
  local -x RCLONE_CA_CERT=$AUTHORITIES
  RCLONE_CONFIG=$CREDENTIALS rclone "$@" </dev/null
}

# The list of sums goes last: a backup in the bucket without it is not whole.
copy_to_bucket() {
  local old
  bucket_program copy --exclude SHA256SUMS "$backups/$name" "$BUCKET/$name"
  bucket_program check --one-way --exclude SHA256SUMS "$backups/$name" "$BUCKET/$name"
  bucket_program copy "$backups/$name/SHA256SUMS" "$BUCKET/$name"
  for old in $(bucket_program lsf --dirs-only "$BUCKET" | expired); do
    # Credentials that cannot delete are the better ones; the bucket's own lifecycle rule does it then.
    bucket_program purge "$BUCKET/$old" || say "$old stays in the bucket."
  done
}

dump_database
copy_files
finish
copy_to_bucket
remove_expired "$backups"
say "Backup $name: $(du --summarize --human-readable "$backups/$name" | cut --fields=1) in $backups/$name"

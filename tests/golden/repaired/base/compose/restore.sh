#!/usr/bin/env bash
# Puts a backup back: into a new database that takes the old one's place at the end, so nothing is lost when it fails.
# Usage: ./restore.sh                                  lists the backups
#        ./restore.sh [--yes] [--without-backup] NAME
#        ./restore.sh --test NAME      only tries, in a database of its own
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

BACKUPS=/var/backups/ai-search
BUCKET=backup:example-backups/ai-search
DATABASE=aisearch
# Folders inside the app's container.
UPLOADS=/app/src/web/uploads
DATA=''

cd "$(dirname "${BASH_SOURCE[0]}")"
backups=${AISEARCH_BACKUPS:-$BACKUPS}
# On a new server there are none yet.
mkdir -p "$backups"

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

rclone() {
  docker compose run --rm -T --no-deps --volume "$backups:/backups" rclone "$@" </dev/null
}

list() {
  say "Backups in $backups:"
  find "$backups" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' -printf '  %f\n' | sort >&2
  say "Backups in $BUCKET:"
  rclone lsf --dirs-only "$BUCKET" | sed 's/^/  /; s,/$,,' | sort >&2
}

agreed=no
saves=yes
tries=no
name=
while (($# > 0)); do
  case $1 in
    --yes) agreed=yes ;;
    --without-backup) saves=no ;;
    --test) tries=yes ;;
    -*) stop "unknown option $1; the first lines of this script say what there is" ;;
    *) name=${1%/} ;;
  esac
  shift
done
if [[ -z "$name" ]]; then
  list
  exit 2
fi
[[ "$name" =~ ^[0-9]{8}T[0-9]{6}Z$ ]] || stop "$name is not the name of a backup; ./restore.sh lists them."

if [[ ! -d "$backups/$name" ]]; then
  say "Fetching $name"
  mkdir -p "$backups/.$name.fetched"
  rclone copy "$BUCKET/$name" "/backups/.$name.fetched"
  mv "$backups/.$name.fetched" "$backups/$name"
fi
[[ -s "$backups/$name/SHA256SUMS" ]] || stop "There is no whole backup $name; ./restore.sh lists them."

# Everything is verified before anything is touched: each file is listed, nothing else is, and all are as they were.
is_whole() (
  cd "$backups/$name" &&
    [[ "$(cut --characters=67- SHA256SUMS | sort)" == "$(find . -mindepth 1 ! -name SHA256SUMS -printf '%P\n' | sort)" ]] &&
    sha256sum --check --quiet --strict SHA256SUMS
)
is_whole || stop "The backup is damaged."
work=$(mktemp --directory "$backups/.restore.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$backups/$name"/* "$work/"
tar --list --file="$work/files.tar" >/dev/null

client() {
  docker compose run --rm -T --no-deps client "$@"
}

sql() {
  client psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres \
    --command="SET client_min_messages = warning" "$@" </dev/null
}

docker compose up --detach --wait db
client pg_restore --list <"$work/database.dump" >/dev/null

# Fills the database $1 with the backup, all or nothing.
fill() {
  sql --command="DROP DATABASE IF EXISTS $1" --command="CREATE DATABASE $1 TEMPLATE template0"
  client pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname="$1" <"$work/database.dump"
}

filled=restored_${name,,}
if [[ "$tries" == yes ]]; then
  fill "$filled"
  tables=$(client psql --no-psqlrc --tuples-only --no-align --dbname="$filled" \
    --command="SELECT count(*) FROM pg_stat_user_tables" </dev/null)
  sql --command="DROP DATABASE $filled"
  say "Backup $name can be restored: $tables tables, $(tar --list --file="$work/files.tar" | wc -l) files and folders."
  exit 0
fi

if [[ "$agreed" == no ]]; then
  read -r -p "Put the backup $name in place of what is there now? Nobody is answered meanwhile. [yes/no] " answer
  [[ "$answer" == yes ]] || stop "Nothing was changed."
fi
if [[ "$saves" == yes ]]; then
  say "Saving what is there now (--without-backup leaves that out)"
  ./backup.sh
fi

exec 9<backup.sh 8<compose.yaml
flock --nonblock 9 || stop "A backup is running."
flock --nonblock 8 || stop "An update is running."

# Replaces the folder in the first argument, when there is one; adds to the others, since a file too many does no harm.
restore_program() {
  cat <<'PYTHON'
import os, shutil, sys, tarfile

replaced, *folders = sys.argv[1:]
if replaced:
    for name in os.listdir(replaced):
        path = os.path.join(replaced, name)
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    folders.append(replaced)
safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as archive:
    for member in archive:
        path = os.path.normpath("/" + member.name)
        if not any(path == folder or path.startswith(folder + "/") for folder in folders):
            sys.exit(path + " is not below " + " or ".join(folders))
        if member.isfile() or member.isdir():
            archive.extract(member, "/", **safely)
PYTHON
}

restore_files() {
  docker compose run --rm -T prepare </dev/null
  docker compose run --rm -T --no-deps --entrypoint python app -c "$(restore_program)" "$DATA" "$UPLOADS" \
    <"$work/files.tar"
}

before=before_$(date --utc +%Y%m%dt%H%M%Sz)
swap() {
  sql --output=/dev/null \
    --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE'"
  sql --single-transaction --command="ALTER DATABASE \"$DATABASE\" RENAME TO $before" \
    --command="ALTER DATABASE $filled RENAME TO \"$DATABASE\""
}

say "Filling a new database; the app still runs"
fill "$filled"

say "Stopping the app"
interrupted() {
  say "Interrupted. The app is stopped; its database is the old one or the restored one, never half of it."
  say "Start it again: docker compose up --detach --wait"
  exit 130
}
trap interrupted INT TERM
docker compose stop app pooler
if ! restore_files || ! swap; then
  stop "That failed. The app is stopped, its database as it was: docker compose up --detach --wait starts it again."
fi

say "Starting the app"
well=no
if docker compose up --detach --wait && ./verify.sh; then
  well=yes
fi
trap - INT TERM
say "Restored $name."
say "The database as it was is still there. Once all is well:"
say "  docker compose run --rm client dropdb $before"
if [[ "$well" == no ]]; then
  stop "The restore itself is done: database and uploads are in place. But not all is well: see above and RUNBOOK.md, \"It does not start\"."
fi

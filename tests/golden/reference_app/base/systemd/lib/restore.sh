#!/usr/bin/env bash
# Puts a backup back: into a new database that takes the old one's place at the end, so nothing is lost when it fails.
# Usage: restore.sh                                  lists the backups
#        restore.sh [--yes] [--without-backup] NAME|--newest
#        restore.sh --test NAME|--newest      only tries
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

UNIT=reference-search.service
SOCKET_UNIT=reference-search.socket
RELEASES=/opt/reference-search
SCRIPTS=/usr/local/lib/reference-search
BACKUPS=/var/backups/reference-search
STATE=/var/lib/reference-search
OWNER=reference-search
DATABASE=aisearch
LOGIN=aisearch
HOST=127.0.0.1
PORT=5432
TLS=disable
CA=''
PASSWORD_FILE=/etc/reference-search/secrets/DATABASE_PASSWORD

# Where every user may be.
cd /
backups=${AISEARCH_BACKUPS:-$BACKUPS}

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

# Names of the backups in the folder $1, oldest first.
names() {
  find "$1" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' -printf '%f\n' 2>/dev/null | sort
}

list() {
  say "Backups in $backups:"
  names "$backups" | sed 's/^/  /' >&2
}

newest() {
  local found
  found=$(names "$backups" | tail -n 1)
  printf '%s\n' "$found"
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
    --newest) name=$(newest) ;;
    -*) stop "unknown option $1; the first lines of this script say what there is" ;;
    *) name=${1%/} ;;
  esac
  shift
done
if [[ -z "$name" ]]; then
  list
  exit 2
fi
[[ "$name" =~ ^[0-9]{8}T[0-9]{6}Z$ ]] || stop "$name is not the name of a backup; restore.sh lists them."

[[ -s "$backups/$name/SHA256SUMS" ]] || stop "There is no whole backup $name; restore.sh lists them."

# Everything is verified before anything is touched.
(cd "$backups/$name" && sha256sum --check --quiet SHA256SUMS) || stop "The backup is damaged."
work=$(mktemp --directory "$backups/.restore.XXXXXX")
end() {
  rm -rf "$work" "${passfile:-}"
}
trap end EXIT
cp "$backups/$name"/* "$work/"
tar --list --file="$work/files.tar" >/dev/null

# PostgreSQL's programs log in with a file of their own: the password is in no argument.
passfile=$(mktemp)
password=$(sed 's/[\\:]/\\&/g' "$PASSWORD_FILE")
printf '*:*:*:*:%s\n' "$password" >"$passfile"
client() {
  PGPASSFILE=$passfile PGHOST=$HOST PGPORT=$PORT PGUSER=$LOGIN PGDATABASE=$DATABASE PGSSLMODE=$TLS \
    PGSSLROOTCERT=$CA "$@"
}

# Databases are made and renamed by the server's own role; what is in them belongs to the app's.
sql() {
  runuser --user postgres -- psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres "$@" </dev/null
}

client pg_restore --list <"$work/database.dump" >/dev/null

# Fills the database $1 with the backup, all or nothing.
fill() {
  sql --command="DROP DATABASE IF EXISTS $1" --command="CREATE DATABASE $1 OWNER \"$LOGIN\" TEMPLATE template0"
  # Only the server's own role may make an extension; the dump's own line for it is left out.
  runuser --user postgres -- psql --no-psqlrc --quiet --dbname="$1" --command='CREATE EXTENSION vector' </dev/null
  pg_restore --list "$work/database.dump" | grep -v ' EXTENSION ' >"$work/list"
  client pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --use-list="$work/list" \
    --dbname="$1" <"$work/database.dump"
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
  "$SCRIPTS/backup.sh"
fi

exec 9<"$backups" 8<"$RELEASES"
flock --nonblock 9 || stop "A backup is running."
flock --nonblock 8 || stop "An update is running."

say "Stopping the app"
systemctl stop "$SOCKET_UNIT" "$UNIT"

say "Restoring the database"
fill "$filled"
before=before_$(date --utc +%Y%m%dt%H%M%Sz)
sql --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE'" --output=/dev/null
sql --single-transaction --command="ALTER DATABASE \"$DATABASE\" RENAME TO $before" \
  --command="ALTER DATABASE $filled RENAME TO \"$DATABASE\""

say "Restoring the files"
# As the app's user, which can write nowhere else.
(cd "$STATE" && runuser --user "$OWNER" -- tar --extract --file=- --no-same-owner) <"$work/files.tar"

systemctl start "$SOCKET_UNIT" "$UNIT"
"$SCRIPTS/verify.sh"
say "Restored $name."
say "The database as it was is still there. Once all is well:"
say "  runuser --user postgres -- dropdb $before"

#!/usr/bin/env bash
# Puts a backup back: into a new database that takes the old one's place at the end, so nothing is lost when it fails.
# Usage: restore.sh                                  lists the backups
#        restore.sh [--yes] [--without-backup] NAME|--newest
#        restore.sh --test NAME|--newest      only tries
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

UNIT=ai-search-dev.service
SOCKET_UNIT=ai-search-dev.socket
RELEASES=/opt/ai-search-dev
SCRIPTS=/usr/local/lib/ai-search-dev
BACKUPS=/var/backups/ai-search-dev
BUCKET=backup:example-backups/ai-search/dev
CREDENTIALS=/etc/ai-search-dev/secrets/BACKUP_CREDENTIALS
AUTHORITIES=/etc/ai-search-dev/authorities.pem
STATE=/var/lib/ai-search-dev
OWNER=ai-search-dev
DATABASE=aisearch
LOGIN=aisearch
HOST=db.example.com
PORT=5432
TLS=verify-full
CA=/etc/ai-search-dev/database-ca.pem
PASSWORD_FILE=/etc/ai-search-dev/secrets/DATABASE_PASSWORD

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

# rclone, with its configuration from a secret.
bucket_program() {
  local -x RCLONE_CA_CERT=$AUTHORITIES
  RCLONE_CONFIG=$CREDENTIALS rclone "$@" </dev/null
}

# Names of the backups in the folder $1, oldest first.
names() {
  find "$1" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' -printf '%f\n' 2>/dev/null | sort
}

list() {
  say "Backups in $backups:"
  names "$backups" | sed 's/^/  /' >&2
  say "Backups in $BUCKET:"
  bucket_program lsf --dirs-only "$BUCKET" | sed 's/^/  /; s,/$,,' | sort >&2
}

newest() {
  local found
  found=$(names "$backups" | tail -n 1)
  [[ -n "$found" ]] || found=$(bucket_program lsf --dirs-only "$BUCKET" | sed 's,/$,,' | sort | tail -n 1)
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

if [[ ! -d "$backups/$name" ]]; then
  say "Fetching $name"
  mkdir -p "$backups/.$name.fetched"
  bucket_program copy "$BUCKET/$name" "$backups/.$name.fetched"
  mv "$backups/.$name.fetched" "$backups/$name"
fi
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

sql() {
  client psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres "$@" </dev/null
}

client pg_restore --list <"$work/database.dump" >/dev/null

# Fills the database $1 with the backup, all or nothing.
fill() {
  sql --command="DROP DATABASE IF EXISTS $1" --command="CREATE DATABASE $1 OWNER \"$LOGIN\" TEMPLATE template0"
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
say "  drop the database $before on $HOST"

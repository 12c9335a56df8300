#!/usr/bin/env bash
# Puts a backup back.
# Usage: restore.sh                                  lists the backups
#        restore.sh [--yes] [--without-backup] NAME|--newest
#        restore.sh --test NAME|--newest      only tries
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

UNIT=ai-search.service
SOCKET_UNIT=ai-search.socket
RELEASES=/opt/ai-search
SCRIPTS=/usr/local/lib/ai-search
BACKUPS=/var/backups/ai-search
STATE=/var/lib/ai-search
OWNER=ai-search
# Replaced by the backup; to the uploads it only adds.
DATA=data

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
  rm -rf "$work"
}
trap end EXIT
cp "$backups/$name"/* "$work/"
tar --list --file="$work/files.tar" >/dev/null
if [[ "$tries" == yes ]]; then
  tar --extract --file="$work/files.tar" --directory="$work"
  say "Backup $name can be restored: $(tar --list --file="$work/files.tar" | wc -l) files and folders."
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

say "Restoring the files"
find "${STATE:?}/$DATA" -mindepth 1 -delete
# As the app's user, which can write nowhere else.
(cd "$STATE" && runuser --user "$OWNER" -- tar --extract --file=- --no-same-owner) <"$work/files.tar"

systemctl start "$SOCKET_UNIT" "$UNIT"
"$SCRIPTS/verify.sh"
say "Restored $name."

#!/usr/bin/env bash
# Puts a backup back.
# Usage: ./restore.sh                                  lists the backups
#        ./restore.sh [--yes] [--without-backup] NAME
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 077

BACKUPS=/var/backups/ai-search
# Folders inside the app's container.
UPLOADS=/app/src/web/uploads
DATA=/app/data

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

list() {
  say "Backups in $backups:"
  find "$backups" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' -printf '  %f\n' | sort >&2
}

agreed=no
saves=yes
name=
while (($# > 0)); do
  case $1 in
    --yes) agreed=yes ;;
    --without-backup) saves=no ;;
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

say "Stopping the app"
interrupted() {
  say "Interrupted. The app is stopped, its data may be half replaced: run ./restore.sh --without-backup $name again."
  say "As it is, it starts with: docker compose up --detach --wait"
  exit 130
}
trap interrupted INT TERM
docker compose stop app
if ! restore_files; then
  stop "That failed, and the app is stopped. What was there before is in the backup that was just made: restore that."
fi

say "Starting the app"
well=no
if docker compose up --detach --wait && ./verify.sh; then
  well=yes
fi
trap - INT TERM
say "Restored $name."
if [[ "$well" == no ]]; then
  stop "The restore itself is done: data and uploads are in place. But not all is well: see above and RUNBOOK.md, \"It does not start\"."
fi

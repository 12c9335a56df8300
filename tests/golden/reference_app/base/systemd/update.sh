#!/usr/bin/env bash
# Puts a version of the app, and the settings of this folder, into service. The new release is built beside the old one# and the database migrated while that still serves; then the service is restarted. Its socket stays open
# meanwhile, so nobody is refused: requests wait until the new version answers. One that does not become healthy gives way
# to the old one, settings included.
# Usage: ./update.sh [--no-migrate] [PACKAGE]     as root; PACKAGE as in release.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=reference-search
RELEASES=/opt/reference-search
SCRIPTS=/usr/local/lib/reference-search
SOCKET=/run/reference-search/app.sock
READY_PATH=/ready
MIGRATES=yes
# Longest time from start to healthy.
STARTUP_SECONDS=15
# Releases that are kept, besides the one before.
KEEP_RELEASES=3

cd "$(dirname "${BASH_SOURCE[0]}")"

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

migrate=$MIGRATES
back=no
package=()
while (($# > 0)); do
  case $1 in
    --no-migrate) migrate=no ;;
    --back) back=yes ;;
    -*) stop "usage: ./update.sh [--no-migrate] [PACKAGE]" ;;
    *) package=("$1") ;;
  esac
  shift
done

[[ "$(id -u)" == 0 ]] || stop "Run it as root: sudo ./update.sh"
[[ -e "$RELEASES/current" ]] || stop "Nothing is installed yet: ./install.sh"

# Two updates at once would each take the other's release for the old one.
exec 9<"$RELEASES"
flock --nonblock 9 || stop "Another update or a restore is running."

healthy() {
  local deadline=$((SECONDS + STARTUP_SECONDS))
  while ((SECONDS < deadline)); do
    if curl --silent --fail --output /dev/null --max-time "$((deadline - SECONDS + 1))" --unix-socket "$SOCKET" \
      "http://localhost$READY_PATH"; then
      return 0
    fi
    sleep 1
  done
  say "The app is not healthy. Its last words:"
  journalctl --namespace="$NAME" --unit="$NAME.service" --lines=20 --no-pager --output=cat >&2 || true
  return 1
}

# What is in service: the release's name, and every file that files.sh installs, in a folder of its own.
keep() {
  local kept=$1 path paths=()
  rm -rf "$kept"
  install -d -m 0700 "$kept"
  basename "$(readlink --canonicalize "$RELEASES/current")" >"$kept/release"
  for path in "/etc/systemd/system/$NAME".{service,socket} "/etc/systemd/system/$NAME"-*.{service,timer,path} \
    "/etc/systemd/journald@$NAME.conf" "$SCRIPTS" "/etc/nginx/snippets/$NAME.conf" \
    "/etc/nginx/modules-enabled/90-$NAME.conf" "/etc/nginx/sites-available/$NAME.conf"; do
    if [[ -e "$path" ]]; then
      paths+=("${path#/}")
    fi
  done
  tar --create --file="$kept/files.tar" --directory=/ "${paths[@]}"
}

# Puts what `keep` kept in $1 into service.
bring_back() {
  local release
  release=$(<"$1/release")
  [[ -e "$RELEASES/releases/$release/complete" ]] || stop "The release $release is not there any more."
  tar --extract --file="$1/files.tar" --directory=/
  switch_to "$release"
}

# Changes the link in one step, then restarts: whoever asks meanwhile waits in the socket.
switch_to() {
  ln --symbolic --force --no-dereference "releases/$1" "$RELEASES/.switch"
  mv --no-target-directory "$RELEASES/.switch" "$RELEASES/current"
  systemctl daemon-reload
  if nginx -t -q; then
    systemctl reload nginx.service
  else
    return 1
  fi
  systemctl restart "$NAME.service"
}

previous=$RELEASES/previous
leaving=$RELEASES/.leaving
keep "$leaving"
old=$(<"$leaving/release")

if [[ "$back" == yes ]]; then
  [[ -e "$previous/release" ]] || stop "There was no update, so there is nothing to go back to."
  new=$(<"$previous/release")
  say "Going back from $old to $new"
  bring_back "$previous" || true
else
  new=$(./release.sh ${package[@]+"${package[@]}"})
  ln --symbolic --force --no-dereference "releases/$new" "$RELEASES/next"
  ./files.sh || {
    bring_back "$leaving"
    stop "The settings could not be installed; $old runs as before."
  }
  if [[ "$migrate" == yes ]]; then
    say "Migrating with $new"
    if ! systemctl start "$NAME-migrate.service"; then
      bring_back "$leaving"
      stop "The migration failed; $old runs as before. See journalctl --namespace=$NAME --unit=$NAME-migrate"
    fi
  fi
  say "Replacing $old by $new"
  switch_to "$new" || true
fi

if ! healthy; then
  say "Going back to $old"
  bring_back "$leaving"
  healthy || stop "$old is not healthy either: see \"It does not start\" in RUNBOOK.md."
  stop "The update failed; $old runs again."
fi
rm -rf "$previous"
mv "$leaving" "$previous"

# The newest releases stay; of the others only those that are still named.
find "$RELEASES/releases" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' | sort --reverse --numeric-sort |
  tail -n "+$((KEEP_RELEASES + 1))" | cut --delimiter=' ' --fields=2 | while read -r release; do
  if [[ "$release" != "$new" && "$release" != "$old" ]]; then
    rm -rf "${RELEASES:?}/releases/$release"
  fi
done
say "In service: $new. Back to $old: ./rollback.sh"

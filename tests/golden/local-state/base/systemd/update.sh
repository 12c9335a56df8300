#!/usr/bin/env bash
# Puts a version of the app, and the settings of this folder, into service.
# The new release is built beside the old one; then the service is restarted. Its socket stays open meanwhile, so nobody
# is refused: requests wait until the new version answers. One that does not become healthy gives way to the old one,
# settings included.
# Usage: ./update.sh [--no-migrate] [PACKAGE]     as root; PACKAGE as in release.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=ai-search
RELEASES=/opt/ai-search
SCRIPTS=/usr/local/lib/ai-search
SOCKET=/run/ai-search/app.sock
# A folder whose lock keeps the app from starting.
LOCK=/run/ai-search
READY_PATH=/health
MIGRATES=no
# Longest time from start to healthy.
STARTUP_SECONDS=60
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

# Waits until the app behind the socket $1 of the unit $2 is ready.
healthy() {
  local deadline=$((SECONDS + STARTUP_SECONDS))
  while ((SECONDS < deadline)); do
    if curl --silent --fail --output /dev/null --max-time "$((deadline - SECONDS + 1))" --unix-socket "$1" \
      "http://localhost$READY_PATH"; then
      return 0
    fi
    sleep 1
  done
  say "The app is not healthy. Its last words:"
  journalctl --namespace="$NAME" --unit="$2" --lines=20 --no-pager --output=cat >&2 || true
  return 1
}

# What is in service: the release's name, and every file that files.sh installs, in a folder of its own.
keep() {
  local kept=$1 path paths=()
  rm -rf "$kept"
  install -d -m 0700 "$kept"
  basename "$(readlink --canonicalize "$RELEASES/current")" >"$kept/release"
  for path in "/etc/systemd/system/$NAME".{service,socket} "/etc/systemd/system/$NAME"-*.{service,socket,timer,path} \
    /etc/systemd/system/{nginx,postgresql@}.service.d/"$NAME.conf" "/etc/systemd/journald@$NAME.conf" "$SCRIPTS" "/etc/nginx/snippets/$NAME.conf" \
    "/etc/nginx/modules-enabled/90-$NAME.conf" "/etc/nginx/sites-available/$NAME.conf"; do
    if [[ -e "$path" ]]; then
      paths+=("${path#/}")
    fi
  done
  tar --create --file="$kept/files.tar" --directory=/ "${paths[@]}"
}

# Installs the settings that `keep` kept in $1; prints the name of their release.
kept_settings() {
  local release
  release=$(<"$1/release")
  [[ -e "$RELEASES/releases/$release/complete" ]] || stop "The release $release is not there any more."
  tar --extract --file="$1/files.tar" --directory=/
  systemctl daemon-reload
  printf '%s\n' "$release"
}

# Changes the link $2 to the release $1 in one step.
link_release() {
  ln --symbolic --force --no-dereference "releases/$1" "$RELEASES/.switch"
  mv --no-target-directory "$RELEASES/.switch" "$RELEASES/$2"
}

reload_nginx() {
  nginx -t -q || return 1
  systemctl reload nginx.service
}

# Stops the app, and keeps it from being started again by the next request: whoever asks meanwhile waits in the socket.
hold() {
  exec 8<"$LOCK"
  flock 8 || return 1
  systemctl stop "$NAME.service" 2>/dev/null
}

# Starts the release $1. What a request has started by now waits, as the old one, and gives way to it.
replace_by() {
  link_release "$1" current || return 1
  systemctl daemon-reload
  reload_nginx || return 1
  hold || return 1
  flock --unlock 8
  systemctl start "$NAME.service" || return 1
  healthy "$SOCKET" "$NAME.service"
}

# Puts what `keep` kept in $1 back into service.
bring_back() {
  local release
  release=$(kept_settings "$1") || return 1
  replace_by "$release"
}

previous=$RELEASES/previous
leaving=$RELEASES/.leaving
keep "$leaving"
old=$(<"$leaving/release")

if [[ "$back" == yes ]]; then
  [[ -e "$previous/release" ]] || stop "There was no update, so there is nothing to go back to."
  new=$(kept_settings "$previous")
  say "Going back from $old to $new"
else
  new=$(./release.sh ${package[@]+"${package[@]}"})
  ln --symbolic --force --no-dereference "releases/$new" "$RELEASES/next"
  ./files.sh || {
    bring_back "$leaving"
    stop "The settings could not be installed; $old runs as before."
  }
  [[ "$migrate" == no ]] || stop "This configuration has no app.migrate."
  say "Replacing $old by $new"
fi

if ! replace_by "$new"; then
  say "Going back to $old"
  bring_back "$leaving" || stop "$old is not healthy either: see \"It does not start\" in RUNBOOK.md."
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

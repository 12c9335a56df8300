#!/usr/bin/env bash
# Puts a version of the app, and the settings of this folder, into service.
# The new release is built and the database migrated while the old one serves. The new one is started beside it and, once
# healthy, answers while the service itself is replaced: nobody waits, and for as long as that takes both need memory.
# One that does not become healthy never answers anybody.
# Usage: ./update.sh [--no-migrate] [PACKAGE]     as root; PACKAGE as in release.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=ai-search-production
RELEASES=/opt/ai-search-production
SCRIPTS=/usr/local/lib/ai-search-production
SOCKET=/run/ai-search-production/app.sock
NEXT_SOCKET=/run/ai-search-production/next.sock
# Where nginx brings requests: a link to one of the two.
ENTRANCE=/run/ai-search-production/entrance.sock
READY_PATH=/health
MIGRATES=yes
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

# From here on requests go to the socket $1 beside the entrance. nginx opens a connection for each, and a socket is
# served in order: once the other one has answered this question too, it has taken everything that came before.
lead_to() {
  local from
  from=$(readlink "$ENTRANCE")
  ln --symbolic --force --no-dereference "$1" "$ENTRANCE.new" || return 1
  mv --no-target-directory "$ENTRANCE.new" "$ENTRANCE" || return 1
  if [[ "$from" != "$1" ]]; then
    curl --silent --output /dev/null --max-time 10 --unix-socket "${ENTRANCE%/*}/$from" "http://localhost$READY_PATH" ||
      true
    # For what was taken a moment ago and not read yet.
    sleep 1
  fi
}

# Ends the one beside the service; it finishes its answers first.
stop_next() {
  systemctl stop "$NAME-next.socket" "$NAME-next.service" 2>/dev/null || true
}

# Restarts the service with the release $1 while the one beside it answers, then lets it answer by itself again.
replace_service() {
  link_release "$1" current || return 1
  systemctl restart "$NAME.service" || return 1
  healthy "$SOCKET" "$NAME.service" || return 1
  lead_to "${SOCKET##*/}" || return 1
  stop_next
}

# Puts the release $1 into service.
replace_by() {
  link_release "$1" next || return 1
  systemctl daemon-reload
  systemctl start "$NAME-next.socket" "$NAME-next.service" || return 1
  healthy "$NEXT_SOCKET" "$NAME-next.service" || return 1
  reload_nginx || return 1
  lead_to "${NEXT_SOCKET##*/}" || return 1
  say "$1 answers; replacing the service"
  replace_service "$1"
}

next_answers() {
  [[ -L "$ENTRANCE" && "$(readlink "$ENTRANCE")" != "${SOCKET##*/}" ]]
}

# Puts what `keep` kept in $1 back into service. Where the service was not replaced yet, it has never stopped answering.
bring_back() {
  local release
  release=$(kept_settings "$1") || return 1
  reload_nginx || return 1
  if next_answers; then
    replace_service "$release"
  else
    stop_next
  fi
}

# Where an update was cut off, the second service may be the one that answers.
if next_answers; then
  say "An update was interrupted: finishing it first"
  replace_service "$(basename "$(readlink --canonicalize "$RELEASES/current")")" ||
    stop "$NAME.service does not become healthy; $NAME-next.service answers. See \"It does not start\" in RUNBOOK.md."
else
  stop_next
fi

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
  if [[ "$migrate" == yes ]]; then
    say "Migrating with $new"
    if ! systemctl start "$NAME-migrate.service"; then
      bring_back "$leaving"
      stop "The migration failed; $old runs as before. See journalctl --namespace=$NAME --unit=$NAME-migrate"
    fi
  fi
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

#!/usr/bin/env bash
# Makes an empty server serve: packages of the distribution, users, folders, the app in a virtual environment of its own,
# the database, nginx with its certificate, the firewall, backups. Running it again repairs what is missing.
# Usage: ./install.sh [--yes] [PACKAGE]     as root; PACKAGE as in release.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=reference-search
PACKAGES='nginx curl openssl ca-certificates logrotate python3 python3.13 python3.13-venv postgresql valkey-server ufw'
PYTHON=python3.13
RELEASES=/opt/reference-search
SECRETS=/etc/reference-search/secrets
SECRET_NAMES=DATABASE_PASSWORD
# Services that the packages start by themselves; units of ours take their place.
THEIR_SERVICES=valkey-server
HTTP_PORT=80
HTTPS_PORT=443
# What is started now and at every boot.
UNITS='reference-search.socket reference-search.service reference-search-logs.timer reference-search-backup.timer reference-search-drill.timer reference-search-edge.timer'

cd "$(dirname "${BASH_SOURCE[0]}")"

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

agreed=no
package=()
while (($# > 0)); do
  case $1 in
    --yes) agreed=yes ;;
    -*) stop "usage: ./install.sh [--yes] [PACKAGE]" ;;
    *) package=("$1") ;;
  esac
  shift
done

[[ "$(id -u)" == 0 ]] || stop "Run it as root: sudo ./install.sh"
command -v apt-get >/dev/null || stop "This server has no apt: Debian 13 or newer, or an Ubuntu as new, is needed."
if [[ "$agreed" == no ]]; then
  say "This installs $PACKAGES,"
  say "takes over nginx's ports, closes every port but SSH and the web's and starts $NAME."
  read -r -p "Go on? [yes/no] " answer
  [[ "$answer" == yes ]] || stop "Nothing was changed."
fi

# The distribution starts services of its own on the same ports. One that was here before belongs to somebody.
hush() {
  if [[ "$(systemctl is-active "$1.service" || true)" == active && -z "${fresh[$1]:-}" ]]; then
    stop "$1 ran before this and uses the port: choose another server, or stop it: systemctl disable --now $1"
  fi
  systemctl disable --quiet --now "$1.service" || true
}
declare -A fresh
for service in $THEIR_SERVICES; do
  if ! systemctl cat "$service.service" >/dev/null 2>&1; then
    fresh[$service]=yes
  fi
done

say "Installing packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
# shellcheck disable=SC2086 # a list of words
apt-get install --quiet --yes --no-install-recommends $PACKAGES
for service in $THEIR_SERVICES; do
  hush "$service"
done
command -v "$PYTHON" >/dev/null || stop "$PYTHON is not in this distribution: see targets.systemd.package.python."
nginx_version=$(nginx -v 2>&1 | sed 's,.*/\([0-9.]*\).*,\1,')
printf '%s\n' 1.25.1 "$nginx_version" | sort --check=quiet --version-sort ||
  stop "nginx $nginx_version is too old: 1.25.1 is needed (Debian 13 has 1.26)."

./files.sh

missing=()
for name in $SECRET_NAMES; do
  if [[ -s "$SECRETS/$name" ]]; then
    chown root:root "$SECRETS/$name"
    chmod 0600 "$SECRETS/$name"
  else
    missing+=("$name")
  fi
done
[[ -z "${missing[*]}" ]] || stop "Put these secrets into $SECRETS, one a file, and run this again: ${missing[*]}"

./database.sh
systemctl enable --quiet --now "$NAME-cache.service"

if [[ -e "$RELEASES/current" ]]; then
  say "A release is there already: ./update.sh puts another one into service."
else
  release=$(./release.sh ${package[@]+"${package[@]}"})
  ln --symbolic --force --no-dereference "releases/$release" "$RELEASES/next"
  say "Migrating"
  systemctl start "$NAME-migrate.service" || stop "The migration failed: journalctl --namespace=$NAME --unit=$NAME-migrate"
  mv --no-target-directory "$RELEASES/next" "$RELEASES/current"
fi

say "Starting nginx"
systemctl start "$NAME-edge.service"
nginx -t -q
systemctl enable --quiet nginx.service
systemctl reload-or-restart nginx.service

# SSH first, on whatever port it listens: nobody locks himself out.
for port in $({ sshd -T 2>/dev/null || true; } | sed -n 's/^port //p') 22; do
  ufw allow "$port/tcp" >/dev/null
done
ufw allow "$HTTP_PORT/tcp" >/dev/null
ufw allow "$HTTPS_PORT/tcp" >/dev/null
ufw default deny incoming >/dev/null
ufw --force enable >/dev/null

# shellcheck disable=SC2086 # a list of words
systemctl enable --quiet --now $UNITS

lib/verify.sh || stop "Installed, but not all is well: see above, and RUNBOOK.md."
say "$NAME serves."

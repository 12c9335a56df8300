#!/usr/bin/env bash
# Makes an empty server serve: packages of the distribution, users, folders, the app in a virtual environment of its own,
# nginx with its certificate, the firewall, backups. Running it again repairs what is missing.
# Usage: ./install.sh [--yes] [PACKAGE]     as root; PACKAGE as in release.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=ai-search-staging
PACKAGES='nginx curl openssl ca-certificates logrotate python3 python3.13 python3.13-venv postgresql-client certbot rclone ufw'
PYTHON=python3.13
RELEASES=/opt/ai-search-staging
SECRETS=/etc/ai-search-staging/secrets
SECRET_NAMES='DATABASE_PASSWORD CACHE_PASSWORD API_KEYS DASHSCOPE_API_KEY SERPAPI_API_KEY SENTRY_DSN BACKUP_CREDENTIALS'
HTTP_PORT=80
HTTPS_PORT=443
DOMAIN=staging.search.example.com
DOMAINS=staging.search.example.com
EMAIL=ops@example.com
ACME_SERVER=https://acme-v02.api.letsencrypt.org/directory
CHALLENGES=/var/www/ai-search-staging
# What is started now and at every boot.
UNITS='ai-search-staging.socket ai-search-staging.service ai-search-staging-logs.timer ai-search-staging-backup.timer ai-search-staging-drill.timer ai-search-staging-edge.timer ai-search-staging-edge.path'

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

say "Installing packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
# shellcheck disable=SC2086 # a list of words
apt-get install --quiet --yes --no-install-recommends $PACKAGES
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

# Renewals come by themselves (certbot.timer) and are loaded by this.
install -d /etc/letsencrypt/renewal-hooks/deploy
printf '#!/bin/sh\nexec systemctl start %s-edge.service\n' "$NAME" >"/etc/letsencrypt/renewal-hooks/deploy/$NAME"
chmod 0755 "/etc/letsencrypt/renewal-hooks/deploy/$NAME"
names=()
for domain in $DOMAINS; do
  names+=(--domain "$domain")
done
say "Asking for the certificate"
if certbot certonly --non-interactive --agree-tos --email "$EMAIL" --server "$ACME_SERVER" --keep-until-expiring \
  --expand --cert-name "$DOMAIN" --webroot --webroot-path "$CHALLENGES" "${names[@]}"; then
  systemctl start "$NAME-edge.service"
else
  say "No certificate yet; a self-signed one stands in. Once the domains lead here, run ./install.sh again."
fi

lib/verify.sh || stop "Installed, but not all is well: see above, and RUNBOOK.md."
say "$NAME serves."

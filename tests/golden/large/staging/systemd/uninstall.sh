#!/usr/bin/env bash
# Takes the app off the server: services, releases, nginx's site, the renewal hook. Data, secrets and backups stay unless --data
# says otherwise. Packages, the firewall and nginx's number of connections stay as they are.
# Usage: ./uninstall.sh [--yes] [--data]     as root
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

NAME=ai-search-staging
RELEASES=/opt/ai-search-staging
SCRIPTS=/usr/local/lib/ai-search-staging
SETTINGS=/etc/ai-search-staging
SECRETS=/etc/ai-search-staging/secrets
BACKUPS=/var/backups/ai-search-staging
LOGS=/var/log/ai-search-staging
DOMAIN=staging.search.example.com
CHALLENGES=/var/www/ai-search-staging
PARTS='next migrate cache pooler edge logs backup drill'

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

agreed=no
data=no
while (($# > 0)); do
  case $1 in
    --yes) agreed=yes ;;
    --data) data=yes ;;
    *) stop "usage: ./uninstall.sh [--yes] [--data]" ;;
  esac
  shift
done

[[ "$(id -u)" == 0 ]] || stop "Run it as root: sudo ./uninstall.sh"
if [[ "$agreed" == no ]]; then
  if [[ "$data" == yes ]]; then
    say "This removes $NAME with all its data: /var/lib/$NAME, $SECRETS, $BACKUPS."
  else
    say "This removes $NAME. Its data, secrets and backups stay."
  fi
  read -r -p "Remove it? Type its name: " answer
  [[ "$answer" == "$NAME" ]] || stop "Nothing was changed."
fi

for unit in "$NAME.socket" "$NAME.service"; do
  systemctl disable --quiet --now "$unit" 2>/dev/null || true
  rm -f "/etc/systemd/system/$unit"
done
for part in $PARTS; do
  for kind in timer path socket service; do
    if [[ -e "/etc/systemd/system/$NAME-$part.$kind" ]]; then
      systemctl disable --quiet --now "$NAME-$part.$kind" 2>/dev/null || true
      rm -f "/etc/systemd/system/$NAME-$part.$kind"
    fi
  done
done
# The journal that systemd ran for the app.
systemctl stop "systemd-journald@$NAME.service" "systemd-journald@$NAME.socket" "systemd-journald-varlink@$NAME.socket" \
  2>/dev/null || true
rm -f "/etc/systemd/journald@$NAME.conf"
for folder in /etc/systemd/system/{nginx,postgresql@}.service.d; do
  rm -f "$folder/$NAME.conf"
  rmdir --ignore-fail-on-non-empty "$folder" 2>/dev/null || true
done
systemctl daemon-reload

rm -f "/etc/nginx/sites-enabled/$NAME.conf" "/etc/nginx/sites-available/$NAME.conf" \
  "/etc/nginx/snippets/$NAME.conf" "/etc/nginx/modules-enabled/90-$NAME.conf"
if systemctl --quiet is-active nginx.service; then
  systemctl reload nginx.service
fi
rm -f "/etc/letsencrypt/renewal-hooks/deploy/$NAME"
certbot delete --non-interactive --cert-name "$DOMAIN" || true
rm -rf "$CHALLENGES"
rm -rf "$RELEASES" "$SCRIPTS" "$LOGS" "/var/cache/$NAME" "/run/$NAME" "$SETTINGS/edge" "$SETTINGS/logrotate.conf" \
  "$SETTINGS/authorities.pem" "$SETTINGS/database-ca.pem"
for part in $PARTS; do
  rm -f "/var/lib/systemd/timers/stamp-$NAME-$part.timer"
done
rm -f "/var/lib/logrotate/$NAME" "/etc/sysusers.d/$NAME.conf" "/etc/tmpfiles.d/$NAME.conf"

if [[ "$data" == yes ]]; then
  rm -rf "/var/lib/$NAME" "$BACKUPS" "$SECRETS" "$SETTINGS" /var/log/journal/*."$NAME"
  userdel "$NAME" 2>/dev/null || true
  say "$NAME is gone with its data."
else
  say "$NAME is gone. Still here: /var/lib/$NAME, $SECRETS, $BACKUPS, the user $NAME, its journal."
fi

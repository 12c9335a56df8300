#!/usr/bin/env bash
# Puts users, folders, scripts, units and nginx's site where they belong. install.sh and update.sh run it; running it
# again changes nothing. Timers, the app's journal, the cache and the pooler are restarted when they have changed,
# the app never.
# Usage: ./files.sh     as root
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 022

NAME=ai-search-staging
SCRIPTS=/usr/local/lib/ai-search-staging
SETTINGS=/etc/ai-search-staging
SECRETS=/etc/ai-search-staging/secrets
LOGS=/var/log/ai-search-staging
LOG_SIZE=10000000
LOG_FILES=5
EDGE_CONNECTIONS=1024
# Every unit that a deployment can have; what is installed and not in ./units is removed.
PARTS='next migrate cache pooler edge logs backup drill'

cd "$(dirname "${BASH_SOURCE[0]}")"
units=/etc/systemd/system

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

[[ "$(id -u)" == 0 ]] || stop "Run it as root: sudo ./files.sh"

# $1 as it is installed: app.service is the deployment's own name.
unit_name() {
  case $1 in
    app.*) printf '%s\n' "$NAME.${1#app.}" ;;
    *) printf '%s\n' "$NAME-$1" ;;
  esac
}

install -D -m 0644 sysusers.conf "/etc/sysusers.d/$NAME.conf"
install -D -m 0644 tmpfiles.conf "/etc/tmpfiles.d/$NAME.conf"
systemd-sysusers "/etc/sysusers.d/$NAME.conf"
systemd-tmpfiles --create "/etc/tmpfiles.d/$NAME.conf"

install -d -m 0755 "$SETTINGS" "$SCRIPTS"
install -d -m 0700 "$SECRETS"
for script in lib/*.sh; do
  install -m 0755 "$script" "$SCRIPTS/"
done
install -m 0644 database-ca.pem "$SETTINGS/database-ca.pem"
# The distribution's authorities and ours: the variable replaces those that Python finds by itself.
cat /etc/ssl/certs/ca-certificates.crt ca-bundle.pem >"$SETTINGS/.authorities.pem"
mv "$SETTINGS/.authorities.pem" "$SETTINGS/authorities.pem"

for part in $PARTS; do
  for kind in socket service timer path; do
    if [[ ! -e "units/$part.$kind" && -e "$units/$NAME-$part.$kind" ]]; then
      systemctl disable --quiet --now "$NAME-$part.$kind" || true
      rm "$units/$NAME-$part.$kind"
    fi
  done
done
changed=()
for file in units/*.service units/*.socket units/*.timer units/*.path; do
  [[ -e "$file" ]] || continue
  unit=$(unit_name "${file#units/}")
  if ! cmp --silent "$file" "$units/$unit"; then
    install -m 0644 "$file" "$units/$unit"
    changed+=("$unit")
  fi
done
install -D -m 0644 units/nginx.conf "$units/nginx.service.d/$NAME.conf"
journal=no
if ! cmp --silent units/journald.conf "/etc/systemd/journald@$NAME.conf"; then
  install -m 0644 units/journald.conf "/etc/systemd/journald@$NAME.conf"
  journal=yes
fi
systemctl daemon-reload
if [[ "$journal" == yes ]] && systemctl --quiet is-active "systemd-journald@$NAME.service"; then
  systemctl restart "systemd-journald@$NAME.service"
  # Files from before keep their size for as long as they are written to.
  journalctl --namespace="$NAME" --rotate
fi
for unit in ${changed[@]+"${changed[@]}"}; do
  case $unit in
    *.timer | *.path | "$NAME-cache.service" | "$NAME-pooler.service") systemctl try-restart "$unit" ;;
    *) ;;
  esac
done

cat >"$SETTINGS/logrotate.conf" <<CONF
$LOGS/*.log {
  su root adm
  size $LOG_SIZE
  rotate $LOG_FILES
  missingok
  notifempty
  compress
  delaycompress
  create 0640 www-data adm
  sharedscripts
  postrotate
    systemctl kill --signal=USR1 --kill-whom=main nginx.service
  endscript
}
CONF

# nginx takes no second events block, so its number of connections is changed where it stands.
sed --in-place "s/^\(\s*worker_connections\) [0-9]*;/\1 $EDGE_CONNECTIONS;/" /etc/nginx/nginx.conf
for other in /etc/nginx/sites-enabled/*; do
  if [[ "$other" != "/etc/nginx/sites-enabled/$NAME.conf" ]] && grep -q 'Rendered by aisearch-deploy' "$other"; then
    stop "$other is another deployment: a server carries one."
  fi
done
# The distribution's example answers on the same ports. It stays in sites-available.
if [[ -L /etc/nginx/sites-enabled/default ]]; then
  rm /etc/nginx/sites-enabled/default
fi
install -m 0644 nginx/common.conf "/etc/nginx/snippets/$NAME.conf"
install -m 0644 nginx/main.conf "/etc/nginx/modules-enabled/90-$NAME.conf"
install -m 0644 nginx/site.conf "/etc/nginx/sites-available/$NAME.conf"
ln --symbolic --force --no-dereference "../sites-available/$NAME.conf" "/etc/nginx/sites-enabled/$NAME.conf"

#!/usr/bin/env bash
# Makes backups run by themselves: installs a timer of systemd for backup.sh in this folder. Run it again after the
# schedule or the folder has changed. A backup that was missed while the server was off is made at the next start.
# Usage: ./schedule-backups.sh [--remove]     as root
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

UNIT=reference-search-backup
# backup.schedule, 0 2,14 * * *, as systemd writes it; in UTC, whatever the server's time zone.
CALENDAR='*-*-* 02,14:00:00 UTC'

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
units=${AISEARCH_UNITS:-/etc/systemd/system}

if [[ "${1:-}" == --remove ]]; then
  systemctl disable --now "$UNIT.timer"
  rm -f "$units/$UNIT.timer" "$units/$UNIT.service"
  systemctl daemon-reload
  exit 0
fi

cat >"$units/$UNIT.service" <<SERVICE
[Unit]
Description=Backup of $UNIT
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target

[Service]
Type=oneshot
WorkingDirectory=${folder//%/%%}
ExecStart=/usr/bin/env bash backup.sh
SERVICE

cat >"$units/$UNIT.timer" <<TIMER
[Unit]
Description=Schedule of $UNIT

[Timer]
OnCalendar=$CALENDAR
Persistent=true

[Install]
WantedBy=timers.target
TIMER

systemctl daemon-reload
systemctl enable --now "$UNIT.timer"
systemctl list-timers --no-pager "$UNIT.timer"

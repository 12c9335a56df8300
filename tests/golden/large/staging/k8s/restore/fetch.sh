#!/bin/sh
# Gets a backup from the bucket when it is not on the disk any more, and the uploads that are missing.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

REMOTE=backup:example-backups/ai-search/staging

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
work=${BACKUP_WORK:-/tmp}

export HOME="$work"
if [ -r /etc/aisearch/ca-bundle.pem ]; then
  cat /etc/ssl/certs/ca-certificates.crt /etc/aisearch/ca-bundle.pem >"$work/authorities.pem"
  export SSL_CERT_FILE="$work/authorities.pem"
fi

name=${BACKUP:-newest}
if [ "$name" = newest ]; then
  name=$(rclone lsf "$REMOTE/backups" | sort | tail -n 1)
fi
if [ -n "$name" ] && [ ! -e "$backups/$name" ]; then
  rclone copyto "$REMOTE/backups/$name" "$backups/$name.partial"
  mv "$backups/$name.partial" "$backups/$name"
fi
rclone copy "$REMOTE/uploads" "$uploads" --ignore-existing

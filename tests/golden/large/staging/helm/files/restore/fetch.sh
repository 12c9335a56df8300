#!/bin/sh
# Gets the backup that BACKUP names from the bucket when it is not on the disk any more, and the uploads that are missing.
# Without a name: lists those in the bucket.
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

name=${BACKUP:-}
if [ -z "$name" ]; then
  echo "Backups in the bucket, the newest last:"
  rclone lsf "$REMOTE/backups" | sort | sed 's/^/  /'
  exit 0
fi
if [ ! -e "$backups/$name" ]; then
  rclone copyto "$REMOTE/backups/$name" "$backups/$name.partial"
  mv "$backups/$name.partial" "$backups/$name"
fi
rclone copy "$REMOTE/uploads" "$uploads" --ignore-existing

#!/bin/sh
# Copies backups and uploads into the bucket, and deletes there what is too old.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

REMOTE=backup:example-backups/ai-search/staging
KEEP=2592000s

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
work=${BACKUP_WORK:-/tmp}

export HOME="$work"
# Authorities of the corporate network, beside those of the image.
if [ -r /etc/aisearch/ca-bundle.pem ]; then
  cat /etc/ssl/certs/ca-certificates.crt /etc/aisearch/ca-bundle.pem >"$work/authorities.pem"
  export SSL_CERT_FILE="$work/authorities.pem"
fi

# rclone compares sizes and checksums, and fails when they differ.
rclone copy "$backups" "$REMOTE/backups" --include '/*.dump' --include '/*.tar.gz'
# Uploads are copied once; what was deleted by mistake stays.
rclone copy "$uploads" "$REMOTE/uploads"

# Reached only when the newest backup is there, so that one always stays.
rclone delete "$REMOTE/backups" --min-age "$KEEP"
rclone lsf "$REMOTE/backups"

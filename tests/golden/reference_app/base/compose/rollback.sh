#!/usr/bin/env bash
# Puts the image that ran before the last update into service again, in the same way as update.sh. The database is not
# migrated back: a version has to work with the schema of the next one.
# Usage: ./rollback.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

if [[ ! -s .previous-image ]]; then
  printf '%s\n' "There was no update in this folder, so there is nothing to go back to." >&2
  exit 1
fi
previous=$(<.previous-image)
exec ./update.sh --rollback "$previous"

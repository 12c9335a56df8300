#!/usr/bin/env bash
# Puts the release and the settings from before the last update into service again, in the same way as update.sh. The
# database is not migrated back: a version has to work with the schema of the next one.
# Usage: ./rollback.sh     as root
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
exec ./update.sh --back

#!/usr/bin/env bash
# Puts the image that ran before the last update into service again, in the same way. The database is not migrated back:
# a version has to work with the schema of the next one.
# Usage: ./rollback.sh [--yes]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh

previous=$(current PreviousImage)
[[ ${previous} == *:* ]] || stop "There was no update, so there is nothing to go back to."
exec ./deploy.sh --image "${previous}" --no-migrate "$@"

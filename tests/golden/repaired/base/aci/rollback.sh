#!/usr/bin/env bash
# Puts the image that ran before the last update into service again. The database is not migrated back: a version has to
# work with the schema of the next one.
# Usage: ./rollback.sh [IMAGE]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az

previous=${1:-}
if [[ -z $previous ]]; then
  [[ -s .previous-image ]] || stop "There was no update in this folder. ./rollback.sh IMAGE takes any that is in the registry."
  previous=$(<.previous-image)
fi
APP_IMAGE=$previous ./apply.sh group.yaml
say "$previous runs. Next: ./verify.sh"

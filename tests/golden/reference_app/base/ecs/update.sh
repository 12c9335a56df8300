#!/usr/bin/env bash
# Puts another image of the app into service: migrates with it, starts its tasks beside the old ones, and stops those.
# Usage: ./update.sh IMAGE [--yes] [--no-migrate]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh

[[ ${1:-} != "" && ${1:-} != -* ]] || stop "usage: ./update.sh IMAGE [--yes] [--no-migrate]"
image=$1
shift
# Nothing else changes: the stack is rendered from the config, which names the image for the next deploy.sh.
exec ./deploy.sh --image "${image}" "$@"

#!/usr/bin/env bash
# Starts every instance anew, without a gap: what the app reads at its start, secrets above all, is read again.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud

gcloud run services update "$SERVICE" --update-labels="restarted=$(date -u +%Y%m%dt%H%M%S)"

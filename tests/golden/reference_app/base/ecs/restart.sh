#!/usr/bin/env bash
# Replaces all tasks, healthy ones first: they read secrets when they start.
# Usage: ./restart.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws

cluster=$(output "${STACK}" Cluster)
service=$(output "${STACK}" Service)
aws ecs update-service --cluster "${cluster}" --service "${service}" --force-new-deployment >/dev/null
say "Waiting until the new tasks serve"
aws ecs wait services-stable --cluster "${cluster}" --services "${service}"

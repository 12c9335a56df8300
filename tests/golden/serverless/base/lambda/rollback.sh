#!/usr/bin/env bash
# Puts the version before the one that is live into service again, at once. The database is not migrated back.
# Usage: ./rollback.sh [VERSION]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

LEAST=1

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws

live=$(aws lambda get-alias --function-name "${FUNCTION}" --name live --query FunctionVersion --output text)
version=${1:-}
if [[ -z ${version} ]]; then
  version=$(aws lambda list-versions-by-function --function-name "${FUNCTION}" --output text \
    --query "Versions[?Version!='\$LATEST'].Version" | tr '\t' '\n' | sort -n | awk -v live="${live}" '$1 < live' | tail -n 1)
fi
[[ -n ${version} ]] || stop "There is no version before ${live}."
aws lambda update-alias --function-name "${FUNCTION}" --name live --function-version "${version}" \
  --routing-config 'AdditionalVersionWeights={}' >/dev/null
aws lambda put-provisioned-concurrency-config --function-name "${FUNCTION}" --qualifier live \
  --provisioned-concurrent-executions "${LEAST}" >/dev/null
say "Live: version ${version}, before: ${live}. The next ./deploy.sh goes forward again: write the old tag into the config."

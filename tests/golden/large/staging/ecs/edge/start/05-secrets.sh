#!/bin/sh
# Puts the API keys where nginx's other scripts expect them: ECS hands secrets over as variables.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

NAME=API_KEYS

folder=${EDGE_SECRETS:-/run/secrets}
umask 077
printf '%s\n' "${API_KEYS_VALUE:?}" >"${folder}/${NAME}"

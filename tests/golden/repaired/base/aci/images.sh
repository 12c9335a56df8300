#!/usr/bin/env bash
# Copies the images into our registry, and builds those that hold our own files.
# Docker has to be logged in to the registries that they come from.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

REGISTRY=examplesearch
# from=to
COPIES='ghcr.io/example/ai-search:1.0.0=examplesearch.azurecr.io/example/ai-search:1.0.0 docker.io/valkey/valkey:9.1-trixie=examplesearch.azurecr.io/valkey/valkey:9.1-trixie docker.io/edoburu/pgbouncer:v1.25.0-p0=examplesearch.azurecr.io/edoburu/pgbouncer:v1.25.0-p0'
# image=folder
BUILDS='examplesearch.azurecr.io/edge:config-6e2450be=edge examplesearch.azurecr.io/database:config-678713b4=database examplesearch.azurecr.io/certbot:config-a375b400=certbot'

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need az docker
az acr login --name "$REGISTRY" --subscription "$SUBSCRIPTION"

read -r -a copies <<<"$COPIES"
for copy in "${copies[@]}"; do
  say "${copy#*=}"
  # From registry to registry, unchanged, so that a digest stays what it is.
  docker buildx imagetools create --prefer-index=false --tag "${copy#*=}" "${copy%%=*}"
done
read -r -a builds <<<"$BUILDS"
for build in "${builds[@]}"; do
  say "${build%%=*}"
  docker buildx build --quiet --platform=linux/amd64 --provenance=false --pull --push --tag "${build%%=*}" "${build#*=}"
done

#!/usr/bin/env bash
# Copies the images to where Cloud Run can read them, and builds those that hold our own files.
# Docker has to be logged in to the registries that they come from.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

REPOSITORY=ai-search
REGISTRY_HOST=europe-west1-docker.pkg.dev
# from=to
COPIES=registry.example.com/search/ai-search:1.4.2=europe-west1-docker.pkg.dev/example-project/ai-search/search/ai-search:1.4.2
EDGE_IMAGE=europe-west1-docker.pkg.dev/example-project/ai-search/edge:config-3105948b
DATABASE_IMAGE=europe-west1-docker.pkg.dev/example-project/ai-search/database:config-678713b4

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need gcloud docker

if ! there gcloud artifacts repositories describe "$REPOSITORY" --location="$REGION"; then
  gcloud artifacts repositories create "$REPOSITORY" --location="$REGION" --repository-format=docker \
    --description="Images of $SERVICE"
fi
gcloud auth configure-docker "$REGISTRY_HOST" --quiet

build() {
  docker buildx build --quiet --platform=linux/amd64 --provenance=false --pull --push --tag "$1" "$2"
}

read -r -a copies <<<"$COPIES"
for copy in "${copies[@]}"; do
  say "${copy#*=}"
  # From registry to registry, unchanged, so that a digest stays what it is.
  docker buildx imagetools create --prefer-index=false --tag "${copy#*=}" "${copy%%=*}"
done
say "$EDGE_IMAGE"
build "$EDGE_IMAGE" edge
say "$DATABASE_IMAGE"
build "$DATABASE_IMAGE" database

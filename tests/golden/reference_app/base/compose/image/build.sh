#!/usr/bin/env bash
# Builds the app's image from its source and gives it the name that compose.yaml asks for.
# Usage: ./image/build.sh [--push] [SOURCE]     without SOURCE: where it is seen from this folder, in a checkout
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

IMAGE=reference-app:1.0.0
SOURCE=../../../../reference_app
REQUIREMENTS=requirements.txt

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
push=no
if [[ "${1:-}" == --push ]]; then
  push=yes
  shift
fi
source=${1:-$here/$SOURCE}

if [[ ! -f "$source/$REQUIREMENTS" ]]; then
  echo "There is no $REQUIREMENTS in $source: name the folder of the app's source." >&2
  exit 1
fi

# BuildKit, because it reads the .dockerignore beside the Dockerfile.
DOCKER_BUILDKIT=1 docker build --pull --file "$here/Dockerfile" --tag "$IMAGE" "$source"
if [[ "$push" == yes ]]; then
  docker push "$IMAGE"
fi

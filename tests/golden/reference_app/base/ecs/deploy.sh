#!/usr/bin/env bash
# From an empty account to a running service; run it again after every change of the config. Shows each change set first.
# Usage: ./deploy.sh [--yes] [--image IMAGE] [--no-migrate] [--snapshot SNAPSHOT]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

APP_IMAGE=reference-app:1.0.0
EDGE_BASE=docker.io/library/nginx:1.30-trixie
PLATFORM=linux/amd64
# Parameter=image, for what runs beside the app.
OTHER_IMAGES=ClientImage=docker.io/pgvector/pgvector:pg18-trixie
MIGRATES=yes
PREPARES=yes
KEEPS_SNAPSHOT=yes

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh

image=${APP_IMAGE}
migrates=${MIGRATES}
snapshot=
while (($# > 0)); do
  case $1 in
    --yes) export YES=yes ;;
    --no-migrate) migrates=no ;;
    --image)
      image=${2:?--image needs one}
      shift
      ;;
    --snapshot)
      snapshot=${2:?--snapshot needs one}
      shift
      ;;
    *) stop "usage: ./deploy.sh [--yes] [--image IMAGE] [--no-migrate] [--snapshot SNAPSHOT]" ;;
  esac
  shift
done
need aws docker

account=$(aws sts get-caller-identity --query Account --output text)
say "Account ${account}, region ${AWS_REGION}, stack ${STACK}"

umask 077
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT

printf '[]\n' >"${work}/none.json"
apply "${REGISTRY_STACK}" file://registry.yaml "${work}/none.json"
registry=$(output "${REGISTRY_STACK}" Repository)
bucket=$(output "${REGISTRY_STACK}" Templates)
template=stack-$(cksum <stack.yaml | tr ' ' -).yaml
aws s3 cp --quiet stack.yaml "s3://${bucket}/${template}"
template=https://${bucket}.s3.${AWS_REGION}.amazonaws.com/${template}

in_registry() {
  aws ecr describe-images --repository-name "${REPOSITORY}" --image-ids "imageTag=$1" >/dev/null 2>&1
}

# The tag in our repository for the image $2, which is the part $1: the name and version of an image, or its digest.
tag_of() {
  local full_name=$2 last
  last=${full_name##*/}
  if [[ ${last} == *@* ]]; then
    last=${last%%[:@]*}-${last##*:}
  fi
  last=$1-${last//[:@]/-}
  printf '%s' "${last:0:128}"
}

# Copies the image $2 (the part $1) into our repository, once, and prints its full name there.
mirrored() {
  local tag
  if [[ $2 == "${registry}:"* ]]; then
    printf '%s' "$2"
    return
  fi
  tag=$(tag_of "$1" "$2")
  if ! in_registry "${tag}"; then
    say "Copying $2"
    docker pull --quiet --platform "${PLATFORM}" "$2" >&2
    docker image tag "$2" "${registry}:${tag}"
    docker push --quiet "${registry}:${tag}" >&2
  fi
  printf '%s' "${registry}:${tag}"
}

# On standard input: an argument would be seen by everybody on this machine.
aws ecr get-login-password | docker login --username AWS --password-stdin "${registry%%/*}" >/dev/null

parameters=()
parameter() {
  parameters+=("{\"ParameterKey\": \"$1\", \"ParameterValue\": \"$2\"}")
}

# Another tag for another content: tags never move, and a rollback finds the edge that it had.
edge_tag=edge-$(find edge -type f | LC_ALL=C sort | xargs cat | cksum | tr ' ' -)
if ! in_registry "${edge_tag}"; then
  say "Building the edge on ${EDGE_BASE}"
  docker build --quiet --platform "${PLATFORM}" --tag "${registry}:${edge_tag}" edge >&2
  docker push --quiet "${registry}:${edge_tag}" >&2
fi
parameter EdgeImage "${registry}:${edge_tag}"
for other in ${OTHER_IMAGES}; do
  name=${other%%=*}
  copied=$(mirrored "${name}" "${other#*=}")
  parameter "${name}" "${copied}"
done

missing=0
for secret in ${SECRETS}; do
  arn=$(aws secretsmanager describe-secret --secret-id "${SECRETS_PREFIX}/${secret%%=*}" --query ARN --output text 2>/dev/null) || {
    say "The secret ${SECRETS_PREFIX}/${secret%%=*} is not there: ./secrets.sh puts it there."
    missing=1
    continue
  }
  parameter "${secret#*=}" "${arn}"
done
((missing == 0)) || exit 1

new=$(mirrored app "${image}")
running=
serving=$(current Serving)
if [[ ${serving} == yes ]]; then
  running=$(current AppImage)
fi
previous=$(current PreviousImage)
if [[ -n ${running} && ${running} != "${new}" ]]; then
  previous=${running}
fi
if [[ ${KEEPS_SNAPSHOT} == yes ]]; then
  # Without it a restored database would be replaced by an empty one.
  [[ -n ${snapshot} ]] || snapshot=$(current DatabaseSnapshot)
  [[ ${snapshot} == None ]] && snapshot=
  parameter DatabaseSnapshot "${snapshot}"
fi

# Writes the parameters for the image $1 that serves, where $2 says whether anything does.
write_parameters() {
  local all=("${parameters[@]}")
  all+=("{\"ParameterKey\": \"AppImage\", \"ParameterValue\": \"$1\"}")
  all+=("{\"ParameterKey\": \"Serving\", \"ParameterValue\": \"$2\"}")
  all+=("{\"ParameterKey\": \"PreviousImage\", \"ParameterValue\": \"${previous:-none}\"}")
  if [[ ${MIGRATES} == yes ]]; then
    all+=("{\"ParameterKey\": \"NextImage\", \"ParameterValue\": \"${new}\"}")
  fi
  printf '[%s]\n' "$(
    IFS=,
    printf '%s' "${all[*]}"
  )" >"${work}/parameters.json"
}

# The database first: everything but a new version, then what has to be said to the database, then the new version.
if [[ ${PREPARES} == yes && -z ${running} ]] || [[ ${migrates} == yes && ${running} != "${new}" ]]; then
  if [[ -z ${running} ]]; then
    write_parameters "${new}" no
  else
    write_parameters "${running}" yes
  fi
  apply "${STACK}" "${template}" "${work}/parameters.json"
  if [[ ${PREPARES} == yes ]]; then
    run_once ClientTask
  fi
  if [[ ${migrates} == yes ]]; then
    run_once MigrationTask
  fi
fi

write_parameters "${new}" yes
apply "${STACK}" "${template}" "${work}/parameters.json"
address=$(output "${STACK}" LoadBalancerName)
say "In service: ${new}. The domains point to ${address}; ./verify.sh looks at it from the outside."

#!/usr/bin/env bash
# From an empty account to a running function; run it again after every change of the config. Shows each change set first.
# Usage: ./deploy.sh [--yes]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

PLATFORM=linux/amd64

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh

case ${1:-} in
  --yes) export YES=yes ;;
  "") ;;
  *) stop "usage: ./deploy.sh [--yes]" ;;
esac
need aws docker

account=$(aws sts get-caller-identity --query Account --output text)
say "Account ${account}, region ${AWS_REGION}, stack ${STACK}"

umask 077
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT

printf '[]\n' >"${work}/none.json"
apply "${REGISTRY_STACK}" file://registry.yaml "${work}/none.json"
registry=$(output "${REGISTRY_STACK}" Repository)

# Another tag for another content: tags never move, and a rollback finds the image that it had.
tag=app-$(find image -type f | LC_ALL=C sort | xargs cat | cksum | tr ' ' -)
if ! aws ecr describe-images --repository-name "${REPOSITORY}" --image-ids "imageTag=${tag}" >/dev/null 2>&1; then
  say "Building ${tag}"
  # On standard input: an argument would be seen by everybody on this machine.
  aws ecr get-login-password | docker login --username AWS --password-stdin "${registry%%/*}" >/dev/null
  # Lambda takes neither image indexes nor attestations.
  docker build --quiet --provenance=false --platform "${PLATFORM}" --tag "${registry}:${tag}" image >&2
  docker push --quiet "${registry}:${tag}" >&2
fi

parameters=("{\"ParameterKey\": \"ImageUri\", \"ParameterValue\": \"${registry}:${tag}\"}")
missing=0
for secret in ${SECRETS}; do
  arn=$(aws secretsmanager describe-secret --secret-id "${SECRETS_PREFIX}/${secret%%=*}" --query ARN --output text 2>/dev/null) || {
    say "The secret ${SECRETS_PREFIX}/${secret%%=*} is not there: ./secrets.sh puts it there."
    missing=1
    continue
  }
  parameters+=("{\"ParameterKey\": \"${secret#*=}\", \"ParameterValue\": \"${arn}\"}")
done
((missing == 0)) || exit 1
printf '[%s]\n' "$(
  IFS=,
  printf '%s' "${parameters[*]}"
)" >"${work}/parameters.json"

bucket=$(output "${REGISTRY_STACK}" Templates)
template=template-$(cksum <template.yaml | tr ' ' -).yaml
aws s3 cp --quiet template.yaml "s3://${bucket}/${template}"
apply "${STACK}" "https://${bucket}.s3.${AWS_REGION}.amazonaws.com/${template}" "${work}/parameters.json"
address=$(output "${STACK}" DomainName)
say "In service: ${registry}:${tag}. The domains point to ${address}; ./verify.sh looks at it from the outside."

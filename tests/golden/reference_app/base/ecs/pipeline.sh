#!/usr/bin/env bash
# For pipelines: registers task-definition.json with an image that is in the registry, and waits until it serves.
# When its tasks do not become healthy ECS goes back by itself, and this fails. The stack is not touched: the next
# deploy.sh puts the image in the config into service, so write it there too.
# Usage: ./pipeline.sh IMAGE
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh

image=${1:?usage: ./pipeline.sh IMAGE}
need aws
umask 077
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT

# Each place in the file that the stack knows better: @{Output}.
outputs=$(aws cloudformation describe-stacks --stack-name "${STACK}" \
  --query 'Stacks[0].Outputs[].[OutputKey, OutputValue]' --output text)
definition=$(<task-definition.json)
definition=${definition//'@{AppImage}'/${image}}
while IFS=$'\t' read -r key value; do
  definition=${definition//"@{${key}}"/${value}}
done <<<"${outputs}"
printf '%s\n' "${definition}" >"${work}/task.json"

registered=$(aws ecs register-task-definition --cli-input-json "file://${work}/task.json" \
  --query taskDefinition.taskDefinitionArn --output text)
cluster=$(output "${STACK}" Cluster)
service=$(output "${STACK}" Service)
aws ecs update-service --cluster "${cluster}" --service "${service}" --task-definition "${registered}" >/dev/null
say "Waiting for ${registered##*/}"
aws ecs wait services-stable --cluster "${cluster}" --services "${service}"
serving=$(aws ecs describe-services --cluster "${cluster}" --services "${service}" \
  --query 'services[0].taskDefinition' --output text)
[[ ${serving} == "${registered}" ]] || stop "Its tasks did not become healthy: ${serving##*/} serves."
say "In service: ${registered##*/}"

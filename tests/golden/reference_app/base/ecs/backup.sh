#!/usr/bin/env bash
# Makes a recovery point of everything that is stored, now, beside those of the schedule, and waits until it is there.
# Usage: ./backup.sh
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

KEEP_DAYS=30

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws

account=$(aws sts get-caller-identity --query Account --output text)
vault=$(output "${STACK}" Vault)
role=$(output "${STACK}" BackupRole)

jobs=()
# Starts a backup of the resource with the ARN $1.
start() {
  jobs+=("$(aws backup start-backup-job --backup-vault-name "${vault}" --iam-role-arn "${role}" --resource-arn "$1" \
    --lifecycle "DeleteAfterDays=${KEEP_DAYS}" --query BackupJobId --output text)")
}

partition=$(cut -d: -f2 <<<"${role}")
files=$(output "${STACK}" FileSystem)
start "arn:${partition}:elasticfilesystem:${AWS_REGION}:${account}:file-system/${files}"
database=$(output "${STACK}" Database)
start "arn:${partition}:rds:${AWS_REGION}:${account}:db:${database}"

for job in "${jobs[@]}"; do
  state=CREATED
  while [[ ${state} =~ ^(CREATED|PENDING|RUNNING)$ ]]; do
    sleep 15
    state=$(aws backup describe-backup-job --backup-job-id "${job}" --query State --output text)
  done
  [[ ${state} == COMPLETED ]] || stop "Job ${job} ended as ${state}: aws backup describe-backup-job --backup-job-id ${job}"
  aws backup describe-backup-job --backup-job-id "${job}" --output text \
    --query '[ResourceType, RecoveryPointArn, BackupSizeInBytes]'
done

#!/usr/bin/env bash
# Brings back what was stored. Without an argument: what there is to bring back.
# Usage: ./restore.sh
#        ./restore.sh files RECOVERY_POINT [--yes]   over the files that are there
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws

vault=$(output "${STACK}" Vault)

list() {
  say "Recovery points of the files:"
  aws backup list-recovery-points-by-backup-vault --backup-vault-name "${vault}" --by-resource-type EFS --output table \
    --query 'sort_by(RecoveryPoints, &CreationDate)[].{Point: RecoveryPointArn, Time: CreationDate, State: Status}'
}

if (($# == 0)); then
  list
  exit 0
fi
what=$1
from=${2:?usage: see the top of this file}
if [[ ${3:-} == --yes ]]; then
  export YES=yes
fi

case ${what} in
  files)
    confirm "Restore ${from} into a new folder of the file system?"
    files=$(output "${STACK}" FileSystem)
    role=$(output "${STACK}" BackupRole)
    job=$(aws backup start-restore-job --recovery-point-arn "${from}" --iam-role-arn "${role}" --resource-type EFS \
      --metadata "file-system-id=${files},newFileSystem=false,Encrypted=true,PerformanceMode=generalPurpose,CreationToken=${STACK}" \
      --query RestoreJobId --output text)
    state=PENDING
    while [[ ${state} =~ ^(PENDING|RUNNING)$ ]]; do
      sleep 15
      state=$(aws backup describe-restore-job --restore-job-id "${job}" --query Status --output text)
    done
    [[ ${state} == COMPLETED ]] || stop "Job ${job} ended as ${state}: aws backup describe-restore-job --restore-job-id ${job}"
    confirm "They are there. Write them over the files that are in use? Files that are newer than the backup stay."
    run_once RestoreTask
    ;;
  *) stop "usage: see the top of this file" ;;
esac

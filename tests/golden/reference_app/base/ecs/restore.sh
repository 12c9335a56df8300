#!/usr/bin/env bash
# Brings back what was stored. Without an argument: what there is to bring back.
# Usage: ./restore.sh
#        ./restore.sh database SNAPSHOT [--yes]      a new database from a snapshot takes the place of this one
#        ./restore.sh moment TIME [--yes]            the same from a moment: 2026-11-24T12:00:00Z
#        ./restore.sh files RECOVERY_POINT [--yes]   over the files that are there
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

SUBNETS_TAG=reference-search

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh
need aws

vault=$(output "${STACK}" Vault)
database=$(output "${STACK}" Database)

list() {
  say "Snapshots of the database:"
  aws rds describe-db-snapshots --db-instance-identifier "${database}" --output table \
    --query 'sort_by(DBSnapshots, &SnapshotCreateTime)[].{Snapshot: DBSnapshotIdentifier, Time: SnapshotCreateTime, State: Status}'
  say "Any moment up to this one:"
  aws rds describe-db-instances --db-instance-identifier "${database}" --output text \
    --query 'DBInstances[0].LatestRestorableTime'
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
  moment)
    # The stack restores from snapshots: a copy of the database at that moment makes one, and goes.
    confirm "Make a copy of ${database} as it was at ${from}?"
    copy=${SUBNETS_TAG}-moment-$(date -u +%Y%m%d%H%M%S)
    group=$(aws rds describe-db-instances --db-instance-identifier "${database}" \
      --query 'DBInstances[0].DBSubnetGroup.DBSubnetGroupName' --output text)
    aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier "${database}" \
      --target-db-instance-identifier "${copy}" --restore-time "${from}" --db-subnet-group-name "${group}" \
      --no-publicly-accessible --no-deletion-protection >/dev/null
    say "Waiting for ${copy}"
    aws rds wait db-instance-available --db-instance-identifier "${copy}"
    aws rds create-db-snapshot --db-instance-identifier "${copy}" --db-snapshot-identifier "${copy}" >/dev/null
    aws rds wait db-snapshot-available --db-snapshot-identifier "${copy}"
    aws rds delete-db-instance --db-instance-identifier "${copy}" --skip-final-snapshot >/dev/null
    exec ./restore.sh database "${copy}" "${@:3}"
    ;;
  database)
    found=$(aws rds describe-db-snapshots --db-snapshot-identifier "${from}" --query 'DBSnapshots[0].Status' --output text)
    [[ ${found} == available ]] || stop "${from} is ${found}."
    say "The stack makes a new database from ${from} and points the app at it."
    say "What was written since then stays in ${database}, which is kept until you delete it."
    confirm "Replace the database?"
    running=$(current AppImage)
    exec ./deploy.sh --image "${running}" --no-migrate --snapshot "${from}" "${@:3}"
    ;;
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

#!/usr/bin/env bash
# From an empty project to a running service; run it again after every change of the config.
# Usage: ./deploy.sh [--yes] [--secrets FOLDER]
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

SECRETS_FOLDER=/etc/ai-search-staging/secrets
APIS='artifactregistry.googleapis.com run.googleapis.com secretmanager.googleapis.com storage.googleapis.com iam.googleapis.com cloudscheduler.googleapis.com compute.googleapis.com'
RUN_ACCOUNT=ai-search-staging-run
RUN_ACCOUNT_EMAIL=ai-search-staging-run@example-project.iam.gserviceaccount.com
# Buckets that the app writes to.
BUCKETS='example-project-ai-search-staging-uploads example-project-ai-search-staging-models'
# How long a deleted or replaced upload can still be brought back.
SOFT_DELETE=30d
LABELS=team=search,cost-centre=42
JOBS_ACCOUNT=ai-search-staging-jobs
JOBS_ACCOUNT_EMAIL=ai-search-staging-jobs@example-project.iam.gserviceaccount.com
BACKUPS=example-project-ai-search-staging-backups
OWN_BACKUPS=yes
DATABASE_JOB=ai-search-staging-database
SCHEDULE='0 2,14 * * *'
MIGRATE_JOB=ai-search-staging-migrate

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source ./common.sh

secrets=$SECRETS_FOLDER
while (($# > 0)); do
  case $1 in
    --yes) export YES=yes ;;
    --secrets)
      secrets=${2:?--secrets needs a folder}
      shift
      ;;
    *) stop "usage: ./deploy.sh [--yes] [--secrets FOLDER]" ;;
  esac
  shift
done
secrets=$(realpath -e "$secrets") || stop "The folder with the secrets is not there: see \"Secrets\" in RUNBOOK.md."
need gcloud docker

account() {
  if ! there gcloud iam service-accounts describe "$1@$PROJECT.iam.gserviceaccount.com"; then
    gcloud iam service-accounts create "$1" --display-name="$2" --quiet
    # It takes a moment until other services know it.
    sleep 10
  fi
}

bucket() {
  if ! there gcloud storage buckets describe "gs://$1"; then
    gcloud storage buckets create "gs://$1" --location="$REGION" --uniform-bucket-level-access \
      --public-access-prevention --soft-delete-duration="$SOFT_DELETE"
  fi
  gcloud storage buckets update "gs://$1" --soft-delete-duration="$SOFT_DELETE"
  if [[ -n $LABELS ]]; then
    gcloud storage buckets update "gs://$1" --update-labels="$LABELS"
  fi
}

may_use_bucket() {
  gcloud storage buckets add-iam-policy-binding "gs://$1" --member="serviceAccount:$2" \
    --role=roles/storage.objectUser >/dev/null
}

say "Switching on what is needed"
read -r -a apis <<<"$APIS"
gcloud services enable "${apis[@]}"

./images.sh

say "Service accounts: they may read their own secrets and buckets, and nothing else"
account "$RUN_ACCOUNT" "$SERVICE: the app"
account "$JOBS_ACCOUNT" "$SERVICE: backups and restores"

read -r -a buckets <<<"$BUCKETS"
for name in "${buckets[@]}"; do
  bucket "$name"
  may_use_bucket "$name" "$RUN_ACCOUNT_EMAIL"
done
if [[ $OWN_BACKUPS == yes ]]; then
  bucket "$BACKUPS"
fi
may_use_bucket "$BACKUPS" "$JOBS_ACCOUNT_EMAIL"

./secrets.sh "$secrets"

say "The job for the database"
gcloud run jobs replace database.yaml
gcloud run jobs add-iam-policy-binding "$DATABASE_JOB" --member="serviceAccount:$JOBS_ACCOUNT_EMAIL" \
  --role=roles/run.invoker >/dev/null
verb=create
if there gcloud scheduler jobs describe "$DATABASE_JOB" --location="$REGION"; then
  verb=update
fi
gcloud scheduler jobs "$verb" http "$DATABASE_JOB" --location="$REGION" --schedule="$SCHEDULE" --time-zone=Etc/UTC \
  --uri="https://run.googleapis.com/v2/projects/$PROJECT/locations/$REGION/jobs/$DATABASE_JOB:run" \
  --http-method=POST --oauth-service-account-email="$JOBS_ACCOUNT_EMAIL"

say "Migrating the database"
gcloud run jobs replace migrate.yaml
gcloud run jobs execute "$MIGRATE_JOB" --wait

say "The service"
# A revision that does not become ready gets no traffic: Cloud Run waits for its probes.
gcloud run services replace service.yaml

./domain.sh
say "Next: ./verify.sh"

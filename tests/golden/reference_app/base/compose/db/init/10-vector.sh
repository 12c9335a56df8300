#!/usr/bin/env bash
# Runs once, when the database is made: what the vector store needs.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:?}" --dbname="${POSTGRES_DB:?}" \
  --command='CREATE EXTENSION IF NOT EXISTS vector'

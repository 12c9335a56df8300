#!/usr/bin/env bash
# The app's role, database and extensions, with the password from the Secret. The image runs this when the data folder is
# empty; run it again after the password was changed: everything that is there already stays.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

APP_ROLE=aisearch
APP_DATABASE=aisearch
VECTORS=true

psql --no-psqlrc --quiet --username=postgres --dbname=postgres --set=ON_ERROR_STOP=1 \
  --set=role="${APP_ROLE}" --set=database="${APP_DATABASE}" --set=vectors="${VECTORS}" <<'SQL'
\set password `cat /run/secrets/DATABASE_PASSWORD`
SELECT format('CREATE ROLE %I LOGIN', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
\connect :"database"
\if :vectors
  -- Only a superuser may add it.
  CREATE EXTENSION IF NOT EXISTS vector;
\endif
SQL

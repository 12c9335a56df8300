#!/bin/sh
# Writes PgBouncer's configuration with the password in it, then becomes PgBouncer. Runs inside the pooler's container.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

DATABASE_HOST=db
DATABASE_PORT=5432
DATABASE_NAME=aisearch
DATABASE_USER=aisearch
DATABASE_TLS=disable
PASSWORD_NAME=DATABASE_PASSWORD
# Connections to the database, and connections that the app may open in front of them.
CONNECTIONS=92
CLIENTS=582

secrets=${AISEARCH_SECRETS:-/run/secrets}
run=${AISEARCH_RUN:-/tmp}

umask 077
# In this file a double quote is written twice.
password=$(sed 's/"/""/g' "$secrets/$PASSWORD_NAME")
printf '"%s" "%s"\n' "$DATABASE_USER" "$password" >"$run/userlist.txt"

cat >"$run/pgbouncer.ini" <<INI
[databases]
$DATABASE_NAME = host=$DATABASE_HOST port=$DATABASE_PORT dbname=$DATABASE_NAME

[pgbouncer]
listen_addr = *
listen_port = 6432
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $run/userlist.txt
; SHOW POOLS and the like, for a person at psql.
stats_users = $DATABASE_USER
; A connection is lent for one transaction. Prepared statements follow their client from one to the next.
pool_mode = transaction
max_prepared_statements = 200
default_pool_size = $CONNECTIONS
max_db_connections = $CONNECTIONS
max_client_conn = $CLIENTS
; Who waits longer for a connection hears of it, before the request itself times out.
query_wait_timeout = 30
; As soon as the database is back, so is everything: by default a failed login is tried again after 15 seconds.
server_login_retry = 1
ignore_startup_parameters = extra_float_digits
server_tls_sslmode = $DATABASE_TLS
; One line a connection would fill the log.
log_connections = 0
log_disconnections = 0
INI

exec pgbouncer "$run/pgbouncer.ini"

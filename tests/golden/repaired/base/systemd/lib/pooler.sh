#!/bin/sh
# Writes PgBouncer's settings with the password in them, then becomes PgBouncer.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

DATABASE_HOST=127.0.0.1
DATABASE_PORT=5432
DATABASE_NAME=aisearch
DATABASE_USER=aisearch
DATABASE_TLS=disable
DATABASE_CA=''
PASSWORD_NAME=DATABASE_PASSWORD
LISTEN_ADDRESS=127.0.0.1
LISTEN_PORT=6432
# Connections to the database, and connections that the app may open in front of them.
CONNECTIONS=92
CLIENTS=582

secrets=${CREDENTIALS_DIRECTORY:-/run/secrets}
run=${RUNTIME_DIRECTORY:-/run}

umask 077
# In this file a double quote is written twice.
password=$(sed 's/"/""/g' "$secrets/$PASSWORD_NAME")
printf '"%s" "%s"\n' "$DATABASE_USER" "$password" >"$run/userlist.txt"

cat >"$run/pgbouncer.ini" <<INI
[databases]
$DATABASE_NAME = host=$DATABASE_HOST port=$DATABASE_PORT dbname=$DATABASE_NAME

[pgbouncer]
listen_addr = $LISTEN_ADDRESS
listen_port = $LISTEN_PORT
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
${DATABASE_CA:+server_tls_ca_file = $DATABASE_CA}
; One line a connection would fill the log.
log_connections = 0
log_disconnections = 0
INI

exec /usr/sbin/pgbouncer "$run/pgbouncer.ini"

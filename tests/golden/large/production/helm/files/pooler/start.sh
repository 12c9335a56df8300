#!/bin/sh
# Writes PgBouncer's configuration, with the password from the Secret, and starts it.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

DATABASE=aisearch
ROLE=aisearch
SERVER_HOST=db.example.com
SERVER_PORT=5432
SERVER_TLS=verify-full
SERVER_CA=/etc/aisearch/database-ca.pem
CLIENT_TLS=require
LISTEN_PORT=6432
SERVER_CONNECTIONS=246
CLIENTS=1014

run=${POOLER_RUN:-/tmp/pgbouncer}
password=${POOLER_PASSWORD:-/run/secrets/DATABASE_PASSWORD}

umask 077
mkdir -p "$run"
# Quotes are doubled, as PgBouncer reads them.
printf '"%s" "%s"\n' "$ROLE" "$(sed 's/"/""/g' "$password")" >"$run/userlist.txt"

cat >"$run/pgbouncer.ini" <<END
[databases]
$DATABASE = host=$SERVER_HOST port=$SERVER_PORT dbname=$DATABASE user=$ROLE

[pgbouncer]
listen_addr = *
listen_port = $LISTEN_PORT
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $run/userlist.txt
; A server connection belongs to a client for one transaction; prepared statements are followed across them.
pool_mode = transaction
max_prepared_statements = 200
; Never more than this to the server, all clients wait for those.
default_pool_size = $SERVER_CONNECTIONS
max_db_connections = $SERVER_CONNECTIONS
max_client_conn = $CLIENTS
; What drivers set at connect and PgBouncer cannot keep.
ignore_startup_parameters = extra_float_digits,options
; As soon as the database is back, so is everything: by default a failed login is tried again after 15 seconds.
server_login_retry = 1
server_tls_sslmode = $SERVER_TLS
client_tls_sslmode = $CLIENT_TLS
log_connections = 0
log_disconnections = 0
END

if [ -n "$SERVER_CA" ]; then
  echo "server_tls_ca_file = $SERVER_CA" >>"$run/pgbouncer.ini"
fi
if [ "$CLIENT_TLS" != disable ]; then
  echo "client_tls_key_file = /tls/server.key" >>"$run/pgbouncer.ini"
  echo "client_tls_cert_file = /tls/server.crt" >>"$run/pgbouncer.ini"
fi

exec pgbouncer "$run/pgbouncer.ini"

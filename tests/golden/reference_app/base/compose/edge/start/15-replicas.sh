#!/bin/sh
# Says which replicas are asked: all that the app's name has or, with addresses as arguments, those alone. update.sh
# takes a replica out of service in this way before it stops it; nginx has to be reloaded then.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

REPLICAS=app:8000

run=${EDGE_RUN:-/tmp/nginx}

mkdir -p "$run"
if [ "$#" = 0 ]; then
  # The name is resolved again and again: replicas come and go.
  echo "server $REPLICAS resolve max_fails=3 fail_timeout=5s;" >"$run/replicas.conf.new"
else
  for address in "$@"; do
    echo "server $address:${REPLICAS##*:} max_fails=3 fail_timeout=5s;"
  done >"$run/replicas.conf.new"
fi
mv "$run/replicas.conf.new" "$run/replicas.conf"

#!/bin/sh
# Watches the certificate, and reloads nginx when they change: nobody is disconnected.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

scripts=${EDGE_SCRIPTS:-/docker-entrypoint.d}
run=${EDGE_RUN:-/tmp/nginx}
tls=${EDGE_TLS:-/tmp/tls}
every=${EDGE_RELOAD_EVERY:-60}

fingerprint() { cksum "$tls/fullchain.pem" "$tls/privkey.pem"; }

# Each script says what is wrong and leaves the old files in place; nginx goes on with those.
refresh() {
  "$scripts/20-certificate.sh" || true
}

# A newer watcher writes another number: this one is superfluous then.
wanted() { [ "$(cat "$run/watcher")" = "$$" ]; }

watch() {
  loaded=$(fingerprint)
  while wanted; do
    sleep "$every" || true
    refresh
    found=$(fingerprint)
    if [ "$found" != "$loaded" ] && nginx -t -q && nginx -s reload; then
      loaded=$found
      echo "40-reload.sh: reloaded" >&2
    fi
  done
}

# Starts a watcher again that was killed.
guard() {
  while wanted; do
    watch &
    wait "$!" || true
  done
}

echo "$$" >"$run/watcher"
guard </dev/null &

#!/bin/sh
# Brings certificates and API keys to where nginx reads them, and reloads nginx when they have changed.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

SCRIPTS=/usr/local/lib/reference-search
# Where the certificate comes from, and where nginx reads it.
EDGE_CERTIFICATES=/etc/reference-search/no-certificate
EDGE=/etc/reference-search/edge
EDGE_SECRETS=/etc/reference-search/secrets

edge=${AISEARCH_EDGE:-$EDGE}
scripts=${AISEARCH_SCRIPTS:-$SCRIPTS}
EDGE_TLS=$edge/tls
EDGE_RUN=$edge
export EDGE_CERTIFICATES EDGE_SECRETS EDGE_TLS EDGE_RUN

fingerprint() {
  cat "$EDGE_TLS/fullchain.pem" "$EDGE_TLS/privkey.pem" 2>/dev/null | cksum
}

umask 077
mkdir -p "$edge"
before=$(fingerprint)

# Each script says what is wrong and leaves the old files in place; nginx goes on with those.
wrong=0
"$scripts/certificate.sh" || wrong=1

if [ "$(fingerprint)" != "$before" ] && systemctl --quiet is-active nginx.service; then
  nginx -t -q
  systemctl reload nginx.service
  echo "edge.sh: nginx has loaded what changed" >&2
fi
exit "$wrong"

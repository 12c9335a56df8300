#!/bin/sh
# Gets the certificate, renews it in time, and puts it where the edge looks every minute. Its arguments go to certbot.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

DOMAIN=search.example.com

account=${AISEARCH_ACCOUNT:-/etc/letsencrypt}
challenges=${AISEARCH_CHALLENGES:-/acme}
certificates=${AISEARCH_CERTIFICATES:-/certificates}

# Asks only when something is due: no certificate yet, other names, or a third of its lifetime left.
renew() {
  certbot certonly --non-interactive --agree-tos --keep-until-expiring --expand --webroot \
    --webroot-path "$challenges" --config-dir "$account" --work-dir /tmp/certbot --logs-dir /tmp/certbot/logs "$@"
}

# The edge checks that the two belong together, so it never loads a half-written pair.
publish() {
  for file in fullchain.pem privkey.pem; do
    cp "$account/live/$DOMAIN/$file" "$certificates/.$file"
    mv "$certificates/.$file" "$certificates/$file"
  done
}

umask 077
while :; do
  # After a failure an hour later: the authority counts failed attempts, five an hour at most.
  pause=3600
  if renew "$@" && publish; then
    pause=43200
  fi
  sleep "$pause" &
  wait "$!"
done

#!/bin/sh
# Gets the certificate, renews it in time, and puts it where nginx looks every minute.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

DOMAIN=search.example.com
DOMAINS=search.example.com
EMAIL=ops@example.com
SERVER=https://acme-v02.api.letsencrypt.org/directory

account=${CERTBOT_ACCOUNT:-/etc/letsencrypt}
challenges=${CERTBOT_CHALLENGES:-/acme}
certificates=${CERTBOT_CERTIFICATES:-/certificates}

# Asks only when something is due: no certificate yet, other names, or a third of its lifetime left.
renew() {
  certbot certonly --non-interactive --agree-tos --keep-until-expiring --expand --cert-name "$DOMAIN" \
    --domains "$DOMAINS" --email "$EMAIL" --server "$SERVER" --webroot --webroot-path "$challenges" \
    --config-dir "$account" --work-dir /tmp/certbot --logs-dir /tmp/certbot/logs
}

# nginx checks that the two belong together, so it never loads a half-written pair. The account is kept as an archive:
# it has links in it, and a file share has none.
publish() {
  for file in fullchain.pem privkey.pem; do
    cp "$account/live/$DOMAIN/$file" "$certificates/.$file"
    mv "$certificates/.$file" "$certificates/$file"
  done
  tar -cf "$certificates/.account.tar.new" -C "$account" .
  mv "$certificates/.account.tar.new" "$certificates/.account.tar"
}

umask 077
mkdir -p "$account"
if [ -f "$certificates/.account.tar" ]; then
  tar -xf "$certificates/.account.tar" -C "$account"
fi
while :; do
  # After a failure an hour later: the authority counts failed attempts, five an hour at most.
  pause=3600
  if renew && publish; then
    pause=43200
  fi
  sleep "$pause" &
  wait "$!"
done

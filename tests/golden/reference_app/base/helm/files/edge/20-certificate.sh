#!/bin/sh
# Brings the certificate to where nginx reads it, and makes a self-signed one where that is allowed.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

# What the self-signed certificate is for, and whether to make one (self-signed) or to stop (refuse) without files.
SUBJECT_NAMES=DNS:search.example.com
WITHOUT_FILES=self-signed

certificates=${EDGE_CERTIFICATES:-/certificates}
tls=${EDGE_TLS:-/tmp/tls}

say() { echo "20-certificate.sh: $*" >&2; }

lasts() { openssl x509 -in "$1" -noout -checkend "$2" >/dev/null; }

umask 077
mkdir -p "$tls"
new=$(mktemp -d "$tls/new.XXXXXX")
trap 'rm -rf "$new"' EXIT

if [ -e "$certificates/fullchain.pem" ] && [ -e "$certificates/privkey.pem" ]; then
  cat "$certificates/fullchain.pem" >"$new/fullchain.pem"
  cat "$certificates/privkey.pem" >"$new/privkey.pem"
elif [ -e "$tls/fullchain.pem" ] && { [ ! -e "$tls/self-signed" ] || lasts "$tls/fullchain.pem" 2592000; }; then
  exit 0
elif [ "$WITHOUT_FILES" = refuse ]; then
  say "fullchain.pem and privkey.pem are not both in $certificates"
  exit 1
else
  say "no certificate in $certificates yet: making a self-signed one"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 90 -subj /CN=self-signed \
    -addext "subjectAltName=$SUBJECT_NAMES" -keyout "$new/privkey.pem" -out "$new/fullchain.pem" 2>/dev/null
  touch "$new/self-signed"
fi

# A renewal that is half written has a key that does not match; nginx would not start with it.
public_key=$(openssl x509 -in "$new/fullchain.pem" -noout -pubkey) || exit 1
if [ "$public_key" != "$(openssl pkey -in "$new/privkey.pem" -pubout -passin pass:)" ]; then
  say "privkey.pem does not belong to fullchain.pem"
  exit 1
fi
if cmp -s "$new/fullchain.pem" "$tls/fullchain.pem" && cmp -s "$new/privkey.pem" "$tls/privkey.pem"; then
  exit 0
fi
lasts "$new/fullchain.pem" 1209600 || say "the certificate expires in less than 14 days"

rm -f "$tls/self-signed"
mv "$new"/* "$tls/"

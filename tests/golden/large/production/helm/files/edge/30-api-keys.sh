#!/bin/sh
# Turns the secret with the API keys (a name and a key a line, # for comments) into a map for nginx.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

HEADER=X-API-Key
SECRET=API_KEYS

secrets=${EDGE_SECRETS:-/run/secrets}
run=${EDGE_RUN:-/tmp/nginx}

if [ ! -r "$secrets/$SECRET" ]; then
  echo "30-api-keys.sh: cannot read $secrets/$SECRET" >&2
  exit 1
fi

variable=http_$(echo "$HEADER" | tr 'A-Z-' 'a-z_')
scheme=
if [ "$variable" = http_authorization ]; then
  scheme='(?i:Bearer) '
fi

umask 077
mkdir -p "$run"
new=$(mktemp "$run/api-keys.XXXXXX")
trap 'rm -f "$new"' EXIT

# A plain string in a map is compared without regard to case, which would make keys easier to guess: hence \Q...\E.
# What is wrong is named by its line, never shown.
awk -v secret="$SECRET" -v variable="$variable" -v scheme="$scheme" '
  function refuse(problem) {
    print "30-api-keys.sh: " secret ", line " NR ": " problem >"/dev/stderr"
    refused = 1
  }
  BEGIN { print "map $" variable " $api_client {" }
  { sub(/\r$/, "") }
  /^[ \t]*(#|$)/ { next }
  NF != 2 { refuse("not a name and a key"); next }
  $1 !~ /^[A-Za-z0-9][A-Za-z0-9._-]*$/ || length($1) > 64 {
    refuse("the name is not of letters, digits, dots, dashes and underscores, at most 64"); next
  }
  $2 !~ /^[A-Za-z0-9._~+\/=-]+$/ || length($2) > 256 {
    refuse("the key is not of letters, digits and ._~+/=-, at most 256"); next
  }
  length($2) < 16 { refuse("the key has fewer than 16 characters"); next }
  $2 in line_of { refuse("the same key as in line " line_of[$2]); next }
  { line_of[$2] = NR; keys++; print "  \"~^" scheme "\\Q" $2 "\\E\\z\" " $1 ";" }
  END {
    print "}"
    if (!keys && !refused) refuse("no key at all")
    exit refused
  }
' "$secrets/$SECRET" >"$new"

if ! cmp -s "$new" "$run/api-keys.conf"; then
  mv "$new" "$run/api-keys.conf"
fi

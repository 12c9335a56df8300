#!/bin/sh
# Tells nginx the container's own name servers, so that one nginx.conf works on every engine.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

IPV6=off

resolv_conf=${EDGE_RESOLV_CONF:-/etc/resolv.conf}
run=${EDGE_RUN:-/tmp/nginx}

mkdir -p "$run"

# nginx wants IPv6 addresses in brackets and knows no scopes (fe80::1%eth0).
servers=$(awk '$1 == "nameserver" && $2 !~ /%/ { printf " %s", ($2 ~ /:/ ? "[" $2 "]" : $2) }' "$resolv_conf")
if [ -z "$servers" ]; then
  echo "10-resolver.sh: no name server in $resolv_conf" >&2
  exit 1
fi

# Five seconds, whatever the answer's lifetime says: that is how long an address of a stopped replica is tried.
echo "resolver$servers valid=5s ipv6=$IPV6;" >"$run/resolver.conf"
echo "resolver_timeout 5s;" >>"$run/resolver.conf"

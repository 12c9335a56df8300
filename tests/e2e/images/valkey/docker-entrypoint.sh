#!/bin/sh
# As the official image, for a user who is not root: options alone are meant for valkey-server.
set -e

case ${1:-} in
  -* | *.conf) set -- valkey-server "$@" ;;
  *) ;;
esac

exec "$@"

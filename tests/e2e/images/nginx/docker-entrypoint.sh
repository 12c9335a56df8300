#!/bin/sh
# As the official image: what is executable in /docker-entrypoint.d runs in order, then the command.
set -eu

if [ "$1" = nginx ] && [ -d /docker-entrypoint.d ]; then
  find /docker-entrypoint.d/ -follow -type f -name '*.sh' | sort -V | while read -r script; do
    if [ -x "$script" ]; then
      "$script"
    else
      echo "$0: ignoring $script, not executable" >&2
    fi
  done
fi

exec "$@"

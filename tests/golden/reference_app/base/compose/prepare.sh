#!/bin/sh
# Makes each volume belong to who writes into it. Arguments: owner:group=volume. A volume that is named ...-tls gets a
# certificate for connections inside this server: it encrypts, and proves nothing, which is what sslmode=require asks.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

volumes=${AISEARCH_VOLUMES:-/volumes}

umask 077
for owned in "$@"; do
  owner=${owned%%=*}
  folder=$volumes/${owned#*=}
  case $folder in
    *-tls)
      if [ ! -e "$folder/server.crt" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650 -subj /CN=internal \
          -keyout "$folder/server.key" -out "$folder/server.crt" 2>/dev/null
        chown "$owner" "$folder/server.key" "$folder/server.crt"
      fi
      ;;
    *) ;;
  esac
  # Last: from then on even this container's root, which may do nothing but chown, cannot write there.
  chown "$owner" "$folder"
done

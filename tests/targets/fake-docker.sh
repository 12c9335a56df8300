#!/usr/bin/env bash
# Stands in for `docker` on the PATH: what there is lies in files of the folder $FAKE_DOCKER, every call is written down.
# It knows as much as our scripts ask of it and fails at anything else. In bash, because they ask a hundred times.
#   images, registry: lines "name id"    broken, ending, failing, bucket: lines
#   containers/ID: image, image id, address, health, restarts
set -euo pipefail
folder=$PWD
cd "$FAKE_DOCKER"
printf '%s\n' "$*" >>calls

event() {
  printf '%s\n' "$*" >>events
}

id_of() {
  awk -v name="$2" '$1 == name { id = $2 } END { if (id == "") exit 1; print id }' "$1"
}

lists() {
  grep -qxF -- "$2" "$1"
}

unknown() {
  echo "the fake docker does not know: $*" >&2
  exit 64
}

# What compose.yaml names when nobody chose another.
rendered_image() {
  sed -n 's/.*image:.*APP_IMAGE:-\(.*\)}.*/\1/p' "$folder/compose.yaml" | head -n 1
}

# One more container of the image $1.
begin() {
  local number health=healthy restarts=0
  number=$(($(cat made) + 1))
  echo "$number" >made
  if lists broken "$1"; then health=unhealthy; fi
  if lists ending "$1"; then
    health=starting
    restarts=1
  fi
  printf '%s\n' "$1" "$(id_of images "$1")" "172.20.0.$number" "$health" "$restarts" >"containers/$(printf %064d "$number")"
  event start "$1"
}

# With --filter id= or health=, those that match; labels match always.
containers() {
  local id health file
  for file in containers/*; do
    [[ -e "$file" ]] || continue
    id=${file#containers/}
    health=$(sed -n 4p "$file")
    for wanted in "$@"; do
      case $wanted in
        id=*) [[ "$wanted" == "id=$id" ]] || continue 2 ;;
        health=*) [[ "$wanted" == "health=$health" ]] || continue 2 ;;
        *) ;;
      esac
    done
    echo "$id"
  done
}

inspect() {
  local line=2 id
  case $1 in
    *Config.Image*) line=1 ;;
    *IPAddress*) line=3 ;;
    *RestartCount*) line=5 ;;
    *) ;;
  esac
  for id in "${@:2}"; do
    sed -n "${line}p" "containers/$id"
  done
}

up() {
  local scale=0 word
  if [[ "${*: -1}" == edge ]]; then
    event edge is made anew
    sed -i /^edge$/d failing
    return
  fi
  for word in "$@"; do
    case $word in
      app=*) scale=${word#app=} ;;
      --force-recreate)
        rm -f containers/*
        scale=1
        ;;
      *) ;;
    esac
  done
  while (($(containers | wc -l) < scale)); do
    begin "${APP_IMAGE:-$(rendered_image)}"
  done
}

client() {
  if lists failing "$1"; then
    # Half of what it should have said, as when the connection breaks.
    printf 'PGDMP half'
    exit 1
  fi
  case $1 in
    pg_dump) echo "PGDMP and all the rest" ;;
    pg_dumpall) echo "CREATE ROLE aisearch;" ;;
    pg_restore)
      event "$*"
      [[ "$(head -c 9)" == "PGDMP and" ]]
      ;;
    psql)
      for word in "${@:2}"; do
        case $word in
          --command=*) event "sql ${word#--command=}" ;;
          *) ;;
        esac
      done
      echo 7
      ;;
    *) unknown "$@" ;;
  esac
}

rclone() {
  local word words=()
  for word in "$@"; do
    [[ "$word" == /* ]] || words+=("$word")
  done
  event rclone "${words[@]}"
  case $1 in
    lsf) cat bucket ;;
    purge) ! lists failing purge ;;
    *) ;;
  esac
}

run() {
  while [[ "${1:-}" == --rm || "${1:-}" == -T || "${1:-}" == --no-deps ]]; do shift; done
  case "$1 ${2:-} ${3:-}" in
    "--volume "*) rclone "${@:4}" ;;
    "prepare "*) event prepare ;;
    "migrate "*)
      event migrate "$APP_IMAGE"
      ! lists failing migrate
      ;;
    "--entrypoint python app") exec "$FAKE_PYTHON" "${@:4}" ;;
    "client "*) client "${@:2}" ;;
    "edge nginx -t") ! lists failing new-edge ;;
    *) unknown run "$@" ;;
  esac
}

compose() {
  case $1 in
    up) up "$@" ;;
    rm) ;;
    stop | start | pause | unpause) event "$@" ;;
    ps) containers ;;
    exec)
      [[ "$6" == *15-replicas.sh* ]] || unknown "$@"
      ! lists failing edge || return 1
      event edge asks "${@:8}"
      ;;
    run) run "${@:2}" ;;
    *) unknown compose "$@" ;;
  esac
}

case "$1 $2" in
  "image inspect") id_of images "${@: -1}" ;;
  "image tag") echo "$4 $3" >>images ;;
  "pull --quiet")
    id=$(id_of registry "$3")
    echo "$3 $id" >>images
    ;;
  "inspect --format") inspect "${@:3}" ;;
  "ps "*) containers "$@" ;;
  "stop "*) event stop "$2" ;;
  "rm "*) rm "containers/${*: -1}" ;;
  "logs "*) echo "its log" ;;
  "compose "*) compose "${@:2}" ;;
  *) unknown "$@" ;;
esac

#!/usr/bin/env bash
# Puts a version of the app into service without a gap: one replica at a time is started beside the others, waited for,
# and takes the place of an old one, which first finishes what it is doing. A version that does not become healthy is
# taken away again, and the old one stays.
# Usage: ./update.sh [--no-migrate] [IMAGE]     without IMAGE: what rollback.sh chose, or else what compose.yaml names
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

PROJECT=ai-search
RENDERED_IMAGE=ghcr.io/example/ai-search:1.0.0
MIGRATES=no
# Longest time from start to healthy.
STARTUP_SECONDS=120
REPLICAS=3
# What docker inspect is asked for.
CONTAINER_IMAGE='{{.Config.Image}}'
CONTAINER_IMAGE_ID='{{.Image}}'
CONTAINER_RESTARTS='{{.RestartCount}}'
IMAGE_ID='{{.Id}}'
CONTAINER_ADDRESS='{{(index .NetworkSettings.Networks "ai-search_web").IPAddress}}'

cd "$(dirname "${BASH_SOURCE[0]}")"

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

migrate=$MIGRATES
record=yes
image=$(sed -n 's/^APP_IMAGE=//p' .env)
image=${image:-$RENDERED_IMAGE}
while (($# > 0)); do
  case $1 in
    --no-migrate) migrate=no ;;
    --rollback)
      migrate=no
      record=no
      ;;
    -*) stop "usage: ./update.sh [--no-migrate] [IMAGE]" ;;
    *) image=$1 ;;
  esac
  shift
done

# Two updates at once would each take the other's replicas for old ones.
exec 9<compose.yaml
flock --nonblock 9 || stop "Another update or a restore is running."

# Every replica, one id a line; not what `docker compose run` started.
LABEL=label=com.docker.compose
replicas() {
  docker ps --all --quiet --no-trunc --filter "$LABEL.project=$PROJECT" --filter "$LABEL.service=app" \
    --filter "$LABEL.oneoff=False" | sort
}

compose_with() {
  local chosen=$1
  shift
  APP_IMAGE=$chosen docker compose "$@"
}

has_health() {
  [[ -n "$(docker ps --all --quiet --filter "id=$1" --filter "health=$2")" ]]
}

# Docker starts it anew when it ends, so that it ended may show in nothing but their number.
ended() {
  [[ -z "$(docker ps --quiet --filter "id=$1")" ]] || (($(docker inspect --format "$CONTAINER_RESTARTS" "$1") > 0))
}

# Waits until the container $1 is healthy; fails when it ends, turns unhealthy or takes too long.
wait_healthy() {
  local deadline=$((SECONDS + STARTUP_SECONDS))
  while ((SECONDS < deadline)); do
    if has_health "$1" healthy; then
      return 0
    fi
    if has_health "$1" unhealthy || ended "$1"; then
      break
    fi
    sleep 2
  done
  say "The new replica is not healthy. Its last words:"
  docker logs --tail 20 "$1" >&2 || true
  return 1
}

# Later commands by hand use the same image: Compose reads .env.
remember() {
  { grep -v '^APP_IMAGE=' .env || true; } >.env.new
  if [[ "$1" != "$RENDERED_IMAGE" ]]; then
    printf 'APP_IMAGE=%s\n' "$1" >>.env.new
  fi
  mv .env.new .env
}

# Tells the edge whom to ask: these addresses or, without any, everybody that the app's name has. Its reload lets old
# workers finish what they carry, so nobody is disconnected.
edge_asks() {
  docker compose exec -T edge /bin/sh -c \
    '/docker-entrypoint.d/15-replicas.sh "$@" && nginx -t -q && nginx -s reload 2>/dev/null' sh "$@" </dev/null
}

# Lets the edge load what has changed in its folder, which is mounted as a whole. Where it cannot while it runs, as with
# the first API keys, it is made anew, once a container beside it has shown that it would start.
edge_takes_up() {
  if [[ -z "$(docker ps --quiet --filter "$LABEL.project=$PROJECT" --filter "$LABEL.service=edge")" ]]; then
    say "The edge does not run."
    return 0
  fi
  if edge_asks 2>/dev/null; then
    return 0
  fi
  docker compose run --rm --no-deps -T edge nginx -t -q </dev/null ||
    stop "The edge would not start with what is in edge/: nothing was changed."
  say "The edge is made anew: for a second or two, nobody is answered."
  docker compose up --detach --wait --no-deps --force-recreate edge
}

count() {
  replicas | grep -c . || true
}

# The edge asks every healthy replica but the container $1.
edge_passes_by() {
  local healthy addresses=()
  mapfile -t healthy < <(comm -12 <(replicas) <(docker ps --quiet --no-trunc --filter health=healthy | sort) |
    grep --invert-match --fixed-strings "$1" || true)
  if [[ -n "${healthy[*]}" ]]; then
    mapfile -t addresses < <(docker inspect --format "$CONTAINER_ADDRESS" "${healthy[@]}")
  fi
  edge_asks "${addresses[@]}" || say "The edge does not run."
}

# Takes the container $1 out of service. A process that was told to stop no longer accepts connections, but until its
# last request is done the kernel does in its place, and then drops them: nothing may be sent to it by then.
retire() {
  edge_passes_by "$1"
  sleep 2
  docker stop "$1" >/dev/null
  docker rm "$1" >/dev/null
}

# Starts a replica of the image $1 beside the others, and lets it take the place of the container $2.
replace() {
  local chosen=$1 leaving=$2 before arrived
  before=$(replicas)
  compose_with "$chosen" up --detach --no-deps --no-recreate \
    --scale "app=$(($(wc -l <<<"$before") + 1))" app || true
  arrived=$(comm -13 <(printf '%s\n' "$before") <(replicas))
  if [[ -z "$arrived" ]]; then
    say "Compose started no new replica."
    return 1
  fi
  if ! wait_healthy "$arrived"; then
    docker rm --force "$arrived" >/dev/null
    return 1
  fi
  retire "$leaving"
  arrivals+=" $arrived"
}

if ! docker image inspect "$image" >/dev/null 2>&1 || [[ "$image" == "$RENDERED_IMAGE" ]]; then
  # One that was built here is in no registry.
  if ! answer=$(docker pull --quiet "$image" 2>&1); then
    docker image inspect "$image" >/dev/null 2>&1 || stop "$image is neither here nor in its registry: $answer"
    say "$image was not pulled, so the one that is here is used: $answer"
  fi
fi

# Replicas that ended are not worth a replacement.
docker compose rm --force app >/dev/null 2>&1 || true
old=$(replicas)
if [[ -z "$old" ]]; then
  say "Nothing runs yet: starting everything."
  remember "$image"
  docker compose up --detach --wait
  exit 0
fi

# Volumes that are new with this version get their owners.
docker compose run --rm -T prepare </dev/null
edge_takes_up

# What to go back to: the image of a replica that does not run the new one yet.
image_id=$(docker image inspect --format "$IMAGE_ID" "$image")
previous=$image
previous_id=$image_id
for container in $old; do
  previous_id=$(docker inspect --format "$CONTAINER_IMAGE_ID" "$container")
  if [[ "$previous_id" != "$image_id" ]]; then
    previous=$(docker inspect --format "$CONTAINER_IMAGE" "$container")
    break
  fi
done
if [[ "$previous" == "$image" && "$previous_id" != "$image_id" ]]; then
  # The tag has moved: the old image gets a name of its own.
  previous=$PROJECT-app:previous
  docker image tag "$previous_id" "$previous"
fi

if [[ "$migrate" == yes ]]; then
  say "Migrating with $image"
  if ! compose_with "$image" run --rm --no-deps -T migrate </dev/null; then
    stop "The migration failed; the version that ran still runs."
  fi
fi

# From here on the edge asks whom it is told to, so nobody asks a new replica before it is healthy.
trap 'edge_asks || true' EXIT
edge_passes_by none
arrivals=
for container in $old; do
  if (($(count) > REPLICAS)); then
    say "One replica fewer"
    retire "$container"
    continue
  fi
  say "Replacing $(cut -c 1-12 <<<"$container") by $image"
  if ! replace "$image" "$container"; then
    for arrival in $arrivals; do
      say "Going back to $previous"
      replace "$previous" "$arrival" ||
        stop "Some replicas run $image. Once $previous starts again: ./update.sh --no-migrate $previous"
    done
    stop "The update failed; $previous runs as before."
  fi
done

remember "$image"
if [[ "$record" == yes && "$previous_id" != "$image_id" ]]; then
  printf '%s\n' "$previous" >.previous-image
fi
# There may have been fewer than there should be.
docker compose up --detach --wait --no-deps --no-recreate --scale "app=$REPLICAS" app
say "In service: $image. Back to the version before: ./rollback.sh"

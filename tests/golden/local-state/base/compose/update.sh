#!/usr/bin/env bash
# Puts a version of the app into service. Its state has one writer, so the old one stops before the new one starts:
# nobody is answered in between. A version that does not become healthy gives way to the old one again.
# Usage: ./update.sh [--no-migrate] [IMAGE]     without IMAGE: what rollback.sh chose, or else what compose.yaml names
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

PROJECT=ai-search
RENDERED_IMAGE=ghcr.io/example/ai-search:1.4.2
MIGRATES=no
# Longest time from start to healthy.
STARTUP_SECONDS=120
# What docker inspect is asked for.
CONTAINER_IMAGE='{{.Config.Image}}'
CONTAINER_IMAGE_ID='{{.Image}}'
CONTAINER_RESTARTS='{{.RestartCount}}'
IMAGE_ID='{{.Id}}'

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

# The edge loads its files again. Its old workers finish what they carry, so nobody is disconnected.
edge_asks() {
  docker compose exec -T edge /bin/sh -c \
    '/docker-entrypoint.d/15-replicas.sh && nginx -t -q && nginx -s reload 2>/dev/null' </dev/null
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
  say "Stopping the app, then migrating with $image"
  docker compose stop app
  if ! compose_with "$image" run --rm --no-deps -T migrate </dev/null; then
    docker compose start app
    stop "The migration failed; the version that ran still runs."
  fi
fi

say "Replacing the app by $image"
compose_with "$image" up --detach --no-deps --force-recreate app || true
new=$(replicas)
if [[ -z "$new" || "$new" == "$old" ]] || ! wait_healthy "$new"; then
  say "Going back to $previous"
  compose_with "$previous" up --detach --no-deps --force-recreate app
  wait_healthy "$(replicas)" || stop "The old version is not healthy either: see \"It does not start\" in RUNBOOK.md."
  stop "The update failed; $previous runs again."
fi

remember "$image"
if [[ "$record" == yes && "$previous_id" != "$image_id" ]]; then
  printf '%s\n' "$previous" >.previous-image
fi
say "In service: $image. Back to the version before: ./rollback.sh"

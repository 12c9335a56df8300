#!/usr/bin/env bash
# What the scripts beside it share. Sourced, never run.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.

export PROJECT=example-project
export REGION=europe-west1
export SERVICE=ai-search-staging

# For every gcloud below.
export CLOUDSDK_CORE_PROJECT=$PROJECT
export CLOUDSDK_RUN_REGION=$REGION
export CLOUDSDK_CORE_DISABLE_PROMPTS=1

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || stop "$program is not installed."
  done
}

# Whether something exists: the rest is a command that describes it.
there() {
  "$@" >/dev/null 2>&1
}

# Asks a person, unless YES says that nobody has to be asked.
confirm() {
  local answer
  if [[ ${YES:-no} == yes ]]; then
    return 0
  fi
  read -r -p "$1 [y/N] " answer </dev/tty || stop "Nobody is there to answer. With --yes nobody is asked."
  [[ $answer == [yY]* ]] || stop "Nothing was done."
}

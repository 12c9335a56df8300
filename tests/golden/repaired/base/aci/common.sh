#!/usr/bin/env bash
# What the scripts beside it share. Sourced, never run.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.

export SUBSCRIPTION=00000000-0000-4000-8000-000000000000
export RESOURCE_GROUP=ai-search
export LOCATION=westeurope
export GROUP=ai-search
export STORAGE_ACCOUNT=examplesearch
export SECRETS_FOLDER=/etc/ai-search/secrets

export AZURE_CORE_ONLY_SHOW_ERRORS=true

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

# az in our subscription and resource group.
azure() {
  az "$@" --subscription "$SUBSCRIPTION" --resource-group "$RESOURCE_GROUP" --output tsv
}

# Whether something exists: the rest is a command that shows it.
there() {
  azure "$@" >/dev/null 2>&1
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

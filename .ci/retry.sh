# Sourced. What is downloaded is tried three times; nothing that asserts goes through here.
# shellcheck shell=bash

# retry COMMAND...: run it, up to three times with a pause between.
retry() {
  local try
  for try in 1 2 3; do
    if "$@"; then return 0; fi
    echo "failed (try $try of 3): $*" >&2
    if ((try < 3)); then sleep $((try * 10)); fi
  done
  return 1
}

# same A B: both are there with the same text.
same() {
  [[ -f $1 && -f $2 ]] && cmp --silent "$1" "$2"
}

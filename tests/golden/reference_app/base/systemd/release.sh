#!/usr/bin/env bash
# Builds a release from the package, beside those that are there, and prints its name. A release that is there already is
# not built again: its name holds the version and what the package contains.
# Usage: ./release.sh [PACKAGE]     a wheel, a folder with source, or a requirements file; as root
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail
umask 022

NAME=reference-search
VERSION=1.0.0
PACKAGE=package/reference_app
PYTHON=python3.13
RELEASES=/opt/reference-search
# Folders of the app's state, as they stand below the app's folder: systemd mounts the real ones over them.
MOUNTS='src/web/uploads .cache'

package=$(realpath --canonicalize-missing "${1:-$(dirname "${BASH_SOURCE[0]}")/$PACKAGE}")

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

[[ "$(id -u)" == 0 ]] || stop "Run it as root."
[[ -e "$package" ]] || stop "There is no $package: copy the app there, or name it: $0 PACKAGE"
command -v "$PYTHON" >/dev/null || stop "$PYTHON is not installed: see targets.systemd.package.python."

exclude=(--exclude=./.git --exclude=./.venv --exclude=./venv --exclude=__pycache__)

contents() {
  if [[ -d "$package" ]]; then
    tar --create --directory="$package" "${exclude[@]}" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .
  else
    cat "$package"
  fi
}

fingerprint=$(contents | sha256sum)
release=$VERSION-${fingerprint:0:8}
folder=$RELEASES/releases/$release
if [[ -e "$folder/complete" ]]; then
  say "Release $release is there already."
  printf '%s\n' "$release"
  exit 0
fi

# Whatever the package does while it is built, it does as a user who owns nothing but this folder.
build() {
  runuser --user "$NAME" -- env --ignore-environment PATH=/usr/local/bin:/usr/bin:/bin HOME="$folder" \
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 LC_ALL=C.UTF-8 "$@" >&2
}

say "Building release $release"
rm -rf "$folder"
install -d -m 0755 "$RELEASES" "$RELEASES/releases"
install -d -m 0755 -o "$NAME" -g "$NAME" "$folder" "$folder/app"
trap 'rm -rf "$folder"' EXIT
build "$PYTHON" -m venv "$folder/venv"
pip=("$folder/venv/bin/python" -m pip install --quiet)
case $package in
  *.whl)
    install -m 0644 -o "$NAME" "$package" "$folder/"
    build "${pip[@]}" "$folder/$(basename "$package")"
    ;;
  *.txt)
    install -m 0644 -o "$NAME" "$package" "$folder/requirements.txt"
    build "${pip[@]}" --requirement "$folder/requirements.txt"
    ;;
  *)
    contents | build tar --extract --directory="$folder/app" --no-same-owner
    if [[ -e "$folder/app/requirements.txt" ]]; then
      build "${pip[@]}" --requirement "$folder/app/requirements.txt"
    else
      build "${pip[@]}" "$folder/app"
    fi
    ;;
esac
build "$folder/venv/bin/python" -c 'import uvicorn' ||
  stop "The package does not bring uvicorn: add it to its requirements."

for mount in $MOUNTS; do
  install -d -m 0755 "$folder/app/$mount"
done
# From here on nobody but root changes it.
chown --recursive --no-dereference root:root "$folder"
chmod --recursive u+rwX,go+rX,go-w "$folder"
"$folder/venv/bin/python" -m compileall -q "$folder/app" >/dev/null || true
touch "$folder/complete"
trap - EXIT
printf '%s\n' "$release"

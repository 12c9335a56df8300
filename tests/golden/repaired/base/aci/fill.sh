#!/usr/bin/env bash
# Writes a manifest with the secrets in it to standard output. Each comes from a file in FOLDER, quoted already.
# Usage: ./fill.sh FOLDER <group.yaml
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -euo pipefail

RENDERED_IMAGE=examplesearch.azurecr.io/example/ai-search:1.0.0

folder=${1:?usage: ./fill.sh FOLDER <group.yaml}

# Another image of the app, when apply.sh was asked for one.
awk -v folder="$folder" -v rendered="$RENDERED_IMAGE" -v image="${APP_IMAGE:-}" '
  function content(name,  line, path) {
    path = folder "/" name
    if ((getline line < path) <= 0) {
      print "fill.sh: cannot read " path > "/dev/stderr"
      failed = 1
    }
    close(path)
    return line
  }
  function indent() {
    match($0, /^ */)
    return substr($0, 1, RLENGTH)
  }
  /^ *# fill[.]sh adds as secureValue: / {
    space = indent()
    sub(/^.*secureValue: /, "")
    count = split($0, words, " ")
    for (i = 1; i <= count; i++) {
      split(words[i], pair, "=")
      print space "- name: " pair[1]
      print space "  secureValue: " content(pair[2])
    }
    filled++
    next
  }
  /^ *# fill[.]sh adds: storageAccountKey$/ {
    print indent() "storageAccountKey: " content("storage-account-key")
    filled++
    next
  }
  /^ *# fill[.]sh adds in base64: / {
    sub(/^.*base64: /, "")
    file = $0
    next
  }
  file != "" && /^ *secret: [{][}]$/ {
    space = indent()
    print space "secret:"
    print space "  " file ": " content(file ".base64")
    file = ""
    filled++
    next
  }
  image != "" && $1 == "image:" && $2 == rendered {
    sub(/image: .*/, "image: " image)
  }
  { print }
  END {
    if (!filled) {
      print "fill.sh: nothing to fill: is this one of our manifests?" > "/dev/stderr"
      failed = 1
    }
    exit failed
  }
'

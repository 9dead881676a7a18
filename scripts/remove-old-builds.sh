#!/usr/bin/env bash
# Removes kept builds that no longer fit: usage: remove-old-builds.sh KEY, with SCRATCH as the Makefile exports it.
set -euo pipefail
key=${1:?usage: remove-old-builds.sh KEY}
scratch=${SCRATCH:?SCRATCH must name the folder of the builds}
[[ $key =~ ^[0-9a-f]{12}$ ]] || { echo "remove-old-builds: \"$key\" is no key" >&2; exit 1; }
[[ -d $scratch ]] || exit 0

# Only folders that the Makefile makes; a kept build belongs to whoever asked for it last.
for folder in "$scratch"/{debug,release,tsan,asan}-*; do
    [[ -d $folder && ! -L $folder ]] || continue
    name=${folder##*/}
    [[ $name =~ ^(debug|release|tsan|asan)-[0-9a-f]{12}$ && ${name#*-} != "$key" ]] || continue
    echo "Removing $folder: it was built with another compiler or other packages."
    rm -rf -- "$folder"
done

#!/usr/bin/env bash
# Removes kept builds of other keys that nobody used for KEEP_BUILDS_DAYS days (14).
# usage: remove-old-builds.sh KEY, with SCRATCH as the Makefile exports it.
set -euo pipefail
key=${1:?usage: remove-old-builds.sh KEY}
scratch=${SCRATCH:?SCRATCH must name the folder of the builds}
days=${KEEP_BUILDS_DAYS:-14}
[[ $key =~ ^[0-9a-f]{12}$ ]] || { echo "remove-old-builds: \"$key\" is no key" >&2; exit 1; }
[[ $days =~ ^[0-9]{1,4}$ ]] || { echo "remove-old-builds: KEEP_BUILDS_DAYS must be days from 0 to 9999" >&2; exit 1; }
[[ -d $scratch ]] || exit 0

# Only folders that the Makefile makes; another checkout or branch may use those of another key.
for folder in "$scratch"/{debug,release,tsan,asan}-*; do
    [[ -d $folder && ! -L $folder ]] || continue
    name=${folder##*/}
    [[ $name =~ ^(debug|release|tsan|asan)-[0-9a-f]{12}$ ]] || continue
    if [[ ${name#*-} == "$key" ]]; then
        # Says that it is in use.
        touch "$folder"
    elif [[ -z $(find "$folder" -maxdepth 1 -newermt "-$days days" -print -quit) ]]; then
        echo "Removing $folder: nobody used it for $days days."
        rm -rf -- "$folder"
    fi
done

#!/usr/bin/env bash
# Makes pictures of the pages of !export, in English and Hebrew, with a real browser.
# usage: scripts/export-picture.sh DEBUG_BUILD FOLDER     Needs chromium; FOLDER gets english.png and hebrew.png.
set -euo pipefail

build=${1:?usage: scripts/export-picture.sh DEBUG_BUILD FOLDER}
folder=$(realpath -m "${2:?usage: scripts/export-picture.sh DEBUG_BUILD FOLDER}")
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "error: there is no chromium; install it: apt-get install chromium" >&2; exit 1; }
mkdir -p "$folder"
MARTLET_KEEP_EXPORTS=$folder swift test --skip-build --disable-xctest --scratch-path "$build" \
    --filter 'EndToEndTests.PrivacyTests/.*export holds'
for language in english hebrew; do
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=760,1500 \
        --screenshot="$folder/$language.png" "file://$folder/$language.html" 2>/dev/null
    echo "$folder/$language.png"
done

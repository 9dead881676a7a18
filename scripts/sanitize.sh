#!/usr/bin/env bash
# Builds and runs the tests under a sanitizer. usage: sanitize.sh thread|address SCRATCH_FOLDER
set -euo pipefail
kind=${1:?usage: sanitize.sh thread|address SCRATCH_FOLDER}
scratch=${2:?usage: sanitize.sh thread|address SCRATCH_FOLDER}

# Swift's own crash reporter stumbles over the sanitizers' memory.
export SWIFT_BACKTRACE=enable=no
export TSAN_OPTIONS=${TSAN_OPTIONS:-exitcode=66}
export ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=66}

echo "== $kind sanitizer (not in it: make crash, make bench, make fuzz; the last has the address sanitizer of its own)"
swift build --build-tests --sanitize="$kind" --scratch-path "$scratch"
swift test --skip-build --disable-xctest --sanitize="$kind" --scratch-path "$scratch"
echo "sanitize_$kind clean"

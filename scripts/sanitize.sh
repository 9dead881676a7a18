#!/usr/bin/env bash
# Builds and runs the tests under a sanitizer, a target after the other; docs/benchmarks.md says what it sees.
# usage: sanitize.sh thread|address SCRATCH_FOLDER [TARGET…]
# The last line counts: `sanitize_KIND clean`. The status is 1 when a test failed or any process had something to report.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?usage: sanitize.sh thread|address SCRATCH_FOLDER [TARGET…]}
scratch=${2:?usage: sanitize.sh thread|address SCRATCH_FOLDER [TARGET…]}
shift 2
targets=("$@")
((${#targets[@]})) || targets=($(basename -a Tests/*Tests))

mkdir -p "$scratch/sanitizer"
own=$(cd "$scratch/sanitizer" && pwd)
reports=$own/reports
rm -rf "$reports"
mkdir "$reports"

# The options are linked in, and those of the shell must not hide a report.
unset TSAN_OPTIONS ASAN_OPTIONS LSAN_OPTIONS
# Swift's own crash reporter stumbles over the sanitizers' memory.
export SWIFT_BACKTRACE=enable=no
# Everything takes longer here: the tests wait longer before they give up.
export MARTLET_SANITIZER=$kind
export MARTLET_CHAOS_STEPS=${MARTLET_CHAOS_STEPS:-10000}
export MARTLET_TEST_PATIENCE=${MARTLET_TEST_PATIENCE:-5}

# The C compiler that belongs to Swift's.
clang=$(swiftc -print-target-info | sed -nE 's|.*"runtimeResourcePath": "(.*)/lib/swift".*|\1/bin/clang|p')

# compile NAME: adds a C file of ours to `objects`, with a name that changes with it, so that a change is linked anew.
objects=()
compile() {
    local source=scripts/sanitizers/$1.c
    local object=$own/$1-$(sha256sum "$source" | cut -c1-12).o
    "$clang" -O2 -Wall -Wextra -Werror -DREPORTS="\"$reports/report\"" -c "$source" -o "$object"
    objects+=("$object")
}

# show_reports: prints what the sanitizer wrote so far, and takes it away. The status is 1 when there was nothing.
show_reports() {
    local found=("$reports"/*)
    [[ -e ${found[0]} ]] || return 1
    cat "${found[@]}"
    rm -f "${found[@]}"
}

# expect silence|report MODE: what the self-test makes of MODE.
expect() {
    local status=0 got=silence
    "$own/self-test" "$2" >/dev/null 2>&1 || status=$?
    show_reports >"$own/self-test.log" && got=report
    [[ "$got $status" == "$1 $([[ $1 == silence ]] && echo 0 || echo 66)" ]] && return
    cat "$own/self-test.log"
    echo "error: $2 of scripts/sanitizers/self-test.swift: $1 was expected, $got with status $status came" >&2
    exit 1
}

echo "== $kind sanitizer (not in it: make crash, make bench, make fuzz; the last has the address sanitizer of its own)"
rm -f "$own"/*.o
compile options
[[ $kind == thread ]] && compile mutex-edges

# The linker's words are about functions of the sanitizer that nothing here calls.
swiftc -swift-version 5 -g -sanitize="$kind" scripts/sanitizers/self-test.swift "${objects[@]}" \
    -o "$own/self-test" 2> >(grep -v 'Cannot export local symbol' >&2)
expect silence lock
expect silence try-lock
if [[ $kind == thread ]]; then
    expect report race
    expect report race-beside-locks
else
    expect report overrun
    expect report leak
fi

linked=()
for object in "${objects[@]}"; do linked+=(-Xlinker "$object"); done
swift build --build-tests --sanitize="$kind" --scratch-path "$scratch" "${linked[@]}"

passed=0
failed=0
log=$own/test.log
for target in "${targets[@]}"; do
    echo "== $target"
    status=0
    # Hundreds of thousands of curve operations, or processes, slowed down side by side, leave no time to answer in.
    order=()
    [[ $target =~ ^(WhatsAppEmulator|EndToEnd)Tests$ ]] && order=(--no-parallel)
    timeout --kill-after=10 2400 swift test --skip-build --disable-xctest --sanitize="$kind" --scratch-path "$scratch" \
        "${order[@]}" --filter "^$target\." >"$log" 2>&1 || status=$?
    total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    if show_reports; then
        echo "error: $target: the $kind sanitizer has something to report" >&2
        status=1
    fi
    if [[ $status -ne 0 || ${total:-0} -eq 0 ]]; then
        cat "$log"
        echo "error: $target: status $status, ${total:-no} tests" >&2
        failed=$((failed + 1))
    else
        grep -E 'Test run with [0-9]+ tests?' "$log" | tail -n 1
        passed=$((passed + total))
    fi
done

echo
echo "$passed tests passed, $failed targets failed"
((failed == 0))
echo "sanitize_$kind clean"

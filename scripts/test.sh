#!/usr/bin/env bash
# Runs what is built: the tests, a target after the other, then the crash test.
# usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER
# ATTEMPTS=N runs a target that fails up to N times (1), for machines whose other work upsets tests, and tells of it.
# The last line counts: `N passed, N failed`. The status is 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."
scratch=${1:?usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER}
programs=${2:?usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER}
attempts=${ATTEMPTS:-1}
crashes=20
web_crashes=10
crash_jobs=3000
# How many tests of a target run at once: hundreds side by side would leave each too little of the machine to be in time.
width=$((4 * $(nproc)))
passed=0
failed=0

log=$(mktemp)
failures=$(mktemp)
repeated=$(mktemp)
trap 'rm -f "$log" "$failures" "$repeated"' EXIT

# run TARGET: runs it; sets `status`, and leaves what it printed in $log.
run() {
    timeout --kill-after=10 900 swift test --skip-build --disable-xctest --scratch-path "$scratch" \
        --experimental-maximum-parallelization-width "$width" --filter "^$1\." >"$log" 2>&1
    status=$?
}

# broken_tests: the lines of $log that say what failed, or its end.
broken_tests() { grep -E '^✘ Test .* recorded an issue|^✘ Test .* failed after' "$log" || tail -n 20 "$log"; }

# Each target has the machine to itself: its deadlines are not met by what others do.
for folder in Tests/*Tests; do
    target=$(basename "$folder")
    echo "== $target"
    run "$target"
    for ((attempt = 2; status != 0 && attempt <= attempts; attempt++)); do
        cat "$log"
        { echo "in $target, attempt $((attempt - 1)) (status $status):"; broken_tests; } >>"$repeated"
        run "$target"
    done
    total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    broken=$(grep -cE '^✘ Test .* failed after' "$log")
    grep -qE '^✘ Test run with ' "$log" && broken=$((broken - 1))
    if [[ $status -ne 0 ]]; then
        cat "$log"
        { echo "in $target (status $status):"; broken_tests; } >>"$failures"
        ((broken > 0)) || broken=1
    elif [[ ${total:-0} -eq 0 ]]; then
        cat "$log"
        echo "error: the runner found no tests in $target" >&2
        broken=1
    fi
    grep -E 'Test run with [0-9]+ tests?' "$log" | tail -n 1
    failed=$((failed + broken))
    passed=$((passed + (${total:-0} > broken ? ${total:-0} - broken : 0)))
done

echo
echo "== $crashes crashes"
if "$programs/Benchmarks" crash --runs "$crashes" --martlet "$programs/martlet"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi

echo
echo "== $web_crashes crashes of a linked account"
if "$programs/Benchmarks" crash-web --runs "$web_crashes" --martlet "$programs/martlet" --python "${MARTLET_TEST_PYTHON:-}"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi

echo
echo "== crashes over $crash_jobs jobs"
if "$programs/Benchmarks" crash-jobs --jobs "$crash_jobs"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi

[[ -s $repeated ]] && { echo; echo "== what was run again"; cat "$repeated"; }
# Once more where a reader looks first: what failed, by name.
[[ -s $failures ]] && { echo; echo "== what failed"; cat "$failures"; }
echo
echo "$passed passed, $failed failed"
((failed == 0))

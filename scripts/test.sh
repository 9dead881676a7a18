#!/usr/bin/env bash
# Runs what is built: the tests, then the crash test. usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER
# The last line counts: `N passed, N failed`. The status is that of the first stage that failed.
set -uo pipefail
scratch=${1:?usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER}
programs=${2:?usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER}
crashes=20

log=$(mktemp)
trap 'rm -f "$log"' EXIT

close() {
    echo
    echo "$1 passed, $2 failed"
    exit "$3"
}

echo "== Tests"
swift test --skip-build --disable-xctest --scratch-path "$scratch" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
summary=$(grep -E 'Test run with [0-9]+ tests?' "$log" | tail -n 1)
total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' <<<"$summary")
total=${total:-0}
failed=$(grep -cE '^✘ Test .* failed after' "$log")
# The closing line of the runner begins like that of a failed test.
grep -qE '^✘ Test run with ' "$log" && failed=$((failed - 1))
[[ $status -eq 0 || $failed -gt 0 ]] || failed=1
if [[ $status -eq 0 && $total -eq 0 ]]; then
    echo "error: the runner found no tests" >&2
    close 0 1 1
fi
passed=$((total > failed ? total - failed : 0))
[[ $status -eq 0 ]] || close "$passed" "$failed" "$status"

echo
echo "== $crashes crashes"
if ! "$programs/Benchmarks" crash --runs "$crashes" --martlet "$programs/martlet"; then
    close "$passed" $((failed + 1)) 1
fi

echo
echo "$summary"
close $((passed + 1)) "$failed" 0

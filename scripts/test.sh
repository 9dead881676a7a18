#!/usr/bin/env bash
# Runs what is built: the tests, a target after the other, then the crash test.
# usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER
# The last line counts: `N passed, N failed`. The status is 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."
scratch=${1:?usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER}
programs=${2:?usage: test.sh SCRATCH_FOLDER PROGRAM_FOLDER}
crashes=20
web_crashes=10
passed=0
failed=0

log=$(mktemp)
failures=$(mktemp)
trap 'rm -f "$log" "$failures"' EXIT

# Each target has the machine to itself: its deadlines are not met by what others do.
for folder in Tests/*Tests; do
    target=$(basename "$folder")
    echo "== $target"
    timeout --kill-after=10 900 swift test --skip-build --disable-xctest --scratch-path "$scratch" --filter "^$target\." >"$log" 2>&1
    status=$?
    total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    broken=$(grep -cE '^✘ Test .* failed after' "$log")
    grep -qE '^✘ Test run with ' "$log" && broken=$((broken - 1))
    if [[ $status -ne 0 ]]; then
        cat "$log"
        { echo "in $target (status $status):"; grep -E '^✘ Test .* recorded an issue|^✘ Test .* failed after' "$log" || tail -n 20 "$log"; } >>"$failures"
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

# Once more where a reader looks first: what failed, by name.
[[ -s $failures ]] && { echo; echo "== what failed"; cat "$failures"; }
echo
echo "$passed passed, $failed failed"
((failed == 0))

#!/usr/bin/env bash
# Makes .venv with the Python clients and servers that the tests talk to. Does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

shopt -s nullglob
requirements=(Tests/Interop/requirements*.txt)
python=${PYTHON:-python3}
wanted=$( ("$python" --version; cat /dev/null "${requirements[@]}") 2>&1 | sha256sum | cut -d ' ' -f 1)
if [[ -x .venv/bin/python && $(cat .venv/.stamp 2>/dev/null) == "$wanted" ]] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

echo "Making .venv with ${requirements[*]:-no packages}"
rm -rf .venv
"$python" -m venv .venv
if [[ ${#requirements[@]} -gt 0 ]]; then
    arguments=()
    for file in "${requirements[@]}"; do arguments+=(-r "$file"); done
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "${arguments[@]}"
fi
printf '%s\n' "$wanted" >.venv/.stamp

#!/usr/bin/env bash
# Lists what Martlet is built from and runs on: version, licence, and why. The licence is read from the sources that were
# fetched, the reason from docs/dependencies.md.
# usage: audit-deps.sh FOLDER_OF_CHECKOUTS        after a build; `make audit-deps` does both
# The status is 1 when a licence is unknown or may not be linked into the program, when a dependency has no reason, when a
# reason has no dependency, or when the page says another licence than the sources.
set -euo pipefail
root=${AUDIT_ROOT:-$(cd "$(dirname "$0")/.." && pwd)}
checkouts=${1:?usage: audit-deps.sh FOLDER_OF_CHECKOUTS}
page=$root/docs/dependencies.md
documents=${AUDIT_DOCUMENTS:-/usr/share/doc}
problems=0
problem() { echo "error: $*" >&2; problems=$((problems + 1)); }

# What may be linked into the program. Others need a decision first.
linkable=" Apache-2.0 MIT BSD-2-Clause BSD-3-Clause ISC Zlib "

# licence_of FILE: the short name of the licence that a file holds.
licence_of() {
    local text
    text=$(tr -s '[:space:]' ' ' <"$1" | cut -c 1-20000)
    case $text in
    *"GNU AFFERO GENERAL PUBLIC LICENSE"*) echo AGPL ;;
    *"GNU LESSER GENERAL PUBLIC LICENSE"*) echo LGPL ;;
    *"GNU GENERAL PUBLIC LICENSE"*) echo GPL ;;
    *"Apache License"*"Version 2.0"*) echo Apache-2.0 ;;
    *"Mozilla Public License"*) echo MPL-2.0 ;;
    *"Permission is hereby granted, free of charge"*) echo MIT ;;
    *"Redistribution and use in source and binary forms"*"either the name"*) echo BSD-3-Clause ;;
    *"Redistribution and use in source and binary forms"*"may not be used to endorse"*) echo BSD-3-Clause ;;
    *"Redistribution and use in source and binary forms"*) echo BSD-2-Clause ;;
    *"Permission to use, copy, modify, and"*"distribute this software for any"*) echo ISC ;;
    *"Altered source versions must be plainly marked"*) echo Zlib ;;
    *) echo unknown ;;
    esac
}

# identity URL: the name that Swift's package manager gives to the package there.
identity() { basename "$1" .git | tr '[:upper:]' '[:lower:]'; }
# urls_of MANIFEST: the packages that it asks for; what stands in comments does not count.
urls_of() { { sed 's,^[[:space:]]*//.*,,' "$1" | grep -oE 'url: *"[^"]+"' | sed -E 's/.*"(.*)"/\1/'; } || true; }
# rows HEADING: name, licence and reason of the table under a heading of the page, with tabs between.
rows() {
    awk -v heading="## $1" -F ' *\\| *' '
        /^## / { here = ($0 == heading) }
        here && /^\|/ && $2 != "---" && !header { header = 1; next }
        here && /^\| *`/ { gsub(/`/, "", $2); print $2 "\t" $3 "\t" $4 }' "$page"
}
# field NAME NUMBER HEADING: a field of a row.
field() { rows "$3" | awk -F '\t' -v name="$1" -v number="$2" '$1 == name { print $number }'; }
line() { printf '%-9s %-30s %-22s %-14s %s\n' "$@"; }

[[ -f $page ]] || { echo "error: $page is missing" >&2; exit 1; }
line kind name version licence why

# The packages that are linked into the program or build it.
direct=$(urls_of "$root/Package.swift" | while read -r url; do identity "$url"; done)
resolved=$(awk -F '"' '
    $2 == "identity" { identity = $4 } $2 == "location" { location = $4 } $2 == "revision" { version = substr($4, 1, 12) }
    $2 == "version" { version = $4 } $2 == "state" { version = "" }
    /^    }/ && identity { print identity "\t" location "\t" version; identity = "" }' "$root/Package.resolved")
while IFS=$'\t' read -r name location version; do
    [[ -n $name ]] || continue
    folder=$checkouts/$(basename "$location" .git)
    licence=unknown
    for file in "$folder"/LICENSE* "$folder"/LICENCE* "$folder"/COPYING*; do
        [[ -f $file ]] && { licence=$(licence_of "$file"); break; }
    done
    if [[ ! -d $folder ]]; then problem "$name: its sources are not in $checkouts; build first"; fi
    if [[ $licence == unknown ]]; then
        problem "$name: its licence is unknown; read it, and teach scripts/audit-deps.sh to recognise it"
    elif [[ $linkable != *" $licence "* ]]; then
        problem "$name: $licence may not be linked into the program; decide first (docs/decisions)"
    fi
    if grep -qx -- "$name" <<<"$direct"; then
        why=$(field "$name" 3 Packages)
        said=$(field "$name" 2 Packages)
        [[ -n $why ]] || problem "$name: docs/dependencies.md does not say what it is for"
        [[ -z $said || $said == "$licence" ]] || problem "$name: docs/dependencies.md says $said, its sources $licence"
    else
        why=$(for other in "$checkouts"/*/Package.swift; do
            urls_of "$other" | while read -r url; do
                if [[ $(identity "$url") == "$name" ]]; then basename "$(dirname "$other")"; fi
            done
        done | sort -u | paste -sd ' ' | sed -n 's/^./brought by &/p')
        [[ -n $why ]] || problem "$name: nobody asks for it; remove Package.resolved and build again"
    fi
    line package "$name" "${version:-?}" "$licence" "${why:-?}"
done <<<"$resolved"
while IFS=$'\t' read -r name _; do
    grep -qx -- "$name" <<<"$direct" || problem "$name: docs/dependencies.md has a reason for it, Package.swift no longer"
done < <(rows Packages)
for name in $direct; do
    grep -q "^$name"$'\t' <<<"$resolved" || problem "$name: stands in Package.swift and not in Package.resolved; build first"
done

# What the machine that runs it must have.
system=$(sed -n '/^ *run)/,/;;/p' "$root/scripts/install-system-packages.sh" | awk '$1 == "need" { print $2 }')
for name in $system; do
    licence=$(field "$name" 2 "System packages")
    why=$(field "$name" 3 "System packages")
    version=$(dpkg-query -W -f '${Version}' "$name" 2>/dev/null || true)
    [[ -n $why && -n $licence ]] || problem "$name: docs/dependencies.md does not say what it is for, or its licence"
    # Debian writes the licences of each package down, by name or in full.
    if [[ -n $licence && -f $documents/$name/copyright ]] \
        && ! grep -qi -- "${licence//-/[- ]}" "$documents/$name/copyright" \
        && [[ $(licence_of "$documents/$name/copyright") != "$licence" ]]; then
        problem "$name: docs/dependencies.md says $licence, $documents/$name/copyright does not"
    fi
    line system "$name" "${version:-not here}" "${licence:-?}" "${why:-?}"
done
while IFS=$'\t' read -r name _; do
    grep -qx -- "$name" <<<"$system" || problem "$name: docs/dependencies.md has a reason for it, install-system-packages.sh no longer"
done < <(rows "System packages")

# What the tests talk to. None of it is in the program or its image.
for requirement in $(cat "$root"/Tests/Interop/requirements*.txt 2>/dev/null | sed 's/#.*//'); do
    name=${requirement%%==*}
    metadata=$(compgen -G "$root/.venv/lib/python3*/site-packages/${name//-/_}-*.dist-info/METADATA" | head -n 1 || true)
    licence='?'
    if [[ -n $metadata ]]; then
        licence=$(sed -nE '/^$/q; s/^License-Expression: //p; s/^License: (.{1,40})$/\1/p; s/^Classifier: License :: OSI Approved :: //p' \
            "$metadata" | head -n 1)
    fi
    line test "$name" "${requirement##*==}" "${licence:-?}" "a peer of the tests"
done

if ((problems > 0)); then
    echo "error: $problems problems with dependencies" >&2
    exit 1
fi

#!/usr/bin/env bash
# Feeds random bytes to the parsers of what comes from outside. usage: fuzz.sh [RUNS]
# Prints one line for each: fuzz_NAME_inputs COUNT count. An input that breaks a parser is kept in $SCRATCH/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-1000000}
folder=${SCRATCH:-$HOME/.cache/martlet}/fuzz
mkdir -p "$folder"

# Swift's own crash reporter stumbles over the sanitizer's memory.
export SWIFT_BACKTRACE=enable=no

# fuzz NAME CORPUS LONGEST SOURCE…
fuzz() {
    local name=$1 corpus=$2 longest=$3
    shift 3
    local program=$folder/$name found=$folder/$name-corpus
    mkdir -p "$found"
    echo "== fuzz $name"
    rm -f "$program"
    swiftc -O -g -parse-as-library -swift-version 6 -sanitize=fuzzer,address \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility \
        -enable-upcoming-feature InternalImportsByDefault -module-name Fuzz "$@" -o "$program" 2>&1 |
        grep -v 'Cannot export local symbol' || true
    [[ -x $program ]] || { echo "error: the fuzzer of $name does not compile" >&2; exit 1; }
    if ! "$program" -runs="$runs" -max_len="$longest" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$folder/$name-broken-" "$found" "$corpus" >"$folder/$name.log" 2>&1; then
        tail -n 80 "$folder/$name.log" >&2
        echo "error: an input broke the parser; it is kept as $folder/$name-broken-…" >&2
        exit 1
    fi
    echo "fuzz_${name}_inputs $(sed -nE 's/^Done ([0-9]+) runs.*/\1/p' "$folder/$name.log" | tail -n 1) count"
}

# The words that the decoder looks for, as the recipe of bodies wants them.
words=$folder/WebhookWords.swift
{
    echo 'let webhookWords: [String] = ['
    grep -ohE '"[A-Za-z_0-9]{2,}"' Sources/WhatsAppCloud/Webhook/Decoding/*.swift | sort -u | sed 's/$/,/'
    echo ']'
} >"$words"

fuzz webhook Fuzz/Corpus/Webhook 65536 Fuzz/WebhookFuzz.swift Fuzz/WebhookRecipe.swift "$words" \
    Sources/WhatsAppCloud/Webhook/Decoding/*.swift
fuzz sse Fuzz/Corpus/ServerSentEvents 8192 Fuzz/ServerSentEventsFuzz.swift \
    Sources/AIServices/Language/Streaming/ServerSentEvents.swift

# The Signal code and its keys as one module, with stand-ins for swift-crypto; libsodium is the real one.
signal=$folder/Signal
rm -rf "$signal"
mkdir -p "$signal"
find Sources/WhatsAppKeys Sources/WhatsAppSignal -name '*.swift' | while read -r file; do
    sed -E '/^(public )?import (WhatsAppKeys|Crypto|CryptoExtras|Foundation)$/d' "$file" >"$signal/${file##*/}"
done
fuzz signal Fuzz/Corpus/Signal 4096 -I Sources/CSodium Fuzz/SignalFuzz.swift Fuzz/SignalStandIns.swift "$signal"/*.swift

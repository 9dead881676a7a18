#!/usr/bin/env bash
# Feeds random bytes to the parsers of what comes from outside. usage: fuzz.sh [RUNS]
# With ONLY=NAME only that parser. Modules of others come from the release build, which is made as far as it is needed;
# BUILT=FOLDER takes them from another one.
# Prints one line for each: fuzz_NAME_inputs COUNT count. An input that breaks a parser is kept in $SCRATCH/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-1000000}
folder=${SCRATCH:-$HOME/.cache/martlet}/fuzz
mkdir -p "$folder"

# Swift's own crash reporter stumbles over the sanitizer's memory.
export SWIFT_BACKTRACE=enable=no

# What swiftc needs to compile for a fuzzer.
instrumented=(
    -O -g -parse-as-library -swift-version 6 -sanitize=fuzzer,address
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
)
# What a fuzzer of our modules needs besides; set by `modules`.
seen=()
linked=()

# modules NAME… : compiles our modules with the instruments, in the order in which they see each other.
modules() {
    local built=${BUILT:-}
    if [[ -z $built ]]; then
        local release=${SCRATCH:-$HOME/.cache/martlet}/release-$(scripts/build-key.sh)
        swift build -c release --static-swift-stdlib --target WhatsAppSignal --scratch-path "$release" >&2
        built=$release/release
    fi
    seen=(-static-stdlib -I "$folder/modules" -I "$built/Modules" -I Sources/CZlib -I Sources/CSodium)
    local map object name rebuilt=false
    while IFS= read -r map; do seen+=(-Xcc "-fmodule-map-file=$map"); done < <(
        find "$built/../../checkouts/swift-crypto/Sources" "$built/../checkouts/swift-crypto/Sources" \
            -name module.modulemap 2>/dev/null)
    mkdir -p "$folder/modules"
    for name in "$@"; do
        linked+=("$folder/modules/$name.o")
        if ! $rebuilt && [[ -z $(find scripts/fuzz.sh "Sources/$name" -newer "$folder/modules/$name.o" 2>&1) ]]; then
            continue
        fi
        rebuilt=true
        echo "== instrument $name" >&2
        local imports=(-enable-upcoming-feature InternalImportsByDefault)
        [[ $name == WhatsAppProto ]] && imports=()
        find "Sources/$name" -name '*.swift' -print0 | xargs -0 swiftc "${instrumented[@]}" "${imports[@]}" \
            -enable-upcoming-feature NonisolatedNonsendingByDefault -wmo -module-name "$name" "${seen[@]}" \
            -emit-module -emit-module-path "$folder/modules/$name.swiftmodule" -emit-object \
            -o "$folder/modules/$name.o"
        touch "$folder/modules/$name.o"
    done
    linked+=("${seen[@]}" -lstdc++)
    while IFS= read -r object; do linked+=("$object"); done < <(
        find "$built"/{SwiftProtobuf,SwiftASN1,Crypto,CryptoExtras,CryptoBoringWrapper,CCryptoBoringSSL,CCryptoBoringSSLShims,CXKCP}.build \
            "$built"/CXKCPShims.build -name '*.o' 2>/dev/null)
}

# fuzz NAME CORPUS LONGEST SOURCE…
fuzz() {
    local name=$1 corpus=$2 longest=$3
    shift 3
    [[ -z ${ONLY:-} || ${ONLY:-} == "$name" ]] || return 0
    local program=$folder/$name found=$folder/$name-corpus
    mkdir -p "$found"
    echo "== fuzz $name"
    rm -f "$program"
    swiftc "${instrumented[@]}" -enable-upcoming-feature InternalImportsByDefault -module-name Fuzz "$@" \
        "${linked[@]}" -o "$program" 2>&1 | grep -v 'Cannot export local symbol' || true
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

case ${ONLY:-frames} in
    frames | node | certificate | protobuf | appstate) modules WhatsAppProto WhatsAppKeys WhatsAppWire WhatsAppSignal ;;
    signal) modules WhatsAppKeys WhatsAppSignal ;;
esac
fuzz frames Fuzz/Corpus/Frames 4096 Fuzz/FramesFuzz.swift
fuzz node Fuzz/Corpus/Node 4096 Fuzz/NodeFuzz.swift
fuzz certificate Fuzz/Corpus/Certificate 1024 Fuzz/CertificateFuzz.swift
fuzz protobuf Fuzz/Corpus/Protobuf 4096 Fuzz/ProtobufFuzz.swift
fuzz signal Fuzz/Corpus/Signal 4096 Fuzz/SignalFuzz.swift
fuzz appstate Fuzz/Corpus/AppState 4096 Fuzz/AppStateFuzz.swift Sources/WhatsAppWeb/WebError.swift \
    Sources/WhatsAppWeb/Messages/Message{Header,Reference}.swift Sources/WhatsAppWeb/Messages/Content/Data+Bytes.swift \
    Sources/WhatsAppWeb/AppState/{AppStateAction,AppStateChange,AppStateCollection,AppStateDecoder,AppStateEvent,AppStateHasher}.swift \
    Sources/WhatsAppWeb/AppState/{AppStateEvent+Reading,AppStateKey,AppStatePatch,AppStateRecord,AppStateVersion,LatticeHash}.swift

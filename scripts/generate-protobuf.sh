#!/usr/bin/env bash
# Makes Sources/WhatsAppProto/Generated from Sources/WhatsAppProto/Protos. usage: generate-protobuf.sh
# Needs protoc (Debian: protobuf-compiler). Builds the Swift plugin of the swift-protobuf version that the package
# uses, the first time, unless PROTOC_GEN_SWIFT names one.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${SCRATCH:-$HOME/.cache/martlet}/protoc-gen-swift
plugin=${PROTOC_GEN_SWIFT:-}

if [[ -z $plugin ]]; then
    version=$(sed -n '/"identity" : "swift-protobuf"/,/}/s/.*"version" : "\(.*\)".*/\1/p' Package.resolved)
    source=$folder/$version
    if [[ ! -d $source ]]; then
        git clone --quiet --depth 1 --branch "$version" https://github.com/apple/swift-protobuf.git "$source.part"
        mv "$source.part" "$source"
    fi
    swift build --package-path "$source" --scratch-path "$folder/build" --product protoc-gen-swift
    plugin=$(swift build --package-path "$source" --scratch-path "$folder/build" --show-bin-path)/protoc-gen-swift
fi

room=Sources/WhatsAppProto
mkdir -p "$room/Generated"
rm -f "$room"/Generated/*.pb.swift
protoc --plugin=protoc-gen-swift="$plugin" --proto_path="$room/Protos" \
    --swift_opt=Visibility=Public --swift_out="$room/Generated" "$room"/Protos/*.proto

#!/usr/bin/env bash
# Prints a name for everything that makes a kept build unusable when it changes: the compiler and the packages.
set -u
cd "$(dirname "$0")/.." || exit 1
(
    swift --version 2>/dev/null
    grep -E '^ +\.package\(' Package.swift
) | sha256sum | cut -c1-12

#!/usr/bin/env bash
# Installs the system packages that are missing, and says which.
# usage: install-system-packages.sh build|run|test…     Needs neither network nor root when nothing is missing.
set -euo pipefail

# The oldest compiler that this is built and tested with; README.md says the same.
swift_major=6 swift_minor=3
swift_source="Swift $swift_major.$swift_minor or later from https://www.swift.org/install/linux/"

fail() { echo "error: $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Whether a package that fits the pattern is installed.
installed() {
    dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q '^install ok installed$'
}

missing=()
# need PACKAGE [PATTERN]: another package that fits PATTERN will do.
need() { installed "$1" || { [[ $# -gt 1 ]] && installed "$2"; } || missing+=("$1"); }
# need_command COMMAND PACKAGE: wherever the command comes from.
need_command() { have "$1" || missing+=("$2"); }

check_swift() {
    have swift || fail "Swift is not installed. Install $swift_source and make sure that \`swift\` is on the PATH."
    local version major minor
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    read -r major minor <<<"${version:-0 0}"
    ((major > swift_major || (major == swift_major && minor >= swift_minor))) ||
        fail "Swift $major.$minor is too old. Install $swift_source."
}

# without_apt MODE: checks what it can, and names what to install by hand.
without_apt() {
    case $1 in
    build) have pkg-config && pkg-config --exists sqlite3 zlib libzip libsodium libqrencode && have git && return 0 ;;
    test) have promtool && "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0 ;;
    *) return 0 ;;
    esac
    cat >&2 <<'TEXT'
error: this system has no apt, so the packages cannot be installed for you. Install these by hand and try again:
  Fedora, RHEL:  sqlite-devel libsodium-devel zlib-devel libzip-devel qrencode-devel pkgconf-pkg-config gcc-c++ binutils-gold ca-certificates curl git
  Amazon Linux:  sqlite-devel libsodium-devel zlib-devel libzip-devel qrencode-devel pkgconfig gcc-c++ binutils ca-certificates curl git
  Arch:          sqlite libsodium zlib libzip qrencode pkgconf gcc binutils ca-certificates curl git
  for the tests: python3 with venv, and promtool (from Prometheus)
TEXT
    exit 1
}

# The linker that Swift calls: its own package since Debian 13, part of binutils before.
linker_package() {
    if apt-cache show binutils-gold >/dev/null 2>&1; then echo binutils-gold; else echo binutils; fi
}

check() {
    case $1 in
    build)
        need libsqlite3-dev
        need libsodium-dev
        need zlib1g-dev
        need libzip-dev
        need libqrencode-dev
        need pkg-config pkgconf
        need ca-certificates
        need libc6-dev
        need g++ 'libstdc++-*-dev'
        need_command curl curl
        need_command git git
        need_command ld.gold ld.gold
        ;;
    run)
        need libsqlite3-0 'libsqlite3-0*'
        need libsodium23 'libsodium[0-9]*'
        need libqrencode4 'libqrencode[0-9]*'
        need zlib1g
        need libzip4 'libzip[0-9]*'
        need ca-certificates
        need tzdata
        ;;
    test)
        need_command python3 python3
        "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
        need_command promtool prometheus
        # neonize, a peer of the tests, looks at files with it.
        need libmagic1 'libmagic1t64'
        ;;
    *) fail "unknown mode \"$1\"; use build, run or test" ;;
    esac
}

# Keeps the packages from starting services: Martlet's tests start what they need themselves.
install_quietly() {
    local -a as_root=(env)
    echo "These system packages are missing: ${missing[*]}"
    if [[ $(id -u) -ne 0 ]]; then
        have sudo || fail "you are not root and there is no sudo. Run this as root and try again:" \
            "apt-get install --no-install-recommends ${missing[*]/#ld.gold/binutils}"
        # Without a terminal a question for the password would wait for ever.
        if [[ -t 0 ]]; then as_root=(sudo env); else as_root=(sudo -n env); fi
    fi
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get update -qq
    missing=("${missing[@]/#ld.gold/$(linker_package)}")
    echo "Installing: ${missing[*]}"
    local policy=/usr/sbin/policy-rc.d own_policy=no status=0
    if [[ ! -e $policy ]]; then
        own_policy=yes
        trap '"${as_root[@]}" rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" sh -c "cat >$policy && chmod 755 $policy"
    fi
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" || status=$?
    if [[ $own_policy == yes ]]; then
        "${as_root[@]}" rm -f "$policy"
        trap - EXIT
    fi
    if [[ " ${missing[*]} " == *" prometheus "* ]] && have systemctl; then
        # Only its promtool is wanted: the server shall not come up at the next start of the machine either.
        "${as_root[@]}" systemctl disable --quiet prometheus 2>/dev/null || true
    fi
    [[ $status -eq 0 ]] || fail "apt-get could not install ${missing[*]}; what it says above is the reason."
}

[[ $# -gt 0 ]] || fail "usage: install-system-packages.sh build|run|test"
for mode in "$@"; do
    [[ $mode == build ]] && check_swift
    if ! have dpkg-query || ! have apt-get; then
        without_apt "$mode"
        continue
    fi
    check "$mode"
done
[[ ${#missing[@]} -eq 0 ]] || install_quietly

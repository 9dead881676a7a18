#!/usr/bin/env bash
# Starts a program as Deploy/compose.yaml does, where there is no container engine: as user 1001 without capabilities and
# without a way to get any, over a file system that is read-only but for DATA_FOLDER and a small /tmp.
# usage, as root: confined.sh DATA_FOLDER PROGRAM [ARGUMENT…]     The program finds its data in MARTLET_HOME.
set -euo pipefail
[[ $# -ge 2 ]] || { echo "usage: confined.sh DATA_FOLDER PROGRAM [ARGUMENT…]" >&2; exit 64; }
data=$(realpath "$1") program=$(realpath "$2")
shift 2
# shellcheck disable=SC2016
exec unshare --mount --propagation private -- bash -euo pipefail -c '
data=$1 program=$2
shift 2
mount -t tmpfs -o size=1m,mode=0755 tmpfs /mnt
mkdir /mnt/data && touch /mnt/program
mount --bind "$data" /mnt/data
mount --bind "$program" /mnt/program
findmnt --raw --noheadings --output TARGET | while read -r place; do
    place=$(printf %b "$place")
    case $place in /mnt/data | /proc* | /sys* | /dev*) continue ;; esac
    mount -o remount,bind,ro "$place" 2>/dev/null || echo "confined.sh: $place stays as it is" >&2
done
mount -t tmpfs -o size=64m,mode=1777,noexec,nosuid,nodev tmpfs /tmp
cd /
exec setpriv --reuid 1001 --regid 1001 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs \
    env MARTLET_HOME=/mnt/data MARTLET_TEMP=/tmp/martlet /mnt/program "$@"
' confined "$data" "$program" "$@"

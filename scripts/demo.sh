#!/usr/bin/env bash
# Shows the whole product without an account: an emulated WhatsApp, a bot that is linked to it, and a phone to type on.
# usage: demo.sh PROGRAM_FOLDER
# At a terminal it is a conversation. Otherwise each line of the input is a message, and the answers are the output; the
# status is 1 when one was not answered. A model of yours answers if the environment names one (OPENAI_BASE_URL, …).
set -euo pipefail
unset CDPATH
programs=${1:?usage: demo.sh PROGRAM_FOLDER}
# What is started runs in a folder of its own, where a relative path would lead elsewhere.
programs=$(cd -- "$programs" && pwd)
emulator=$programs/whatsapp-emulator
martlet=$programs/martlet
bot=15550000000
member=15550000001

folder=$(mktemp -d "${TMPDIR:-/tmp}/martlet-demo.XXXXXX")
folder=$(cd -- "$folder" && pwd)
started=()

# Ends what was started here, the newest first, and removes its folder.
finish() {
    local status=$? index
    trap - EXIT
    trap '' INT TERM HUP
    for ((index = ${#started[@]} - 1; index >= 0; index--)); do
        kill "${started[index]}" 2>/dev/null || true
        wait "${started[index]}" 2>/dev/null || true
    done
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() { echo "$*" >&2; }

# fail WHAT LOG: says what went wrong, with the end of a log.
fail() {
    say "demo: $1"
    [[ -f $folder/$2 ]] && tail -n 5 "$folder/$2" >&2
    exit 1
}

# start LOG COMMAND…: a process of its own, whose output goes to LOG and whose number is remembered.
start() {
    local log=$1
    shift
    # Here and not by the process that is started: whoever waits for a line may look first.
    : >"$folder/$log"
    (cd "$folder" && exec "$@") >"$folder/$log" 2>"$folder/$log.errors" </dev/null &
    started+=($!)
}

# line LOG PATTERN: waits for a line of a log and gives it; ends the demo when the process that was started last ends.
line() {
    local tries pid=${started[-1]}
    for ((tries = 0; tries < 600; tries++)); do
        grep -m 1 -E "$2" "$folder/$1" && return
        kill -0 "$pid" 2>/dev/null || { grep -m 1 -E "$2" "$folder/$1" && return; break; }
        sleep 0.1
    done
    return 1
}

number() { sed -nE "s/.*\"$1\":([0-9]+).*/\1/p"; }
text() { sed -nE "s/.*\"$1\":\"([^\"]*)\".*/\1/p"; }

say "Martlet demo. WhatsApp's servers and phones are emulated on this machine; no account is needed."

start emulator.log "$emulator" web
ready=$(line emulator.log '"ready":true') || fail "the emulator does not start" emulator.log.errors
control=http://127.0.0.1:$(number control_port <<<"$ready")

# The bot has settings of its own, whatever the shell has.
unset "${!CLOUD_@}" "${!WHATSAPP_@}" MARTLET_TERMINAL
export MARTLET_HOME=$folder/data HEALTH_PORT=0 WHATSAPP_WEB_ROOT WHATSAPP_WEB_URL
# Lines of a script come faster than people type.
export RATE_LIMIT_ENABLED=false FLOOD_LIMIT=0 SEND_LIMIT_PER_CHAT=0 SEND_WAITING_PER_CHAT=0
WHATSAPP_WEB_URL=ws://127.0.0.1:$(number port <<<"$ready")/ws/chat
WHATSAPP_WEB_ROOT=$(text root <<<"$ready")

if [[ -n ${OPENAI_BASE_URL:-}${OPENAI_API_KEY:-}${ANTHROPIC_API_KEY:-} ]]; then
    say "Your model answers, as the environment has it."
else
    start model.log "$emulator" echo-model
    model=$(line model.log '"ready":true') || fail "the echo model does not start" model.log.errors
    OPENAI_BASE_URL=$(text base_url <<<"$model")
    export OPENAI_BASE_URL OPENAI_GPT_MODEL=echo
    say "The model is an echo that says what it was told; for a real one set OPENAI_BASE_URL or OPENAI_API_KEY."
fi

start codes "$martlet" link --plain
code=$(line codes '^https://') || fail "no QR code came" codes.errors
curl --fail --silent --show-error --noproxy '*' "$control/qr/scan" \
    --data "{\"qr\":\"$code\",\"account\":\"$bot\",\"name\":\"Martlet\"}" >/dev/null
wait "${started[-1]}" || fail "the bot was not linked" codes.errors
unset 'started[-1]'
say "The emulated phone $bot has scanned the bot's QR code: linked."

start bot.log "$martlet" run
for ((tries = 0; tries < 600; tries++)); do
    curl --silent --noproxy '*' "$control/devices" | grep -q '"active":true' && break
    kill -0 "${started[-1]}" 2>/dev/null || fail "the bot ended" bot.log
    sleep 0.1
done
((tries < 600)) || fail "the bot did not come online" bot.log

if [[ -t 0 && -t 1 ]]; then
    say "The bot is online. You are Dana ($member) on a phone of your own: try hello, !help, or :help. Ctrl-D leaves."
    say
fi
"$emulator" phone --control "$control" --number "$member" --name Dana --to "$bot"

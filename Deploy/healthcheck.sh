#!/usr/bin/env bash
# Whether the bot in this container lives: asks /livez on HEALTH_PORT (3000). A restart does not mend what /readyz says.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${HEALTH_PORT:-3000}"
printf 'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 8 _ status _ <&3
[[ $status == 200 ]]

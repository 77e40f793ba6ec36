#!/usr/bin/env bash
# Attacks an embedded server and looks at what that costs it: issue "in hostile hands". Prints a line a number, with the load beside it; exit code 3 where one is missed.
# usage: attack.sh [flood|sensors|slow]…      all three without; needs bash 5, curl, Linux's /proc, and root for the limit of memory
#   flood     ADDRESSES (2000000) random addresses by one phone's key, against a server that may use MEMORY_MB (512): alive, bound held, known devices there, others served
#   sensors   SENSORS (10000) made-up sensors: memory within 50 MB of before, WAIT (300) seconds later
#   slow      CONNECTIONS (1000) connections that announce 400,000 bytes and send one: 40 MB at most
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
attacks=("$@"); [ $# -gt 0 ] || attacks=(flood sensors slow)
work=$(mktemp -d)
server_pid=
stop_server() { stop_process "$server_pid"; server_pid=; }
trap 'stop_server; rm -rf "$work"' EXIT
server_dll=${BENCH_SERVER_DLL:-}
if [ -z "$server_dll" ]; then
  dotnet publish src/Api -c Release -o "$work/server" -v quiet >&2
  server_dll=$work/server/KismetOrleans.Api.dll
fi
fleet=(dotnet "${BENCH_FLEET_DLL:-}")
[ -n "${BENCH_FLEET_DLL:-}" ] || { dotnet build bench/Fleet -c Release -v quiet >&2; fleet=(dotnet bench/Fleet/bin/Release/net10.0/KismetOrleans.Fleet.dll); }
port=$(free_port 26010)
url=http://127.0.0.1:$port
export KISMET_USER=kismet:kismet KISMET_KEY=0123456789abcdef0123456789abcdef
memory_mb=${MEMORY_MB:-512}
missed=0

start_server() {
  limit $((memory_mb << 20))
  "${first[@]}" "${limited[@]}" dotnet "$server_dll" --Storage:Sqlite "$work/$1.db" --urls "$url" --Auth:Username kismet --Auth:Password kismet \
    --Ingest:Keys:0:Name attacker --Ingest:Keys:0:Key "$KISMET_KEY" "${@:2}" >"$work/log" 2>&1 &
  server_pid=$!
  for _ in {1..600}; do
    curl -sf -u "$KISMET_USER" -o /dev/null "$url/system/status.json" && return
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.1
  done
  tail -20 "$work/log" >&2
  exit 1
}
status_mb() { awk -v key="$1:" '$1 == key { print int($2 / 1024) }' "/proc/$server_pid/status"; }
say() { echo "$1 (load $(load))"; }
check() { [ "$1" -le "$2" ] || { echo "MISSED: $3 $1, and $2 is the most" >&2; missed=3; }; }

for attack in "${attacks[@]}"; do
  case $attack in
    flood)
      most=$((memory_mb * 1048576 / 2 / 2304))
      start_server flood --Tracking:MaxDevices "$most"
      "${fleet[@]}" attack "$url" flood "${ADDRESSES:-2000000}" "$((most + most / 100))" || missed=3
      # Over the limit it is killed; of files it may hold more than that in all (VmHWM), which are shared.
      say "flood: alive in $memory_mb MB, $(status_mb RssAnon) MB of them its own; bound $most"
      ;;
    sensors)
      start_server sensors --Scanning:NewSourcesPerHour 0
      sleep 5
      before=$(status_mb VmRSS)
      "${fleet[@]}" attack "$url" sensors "${SENSORS:-10000}" || missed=3
      say "sensors: $before MB before, $(status_mb VmRSS) MB after, $(status_mb VmHWM) MB at most"
      left=${WAIT:-300}
      while [ "$left" -gt 0 ] && [ "$(status_mb VmRSS)" -gt $((before + 50)) ]; do sleep 5; left=$((left - 5)); done
      say "sensors: $(status_mb VmRSS) MB when they are gone"
      check "$(status_mb VmRSS)" $((before + 50)) "MB after the sensors"
      ;;
    slow)
      start_server slow
      sleep 5
      before=$(status_mb VmRSS)
      "${fleet[@]}" attack "$url" slow "${CONNECTIONS:-1000}" || missed=3
      say "slow: $before MB before, $(status_mb VmHWM) MB at most"
      check "$(status_mb VmHWM)" $((before + 40)) "MB with slow senders"
      ;;
    *) echo "unknown attack: $attack" >&2; exit 2 ;;
  esac
  stop_server
done
exit $missed

#!/usr/bin/env bash
# Measures the server from outside on one capture: replay, memory, queries. Prints a Markdown table for bench/RESULTS.md.
# usage: run.sh CAPTURE          needs bash 5, curl, Linux's /proc; wrk where it is installed
#   BENCH_SERVER="command"       measures this command, which takes the server's options, and publishes nothing
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
capture=$(realpath "${1:?usage: run.sh CAPTURE}")
[ -r "$capture" ] || { echo "$capture cannot be read" >&2; exit 2; }

work=$(mktemp -d)
server_pid=
stop_server() { stop_process "$server_pid"; server_pid=; }
trap 'stop_server; rm -rf "$work"' EXIT

if [ -n "${BENCH_SERVER:-}" ]; then
  read -ra server <<<"$BENCH_SERVER"
else
  dotnet publish src/Api -c Release -o "$work/server" -v quiet >&2
  server=(dotnet "$work/server/KismetOrleans.Api.dll")
fi

port=$(free_port 25010)
url=http://127.0.0.1:$port

# Asks without starting a process: a curl every 20 ms would take a third of a core from the server. The answer goes to $reply.
ask() {
  local path=$1 body=${2:-} method=GET
  [ -n "$body" ] && method=POST
  reply=
  { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
  printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s' \
    "$method" "$path" "${#body}" "$body" >&3
  IFS= read -r -d '' -u 3 -t 10 reply || true
  exec 3<&- 3>&-
  [[ $reply == HTTP/1.?\ 200* ]]
}

start_server() {
  began=$(now)
  "${server[@]}" --Storage:Sqlite none "$@" --urls "$url" >"$work/log" 2>&1 &
  server_pid=$!
}
check_alive() {
  kill -0 "$server_pid" 2>/dev/null && return
  echo "the server ended:" >&2
  tail -20 "$work/log" >&2
  exit 1
}
wait_for_answer() {
  until ask /system/status.json; do
    check_alive
    [ $(($(now) - began)) -lt 60000000 ] || { echo "no answer for a minute; the last was: $reply" >&2; exit 1; }
    sleep 0.002
  done
  answered=$(($(now) - began))
}

status_kb() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$server_pid/status"; }

first_answers=()
for _ in 1 2 3; do
  start_server
  wait_for_answer
  first_answers+=("$(seconds "$answered" 1000000)")
  empty_kb=$(status_kb VmRSS)
  stop_server
done

# What the reader has read, whether it has ended, what the tracker has counted; idle is when it has, none moves and the server needs no
# time.
progress() {
  ask /datasource/all_sources.json 'json={"fields":["kismet.datasource.num_packets",["kismet.datasource.replay.ended","ended"]]}' || return 1
  local sources=$reply
  ask /phy/all_phys.json 'json={"fields":["kismet.phy.packet_count"]}' || return 1
  state="${sources##*$'\r\n'} ${reply##*$'\r\n'}"
}
load_before=$(load)
start_server -c "$capture"
state= last= changed=0 quiet_since=0 quiet_ticks=0
while :; do
  check_alive
  if progress; then
    time=$(now)
    if [ "$state" != "$last" ]; then
      last=$state
      changed=$time quiet_since=$time quiet_ticks=$(cpu_ticks "$server_pid")
    elif [[ $state =~ \"ended\":\ *1 ]] && [ $((time - quiet_since)) -gt 400000 ]; then
      ticks=$(cpu_ticks "$server_pid")
      # Of 40 ticks these polls take some; a server that takes a quarter of a core is at work and gets its time.
      if [ $((ticks - quiet_ticks)) -lt 10 ] || [ $((time - changed)) -gt 30000000 ]; then break; fi
      quiet_since=$time quiet_ticks=$ticks
    fi
  fi
  [ $(($(now) - began)) -lt 900000000 ] || { echo "not idle after 15 minutes" >&2; exit 1; }
  sleep 0.02
done
wall=$((changed - began))
ticks=$quiet_ticks
peak_kb=$(status_kb VmHWM)
rss_kb=$(status_kb VmRSS)

sum_of() { grep -o "\"$1\": *[0-9]*" | awk -F: '{ sum += $2 } END { print sum + 0 }'; }
packets=$(curl -s "$url/datasource/all_sources.json" | sum_of kismet.datasource.num_packets)
devices=$(curl -s -d 'json={"fields":["kismet.phy.device_count"]}' "$url/phy/all_phys.json" | sum_of kismet.phy.device_count)

rest=bench/rest.sh
for shared in ../shared/bench/rest.sh ../../shared/bench/rest.sh; do
  [ -e "$shared" ] && { rest=$shared; break; }
done
bash "$rest" "$url" >"$work/rest"
wrk_rate="wrk is not installed"
command -v wrk >/dev/null && wrk_rate="$(wrk -t1 -c16 -d5s "$url/system/status.json" | awk '/Requests\/sec/ { printf "%.0f requests/s", $2 }')"
queries_peak_kb=$(status_kb VmHWM)
stop_server

dirty=$(git diff --quiet HEAD -- src 2>/dev/null || echo " (changed)")
cat <<TABLE
### $(basename "$capture"), $(date -u +%Y-%m-%d)

Commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)$dirty, $(nproc) cores, SDK $(dotnet --version), load average before $load_before, after $(load).

| what | measured |
|---|---|
| start until the first answer, without a capture | ${first_answers[*]} s |
| packets read | $packets |
| start until idle (start included) | $(seconds "$wall" 1000000) s |
| packets a second | $(awk -v p="$packets" -v w="$wall" 'BEGIN { printf "%.0f", p * 1e6 / w }') |
| CPU until idle | $(seconds "$ticks" "$(getconf CLK_TCK)") s |
| devices | $devices |
| peak memory until idle | $(seconds "$peak_kb" 1024) MB |
| memory at idle (empty server) | $(seconds "$rss_kb" 1024) MB ($(seconds "$empty_kb" 1024) MB) |
| memory a device, above the empty server | $(awk -v r="$rss_kb" -v e="$empty_kb" -v d="$devices" 'BEGIN { if (d >= 1000) printf "%.2f KB", (r - e) / d; else printf "– (below 1,000 it would be the price of the code)" }') |
| peak memory after the queries | $(seconds "$queries_peak_kb" 1024) MB |
| system/status.json, 16 connections | $wrk_rate |

| query | status | bytes | best of 3 | MB/s |
|---|---|---|---|---|
$(awk '{ n = $1; if (!(n in best)) { order[++count] = n; best[n] = $4 } if ($4 < best[n]) best[n] = $4; code[n] = $2; size[n] = $3 }
  END { for (i = 1; i <= count; i++) { n = order[i]; printf "| %s | %s | %.0f | %.1f ms | %.0f |\n", n, code[n], size[n], best[n] * 1000, (best[n] > 0 ? size[n] / best[n] / 1e6 : 0) } }' "$work/rest")
TABLE

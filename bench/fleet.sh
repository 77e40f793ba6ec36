#!/usr/bin/env bash
# What a fleet of sensors costs, and how it fares: issue "The fleet". Prints a row of a Markdown table for each; ends with 1 when counts were not exact.
# usage: fleet.sh NAME ...
#   capture     one of Kismet's capture programs (remote capture v3, websocket) sends BENCH_PACKETS (2000000) packets as fast as they are read
#   reports     the same with JSON reports of rtl_433, BENCH_REPORTS (1000000)
#   kill        kill -9 of the API server of a cluster with BENCH_AGENTS (500) agents, started again at once
#   memory      what a connection of BENCH_CONNECTIONS (1000) costs, silent and with 20 packets/s
#   stuck       100 agents of 100 packets/s, alone and beside 20 that stop in the middle of a batch and neither send nor read
#   agents      1,000 agents of 50 packets/s for BENCH_SECONDS (600): processors and memory of the server
#   BENCH_PORT=2800  BENCH_NICE=-20  BENCH_BUILT=FOLDER  BENCH_KEEP=FOLDER      as in drill.sh
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
. bench/processes.sh
[ $# -gt 0 ] || { sed -n '2,/^set/p' "$0" | grep '^#' >&2; exit 2; }
export KISMET_USER=bench:bench-password

# An embedded server with a database of its own; $pid is its process.
serve() { embedded --Storage:Sqlite "$work/fleet-$1.db" --Auth:Username bench --Auth:Password bench-password; pid=${running[embedded]}; }
resident() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$pid/status"; }
peak_mb() { awk '$1 == "VmHWM:" { printf "%d", $2 / 1024 }' "/proc/$pid/status"; }
program() { KISMET_USER=$KISMET_USER dotnet "$built/fleet/KismetOrleans.Fleet.dll" "$@"; }
# fleet AGENTS RATE SECONDS OPTION...: in the background, once all are connected.
fleet() {
  "${first[@]}" dotnet "$built/fleet/KismetOrleans.Fleet.dll" "$url" "$@" >"$work/fleet.log" 2>&1 &
  running[fleet]=$!
  until grep -qs ^connected "$work/fleet.log"; do kill -0 "${running[fleet]}" 2>/dev/null || fail "$(tail -3 "$work/fleet.log")"; sleep 0.2; done
}
# Until the fleet has ended; $said is what it said.
finish() {
  wait "${running[fleet]}" || failed=1
  unset "running[fleet]"
  said=$(grep -E '^(connected|sent|back|standstill|exact|NOT EXACT|Unhandled)' "$work/fleet.log" | paste -sd'~' | sed 's/~/; /g')
}
over() {
  stop_cluster
  if [ -n "${BENCH_KEEP:-}" ]; then mkdir -p "$BENCH_KEEP/$1"; cp "$work"/*.log "$BENCH_KEEP/$1"; fi
  rm -f "$work"/*.log "$work"/fleet-*.db*
}

publish Api server
publish_fleet
failed=0
heading
echo "| what | reach | measured | load average |"
echo "|---|---|---|---|"
for asked in "$@"; do
  load_before=$(load)
  case $asked in
    capture | reports)
      [ "$asked" = capture ] && count=${BENCH_PACKETS:-2000000} reach=60,000 || count=${BENCH_REPORTS:-1000000} reach=50,000
      serve "$asked"
      before=$(cpu_seconds "$pid")
      said=$(program "$asked" "$url" "$count")
      row "$asked: one capture program" "≥ $reach a second" "$said, $(awk -v a="$(cpu_seconds "$pid")" -v b="$before" 'BEGIN { printf "%.1f", a - b }') CPU-s, $(peak_mb) MB at most"
      ;;
    kill)
      agents=${BENCH_AGENTS:-500}
      cluster 2
      sleep 10
      fleet "$agents" 20 60 --watch
      sleep 15
      kill -KILL "${running[api]}"; wait "${running[api]}" 2>/dev/null || true; unset "running[api]"
      api
      started=$(seconds "$took" 1000000)
      finish
      row "kill -9 of the API server, $agents agents × 20 packets/s" "all back ≤ 10 s, exact" "ready again after $started s; $said"
      ;;
    memory)
      connections=${BENCH_CONNECTIONS:-1000} measured=
      for rate in 0 20; do
        serve "memory$rate"
        sleep 10
        before=$(resident)
        fleet "$connections" "$rate" 60
        sleep 50
        measured+="$rate packets/s: $((($(resident) - before) / connections)) KB each; "
        finish
        stop_cluster
      done
      row "memory: $connections agents" "≤ 100 KB silent, ≤ 1 MB busy" "${measured%; }"
      ;;
    stuck)
      measured=
      for stuck in 0 20; do
        serve "stuck$stuck"
        fleet 100 100 30 --watch --stuck "$stuck"
        finish
        measured+="beside $stuck: $said; "
        stop_cluster
      done
      row "stuck: 100 agents × 100 packets/s" "as without, exact" "${measured%; }"
      ;;
    agents)
      length=${BENCH_SECONDS:-600}
      serve agents
      fleet 1000 50 "$length" --watch
      before=$(cpu_seconds "$pid") began=$(now) least=0 most=0
      while ! grep -q ^sent "$work/fleet.log"; do
        kill -0 "${running[fleet]}" 2>/dev/null || break
        sleep 10
        [ $(($(now) - began)) -gt 120000000 ] || continue
        kb=$(resident)
        [ $least != 0 ] && [ "$least" -lt "$kb" ] || least=$kb
        [ $most -gt "$kb" ] || most=$kb
      done
      cores=$(awk -v a="$(cpu_seconds "$pid")" -v b="$before" -v t="$(seconds "$(($(now) - began))" 1000000)" 'BEGIN { printf "%.2f", (a - b) / t }')
      finish
      row "1,000 agents × 50 packets/s, $length s" "exact, ≤ 1.2 cores, memory ± 5 % after two minutes" "$cores cores, $((least / 1024))–$((most / 1024)) MB; $said"
      ;;
    *) fail "no $asked; $0 without an argument lists them" ;;
  esac
  over "$asked"
done
exit $failed

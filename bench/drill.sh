#!/usr/bin/env bash
# What users notice when something fails: sensors send to a cluster of real processes on this machine, one of them is harmed, and the sensors' devices are watched.
# Prints a row of a Markdown table for each drill: how long a sensor's own device stood still (the gap in its packets as a client sees it), and whether every device and source
# has exactly the packets that were sent once all is over. Starts a PostgreSQL of its own and removes it. Ends with 1 when a drill was not exact.
# usage: drill.sh NAME ...
#   kill        kill -9 of one silo of three, started again after 10 s
#   pause       SIGSTOP of a silo for 25 s, SIGCONT, and a start where it has ended by then
#   term        SIGTERM of a silo, started again
#   api         kill -9 of one API server of two, started again after 10 s
#   both        kill -9 of a silo and an API server at once, started again after 10 s
#   database    SIGSTOP of all of PostgreSQL for 15 s
#   crash       PostgreSQL ends at once, as if its machine had (pg_ctl -m immediate), and is started again after 5 s
#   campus      20 sensors, 2 API servers and 1 silo that may use 1 GiB each, by cgroup; nothing is harmed (docs/scaling.md, Smaller)
#   idle        1,000 silent sensors, a silo and an API server that may use 2 GiB each
#   soak        100 sensors of 100 packets/s, 20 browsers, 10 phones for an hour; every five minutes one of the others in turns. A line a minute goes to stderr
#   BENCH_PORT=2800  BENCH_SENSORS=30  BENCH_RATE=100 (packets a second and sensor)  BENCH_SOAK=3600 (seconds)
#   BENCH_KEEP=FOLDER                  logs are copied there
#   BENCH_NICE=-20                     puts the measured processes in front of others (bench/processes.sh)
#   BENCH_BUILT=FOLDER                 published programs are kept there and not published again while they are there
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
. bench/processes.sh
[ $# -gt 0 ] || { sed -n '2,/^set/p' "$0" | grep '^#' >&2; exit 2; }
sensors=${BENCH_SENSORS:-30} rate=${BENCH_RATE:-100}

# A process of the cluster ends without a word, and is not there any more.
kill_9() { kill -KILL "${running[$1]}" 2>/dev/null || true; wait "${running[$1]}" 2>/dev/null || true; unset "running[$1]"; }
again() { case $1 in silo*) silo "${1#silo}" ;; api*) api "${1#api}" ;; esac; }
# Forks of PostgreSQL are its children.
postgres_signal() { local main; main=$(head -1 "$work/postgres/postmaster.pid"); kill "$1" "$main" $(pgrep -P "$main"); }
harm() {
  case $1 in
    kill) kill_9 silo2; sleep 10; again silo2 ;;
    api) kill_9 api1; sleep 10; again api1 ;;
    both) kill_9 silo2; kill_9 api1; sleep 10; again silo2; again api1 ;;
    term) stop silo2; again silo2 ;;
    pause)
      kill -STOP "${running[silo2]}"
      sleep 25
      kill -CONT "${running[silo2]}"
      sleep 10
      # One that was voted out ends by itself.
      if ! kill -0 "${running[silo2]}" 2>/dev/null; then
        local code=0
        wait "${running[silo2]}" || code=$?
        echo "(the paused silo ended with $code)" >&2
        unset "running[silo2]"
        again silo2
      fi
      ;;
    database) postgres_signal -STOP; sleep 15; postgres_signal -CONT ;;
    crash)
      as_postgres "$postgres_bin/pg_ctl" -D "$work/postgres" -m immediate stop >/dev/null
      sleep 5
      as_postgres "$postgres_bin/pg_ctl" -w -D "$work/postgres" -l "$work/postgres/log" start -o "$postgres_options" >/dev/null
      ;;
    none) ;;
    *) fail "no drill $1" ;;
  esac
}

# begin SILOS APIS
begin() {
  cluster "$1"
  urls=$url
  for i in $(seq 1 $(($2 - 1))); do api "$i"; urls=$urls,$url; done
  # Silos that have just joined get their partitions within ten seconds.
  [ "$1" = 1 ] || sleep 10
}
# fleet SENSORS RATE SECONDS OPTION...: in the background, once all are connected.
fleet() {
  publish_fleet
  "${first[@]}" dotnet "$built/fleet/KismetOrleans.Fleet.dll" "$urls" "$@" --watch >"$work/fleet.log" 2>&1 &
  running[fleet]=$!
  until grep -qs ^connected "$work/fleet.log"; do kill -0 "${running[fleet]}" 2>/dev/null || fail "$(tail -3 "$work/fleet.log")"; sleep 0.2; done
}
# Until the fleet has ended; $said is what it said, $exact whether all counts were right.
finish() {
  exact=1
  wait "${running[fleet]}" || exact=0
  unset "running[fleet]"
  said=$(grep -E '^(connected|sent|standstill|exact|NOT EXACT|Unhandled)' "$work/fleet.log" | paste -sd'~' | sed 's/~/; /g')
  [ $exact = 1 ] || failed=1
  stop_cluster
  if [ -n "${BENCH_KEEP:-}" ]; then mkdir -p "$BENCH_KEEP/$1"; cp "$work"/*.log "$BENCH_KEEP/$1"; fi
  rm -f "$work"/*.log
}
# Resident memory of each process and what the database has on disk, MB.
sizes() {
  local name
  for name in "${!running[@]}"; do
    [ "$name" = fleet ] || awk -v n="$name" '$1 == "VmRSS:" { printf "%s %.0f ", n, $2 / 1024 }' "/proc/${running[$name]}/status" 2>/dev/null || true
  done
  echo "database $(du -sm "$work/postgres/base" | cut -f1), WAL $(du -sm "$work/postgres/pg_wal" | cut -f1)"
}

publish Api server
failed=0
heading
echo "| drill | reach | measured | load average |"
echo "|---|---|---|---|"
declare -A reach=([kill]="≤ 6 s" [both]="≤ 6 s" [pause]="≤ 12 s" [term]="≤ 3 s" [api]="≤ 3 s" [database]="exact" [crash]="exact")
for asked in "$@"; do
  load_before=$(load)
  case $asked in
    campus)
      limit $((1 << 30))
      begin 1 2
      fleet 20 2000 60 --browsers 5
      sleep 58
      at_end=$(sizes)
      finish campus
      row "campus: 20 sensors × 2,000 packets/s, 1 GiB a process" "all connected, exact" "$said; MB: $at_end"
      limited=()
      ;;
    idle)
      limit $((2 << 30))
      begin 1 1
      fleet 1000 0 30
      sleep 28
      at_end=$(sizes)
      finish idle
      row "idle: 1,000 silent sensors, 2 GiB a process" "all connected" "$said; MB: $at_end"
      limited=()
      ;;
    soak)
      begin 3 2
      fleet 100 100 "${BENCH_SOAK:-3600}" --browsers 20 --phones 10
      (tail -n +2 -f "$work/fleet.log" >&2) &
      running[tail]=$!
      turn=0 order=(kill api pause term database) began=$(now)
      while kill -0 "${running[fleet]}" 2>/dev/null && ! grep -q ^sent "$work/fleet.log"; do
        sleep 60
        echo "$(date -u +%T) MB: $(sizes)" >&2
        if [ $((($(now) - began) / 300000000)) -gt $turn ]; then
          echo "$(date -u +%T) ${order[turn % 5]}" >&2
          harm "${order[turn % 5]}"
          echo "$(date -u +%T) ${order[turn % 5]} is over" >&2
          turn=$((turn + 1))
        fi
      done
      at_end=$(sizes)
      stop tail
      finish soak
      row "soak: ${BENCH_SOAK:-3600} s, $turn faults" "exact, memory flat, p99 ≤ 300 ms outside of faults" "$said; MB: $at_end"
      ;;
    *)
      [ -n "${reach[$asked]:-}" ] || fail "no drill $asked; $0 without an argument lists them"
      begin 3 2
      fleet "$sensors" "$rate" 70
      sleep 10
      harm "$asked"
      finish "$asked"
      row "$asked: $sensors sensors × $rate packets/s" "${reach[$asked]}" "$said"
      ;;
  esac
done
[ $failed = 0 ] || echo "at least one drill was not exact" >&2
exit $failed

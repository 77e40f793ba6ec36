#!/usr/bin/env bash
# Measures the server under load from outside: scan reports, sensors, streams, and the cluster of silos with PostgreSQL, all on this machine.
# Prints a row of a Markdown table for each figure, with the load average before and after. Starts a PostgreSQL of its own and removes it.
# usage: cluster.sh [ROW ...]      rows, all of them without an argument:
#   scan-embedded   scan reports of 16 connections to the embedded server, which keeps them in SQLite
#   live            pcapng of all packets of the embedded server, one reader, while a capture is read at full speed
#   scan            scan reports to an API server with a silo
#   sensor          edge agent -> API server -> silo -> partitions, the large capture, until everything is saved
#   fleet           1,000 sensors that are silent, then 100 of 1,000 packets/s each: what they cost in memory and CPU (bench/Fleet)
#   calls           a silo calls the partitions of another over TCP (bench/Orleans/Calls)
#   list            a list window of 50 among 500,000 devices on two silos
#   restart         silo and API server from their start until ready, 100,000 devices in PostgreSQL
# needs bash 5, curl, Linux's /proc; wrk for the rows scan*, capinfos for live and sensor, PostgreSQL's programs (initdb, psql) for all but the first two
#   BENCH_PORT=2800                  the first of some free ports
#   BENCH_CAPTURE=FILE               the large capture; bench/big.sh makes it
#   BENCH_SECONDS=10                 how long scan reports are sent
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
. bench/processes.sh
rows=(scan-embedded live scan sensor fleet calls list restart)
[ $# = 0 ] || rows=("$@")
captures=${TMPDIR:-/tmp}/kismetorleans-captures
capture=${BENCH_CAPTURE:-$captures/big.pcap}
duration=${BENCH_SECONDS:-10}

# agent CAPTURE: replays it to $url at full speed; ends when everything is saved.
agent() {
  rm -rf "$work/spool"
  "$work/capture/KismetOrleans.Capture" --server "$url" -c "$1" --spool "$work/spool" >"$work/agent.log" 2>&1 || fail "$(tail -5 "$work/agent.log")"
}

# Packets that the cluster has counted.
packets() { curl -s "$url/phy/all_phys.json" -d 'json={"fields":["kismet.phy.packet_count"]}' | grep -o '[0-9]*}' | awk '{ s += $1 } END { print s + 0 }'; }

# window FROM CURL-OPTION...: a window of 50 of all devices, by address.
window() {
  curl -s "$url/devices/views/all/devices.json" "${@:2}" \
    -d 'json={"fields":["kismet.device.base.macaddr"],"datatable":true,"colmap":{"0":["kismet.device.base.macaddr"]}}&draw=1&order[0][column]=0&order[0][dir]=desc'"&start=$1&length=50"
}
devices() { window 0 | grep -o '"recordsTotal": *[0-9]*' | grep -o '[0-9]*'; }

# Resident memory of silo and API server, KB.
memory() { cat "/proc/${running[silo1]}/status" "/proc/${running[api]}/status" | awk '$1 == "VmRSS:" { kb += $2 } END { print kb }'; }
# fleet AGENTS PACKETS-A-SECOND SECONDS: sensors of one process; $grown is what silo and API server have grown by at the end, in KB.
fleet() {
  publish_fleet
  local before agents
  before=$(memory)
  dotnet "$built/fleet/KismetOrleans.Fleet.dll" "$url" "$@" >"$work/fleet.log" 2>&1 &
  agents=$!
  until grep -qs ^connected "$work/fleet.log"; do kill -0 $agents 2>/dev/null || fail "$(tail -3 "$work/fleet.log")"; sleep 0.2; done
  sleep $(($3 - 3))
  grown=$(($(memory) - before))
  wait $agents || fail "$(tail -3 "$work/fleet.log")"
}

# --- results

shared() { local at; for at in ../shared ../../shared; do [ ! -e "$at/$1" ] || { echo "$at/$1"; return; }; done; fail "$1 is not in ../shared"; }
reports() {
  local script
  script=$(shared bench/scan.lua)
  for seconds in 3 "$duration"; do
    wrk -t1 -c16 -d"${seconds}s" -s "$script" "$url/phy/phy80211/scan/scan_report.cmd" | grep '^reports/s'
  done | tail -1
}

# The silo's program comes with the API's.
publish Api server
publish Capture capture
beacons() {
  [ -e "$work/$1.pcap" ] || dotnet run -c Release --project tools/SampleGenerator -- --beacons "$1" "$work/$1.pcap" >&2
}

heading
echo "| what | target | measured | load average |"
echo "|---|---|---|---|"
for asked in "${rows[@]}"; do
  load_before=$(load)
  case $asked in
    scan-embedded)
      embedded --Storage:Sqlite "$work/embedded.db"
      row "scan reports, embedded with SQLite" "≥ 300,000/s" "$(reports)"
      stop embedded
      ;;
    live)
      mkfifo "$work/fifo"
      embedded -c "$work/fifo"
      curl -sN "$url/pcap/all_packets.pcapng" -o "$work/live.pcapng" &
      reader=$!
      sleep 1
      began=$(now)
      cat "$capture" >"$work/fifo"
      size=-1
      until [ "$size" = "$(stat -c %s "$work/live.pcapng")" ]; do
        size=$(stat -c %s "$work/live.pcapng")
        ended=$(now)
        sleep 0.3
      done
      stop embedded
      wait "$reader" || true
      sent=$(capinfos -Mc "$capture" | awk '/Number of packets/ { print $NF }')
      row "pcapng of all packets, one reader" "≥ 300,000/s, drops 0" "$(capinfos -Mc "$work/live.pcapng" | awk -v sent="$sent" -v us="$((ended - began))" \
        '/Number of packets/ { printf "%.0f packets/s, drops %d", $NF / us * 1e6, sent - $NF }')"
      rm -f "$work/live.pcapng" "$work/fifo"
      ;;
    scan)
      cluster 1
      row "scan reports, API server and silo, PostgreSQL" "≥ 80,000/s" "$(reports)"
      stop_cluster
      ;;
    sensor)
      [ -r "$capture" ] || fail "$capture: run bench/big.sh"
      cluster 1
      for turn in cold warm; do
        load_before=$(load) before="$(cpu_seconds "${running[silo1]}") $(cpu_seconds "${running[api]}") $(postgres_seconds)"
        total=$(($(packets) + $(capinfos -Mc "$capture" | awk '/Number of packets/ { print $NF }')))
        began=$(now)
        agent "$capture" &
        agent=$!
        until [ "$(packets)" = "$total" ]; do
          [ $(($(now) - began)) -lt 120000000 ] || fail "only $(packets) of $total packets after two minutes"
          sleep 0.1
        done
        accepted=$(($(now) - began))
        wait "$agent"
        wall=$(($(now) - began))
        row "sensor to partitions, 1,000,000 packets ($turn)" "≥ 250,000/s" "$(awk -v us="$wall" -v got="$accepted" \
          -v used="$before $(cpu_seconds "${running[silo1]}") $(cpu_seconds "${running[api]}") $(postgres_seconds)" \
          'BEGIN { split(used, s); printf "%.0f packets/s counted, %.0f saved; CPU-s: silo %.1f, API %.1f, PostgreSQL %.1f", 1e12 / got, 1e12 / us, s[4] - s[1], s[5] - s[2], s[6] - s[3] }')"
      done
      stop_cluster
      ;;
    fleet)
      cluster 1
      # What any first sensor makes the processes load does not count.
      fleet 5 10 5
      load_before=$(load)
      fleet 1000 0 30
      row "1,000 sensors that are silent" "≤ 300 KB each" "$((grown / 1000)) KB each; $(tr '\n' ' ' <"$work/fleet.log")"
      load_before=$(load) before="$(cpu_seconds "${running[silo1]}") $(cpu_seconds "${running[api]}")"
      fleet 100 1000 30
      row "100 sensors of 1,000 packets/s each" "≤ 2 MB each" "$((grown / 100)) KB each; $(tr '\n' ' ' <"$work/fleet.log"); CPU-s: $(awk -v used="$before $(cpu_seconds "${running[silo1]}") $(cpu_seconds "${running[api]}")" \
        'BEGIN { split(used, s); printf "silo %.1f, API %.1f", s[3] - s[1], s[4] - s[2] }')"
      stop_cluster
      ;;
    calls)
      dotnet run -c Release --project bench/Orleans/Calls | while IFS='|' read -r what measured; do row "$what" "≥ 3 M observations/s" "$measured"; done
      ;;
    list)
      beacons 500000
      cluster 2
      agent "$work/500000.pcap"
      for from in 0 5000; do
        load_before=$(load)
        row "window of 50 of $(devices) devices on 2 silos, from row $from" "≤ 60 ms" "$(for _ in {1..9}; do window "$from" -w '%{time_total}\n' -o /dev/null; done |
          sort -n | awk '{ t[NR] = $1 * 1000 } END { printf "best of 9 %.0f ms, median %.0f ms", t[1], t[5] }'), silos $(for i in 1 2; do
            awk '$1 == "VmRSS:" { printf "%.0f MB ", $2 / 1024 }' "/proc/${running[silo$i]}/status"; done)"
      done
      stop_cluster
      ;;
    restart)
      beacons 100000
      cluster 1
      agent "$work/100000.pcap"
      stop_cluster
      load_before=$(load)
      silo 1
      first=$took
      api
      row "restart with $(devices) devices until ready" "≤ 10 s" "silo $(seconds "$first" 1000000) s, then API server $(seconds "$took" 1000000) s"
      stop_cluster
      ;;
    *)
      fail "no row $asked; there are: scan-embedded live scan sensor fleet calls list restart"
      ;;
  esac
done

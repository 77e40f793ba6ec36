# Processes of a cluster for the benchmarks: PostgreSQL, silos, API servers, on this machine. Sourced by cluster.sh and drill.sh after lib.sh, from the repository's root.
# needs bash 5, curl, PostgreSQL's programs (initdb, psql)
#   BENCH_PORT=2800                  the first of some free ports
#   BENCH_BUILT=FOLDER               published programs are kept there and not published again while they are there
port=${BENCH_PORT:-2800}
postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
work=$(mktemp -d)
chmod 755 "$work"
built=${BENCH_BUILT:-$work}
declare -A running=()
database=
clean_up() {
  for name in "${!running[@]}"; do stop "$name"; done
  [ -z "$database" ] || as_postgres "$postgres_bin/pg_ctl" -D "$work/postgres" -m immediate stop >/dev/null
  rm -rf "$work"
}
trap clean_up EXIT
fail() { echo "$*" >&2; exit 1; }

# --- processes

# start NAME PORT COMMAND...: until its health says that it is ready; $took is how long that was, in microseconds.
start() {
  local name=$1 at=$2 began
  shift 2
  began=$(now)
  Storage__Postgres=$database "${first[@]}" "${limited[@]}" "$@" --urls "http://127.0.0.1:$at" >>"$work/$name.log" 2>&1 </dev/null &
  running[$name]=$!
  until curl -sf -m 5 -o "$work/ready" "http://127.0.0.1:$at/healthz/ready"; do
    kill -0 "${running[$name]}" 2>/dev/null || fail "$name ended: $(tail -5 "$work/$name.log")"
    [ $(($(now) - began)) -lt 120000000 ] || fail "$name is not ready after two minutes: $(cat "$work/ready")"
    sleep 0.05
  done
  took=$(($(now) - began))
}
stop() { stop_process "${running[$1]}"; unset "running[$1]"; }
embedded() { start embedded "$((port + 1))" dotnet "$built/server/KismetOrleans.Api.dll" "$@"; url=http://127.0.0.1:$((port + 1)); }
silo() { start "silo$1" "$((port + 10 + $1))" dotnet "$built/server/KismetOrleans.Silo.dll" --Silo:Port "$((port + 9300 + $1))" --Silo:GatewayPort "$((port + 28300 + $1))"; }
# api [NUMBER]: $url is the last one's.
api() { start "api${1:-}" "$((port + 2 + ${1:-0}))" dotnet "$built/server/KismetOrleans.Api.dll"; url=http://127.0.0.1:$((port + 2 + ${1:-0})); }

as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi; }
# A cluster of $1 silos on an empty database, ready.
cluster() {
  if [ -z "$database" ]; then
    [ -n "$postgres_bin" ] || fail "PostgreSQL is not installed"
    postgres_port=$(free_port "$((port + 20))")
    mkdir "$work/postgres"
    [ "$(id -u)" != 0 ] || chown postgres "$work/postgres"
    as_postgres "$postgres_bin/initdb" -D "$work/postgres" -A trust -U bench >/dev/null
    # Durable as it comes: fsync and synchronous_commit are on.
    postgres_options="-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c shared_buffers=256MB -c max_wal_size=4GB"
    as_postgres "$postgres_bin/pg_ctl" -w -D "$work/postgres" -l "$work/postgres/log" -o "$postgres_options" start >/dev/null
    [ -z "${BENCH_NICE:-}" ] || echo "$BENCH_NICE" >"/proc/$(head -1 "$work/postgres/postmaster.pid")/autogroup"
  fi
  database="Host=127.0.0.1;Port=$postgres_port;Username=bench;Database=bench"
  psql -q -h 127.0.0.1 -p "$postgres_port" -U bench postgres -c 'DROP DATABASE IF EXISTS bench WITH (FORCE)' -c 'CREATE DATABASE bench' 2>/dev/null
  Storage__Postgres=$database dotnet "$built/server/KismetOrleans.Silo.dll" schema apply >/dev/null
  for i in $(seq "$1"); do silo "$i"; done
  api
}
stop_cluster() { for name in "${!running[@]}"; do stop "$name"; done; }
postgres_seconds() { for pid in $(pgrep -P "$(head -1 "$work/postgres/postmaster.pid")"); do cpu_ticks "$pid" 2>/dev/null; done | awk -v t="$(getconf CLK_TCK)" '{ s += $1 } END { printf "%.1f", s / t }'; }

# The program of bench/Fleet, in $work/fleet.
publish_fleet() { [ -e "$built/fleet" ] || dotnet publish bench/Fleet -c Release -o "$built/fleet" -v quiet --nologo >&2; }
publish() { [ -e "$built/$2" ] || dotnet publish "src/$1" -c Release -o "$built/$2" -v quiet --nologo >&2; }
# row WHAT TARGET MEASURED
row() { echo "| $1 | $2 | $3 | $load_before → $(load) |"; }
heading() {
  echo "Commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src || echo " (changed)"), $(nproc) cores, $(date -u +%FT%H:%MZ)."
  echo
}

# What the benchmarks share. Sourced by run.sh and cluster.sh, from the repository's root. needs bash 5, Linux's /proc
#   BENCH_NICE=-20                   of the processes measured, against others of the machine (/proc/PID/autogroup); needs root

# Microseconds since 1970.
now() { printf "%s" "${EPOCHREALTIME/[.,]/}"; }
seconds() { awk -v n="$1" -v unit="$2" 'BEGIN { printf "%.2f", n / unit }'; }
load() { cut -d' ' -f1-3 /proc/loadavg; }
is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# The first port from $1 on that nobody listens on.
free_port() { local port=$1; while is_listening "$port"; do port=$((port + 1)); done; echo "$port"; }

# Ends a process that this shell started. (A shell without a terminal starts its background jobs with SIGINT ignored.) One that does not end by
# itself is ended, but not in silence.
stop_process() {
  [ -n "${1:-}" ] || return 0
  kill -TERM "$1" 2>/dev/null || true
  for _ in {1..100}; do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null && echo "process $1 had to be killed" >&2
  wait "$1" 2>/dev/null || true
}

# utime and stime are fields 14 and 15; the name in field 2 may hold blanks.
cpu_ticks() { local stat; stat=$(<"/proc/$1/stat"); read -ra stat <<<"${stat##*) }"; echo $((stat[11] + stat[12])); }
cpu_seconds() { seconds "$(cpu_ticks "$1")" "$(getconf CLK_TCK)"; }

# Before a command: the memory that it may use, by cgroup (version 1 or 2); what is over is killed. Empty for no limit.
limited=()
# limit BYTES: of each process that is started from now on.
limit() {
  local group=/sys/fs/cgroup/memory/kismetorleans-bench file=memory.limit_in_bytes
  [ -d /sys/fs/cgroup/memory ] || { group=/sys/fs/cgroup/kismetorleans-bench file=memory.max; }
  # shellcheck disable=SC2016 # the inner shell's own
  limited=(bash -c 'mkdir -p "$1-$$" && echo "$2" >"$1-$$/$3" && echo $$ >"$1-$$/cgroup.procs" && exec "${@:4}"' limit "$group" "$1" "$file")
}

# Before a command: a session of its own, since the kernel shares the processor between sessions, which "nice" does not touch.
first=(setsid)
# shellcheck disable=SC2016 # the inner shell's own
[ -z "${BENCH_NICE:-}" ] || first=(setsid bash -c 'echo "$0" >/proc/self/autogroup && exec "$@"' "$BENCH_NICE")

#!/usr/bin/env bash
# Tries what release.sh made, as far as this machine can run it: check.sh FOLDER
# The archives are unpacked and their programs do their work; the agent of the other processor runs under qemu-aarch64 where that is installed. As root, with
# debootstrap, the packages are installed, upgraded, removed and purged in a clean Debian ($CHECK_SUITE, bookworm unless told otherwise).
# Ends with 1 at the first thing that is not as it should be.
set -euo pipefail
release=$(realpath "${1:?usage: check.sh FOLDER}")
root=$(realpath "$(dirname "$0")/../..")
. "$root/bench/lib.sh"
work=$(mktemp -d)
chmod 755 "$work"
pids=()
clean_up() {
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  for folder in proc dev; do mountpoint -q "$work/debian/$folder" && umount -l "$work/debian/$folder"; done
  rm -rf "$work"
}
trap clean_up EXIT
fail() { echo "check.sh: $*" >&2; exit 1; }
# until SECONDS COMMAND…
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}
devices() { curl -sg "$1/devices/views/all/devices.json?fields=kismet.device.base.macaddr" 2>/dev/null | grep -o '[0-9A-F:]\{17\}' | wc -l; }
has_devices() { [ "$(devices "$1")" -ge 50 ]; }
is_page() { curl -sfg "$1/ui/" 2>/dev/null | grep -qi '<!doctype html'; }

(cd "$release" && sha256sum --quiet -c SHA256SUMS) || fail "checksums differ"
echo "checksums: ok"

unpack() { mkdir -p "$work/$2" && tar -C "$work/$2" -xzf "$release"/$1 --strip-components=1; }
case $(uname -m) in x86_64) own=x64 deb=amd64 ;; aarch64) own=arm64 deb=arm64 ;; *) fail "nothing is made for $(uname -m)" ;; esac

unpack "kismetorleans-[0-9]*-linux-$own.tar.gz" server
unpack "kismetorleans-agent-[0-9]*-linux-$own.tar.gz" agent
url=http://127.0.0.1:$(free_port 25400)
env -i PATH=/usr/bin:/bin "$work/server/KismetOrleans.Api" --Storage:Sqlite "$work/server.db" --urls "$url" >"$work/server.log" 2>&1 &
pids+=($!)
until_true 60 curl -sfo /dev/null "$url/system/status.json" || fail "the server does not answer: $(tail -3 "$work/server.log")"
is_page "$url" || fail "the server has no pages"
env -i PATH=/usr/bin:/bin "$work/server/KismetOrleans.Silo" --help | grep -q Cluster || fail "the silo's program does not run"
"$work/server/KismetOrleans.Api" --help | grep -q "Devices kept by all partitions together" || fail "--help does not say what settings mean"
echo "server of the archive: ok ($(curl -sg "$url/system/status.json" | grep -o '"kismet.system.version": "[^"]*"'))"

began=$(date +%s%N)
env -i PATH=/usr/bin:/bin "$work/agent/KismetOrleans.Capture" --server "$url" --spool "$work/spool" --host-id check -c "$root/samples/campus.pcapng:name=archive" --stay >"$work/agent.log" 2>&1 &
agent=$!
pids+=($agent)
until_true 30 has_devices "$url" || fail "nothing came of the agent: $(tail -3 "$work/agent.log")"
size=$(stat -c %s "$work/agent/KismetOrleans.Capture")
resident=$(awk '/VmRSS/ { print $2 }' "/proc/$agent/status")
[ "$size" -le 20000000 ] || fail "the agent has $size bytes; 20,000,000 are promised"
[ "$resident" -le 25600 ] || fail "the agent takes $resident KB of memory; 25,600 are promised"
echo "agent of the archive: ok ($(devices "$url") devices $((($(date +%s%N) - began) / 1000000)) ms after its start, $size bytes on disk, $resident KB resident)"

if [ $own = x64 ] && command -v qemu-aarch64 >/dev/null && compgen -G "$release/kismetorleans-agent-*-linux-arm64.tar.gz" >/dev/null; then
  unpack "kismetorleans-agent-[0-9]*-linux-arm64.tar.gz" arm
  # What Debian's cross compiler brings to link with is a C library; what the agent needs to capture (libssl, libpcap) is not there for that processor.
  qemu-aarch64 -L /usr/aarch64-linux-gnu "$work/arm/KismetOrleans.Capture" --version >"$work/arm.log" 2>&1 || fail "the agent for arm64 does not start: $(tail -3 "$work/arm.log")"
  echo "agent for arm64, under qemu: starts ($(cat "$work/arm.log"))"
else
  echo "agent for arm64: not tried (no qemu-aarch64, or none was made)"
fi

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  echo "packages: not tried (needs root and debootstrap)"
  exit 0
fi
debian=$work/debian
suite=${CHECK_SUITE:-bookworm}
debootstrap --variant=minbase --include=ca-certificates,curl,init-system-helpers "$suite" "$debian" ${CHECK_MIRROR:-} >"$work/debootstrap.log" 2>&1 || fail "debootstrap: $(tail -3 "$work/debootstrap.log")"
mount -t proc proc "$debian/proc"
mount --bind /dev "$debian/dev"
# Where packages come from here, and how.
cp -rT /etc/apt/apt.conf.d "$debian/etc/apt/apt.conf.d" 2>/dev/null || true
inside() { chroot "$debian" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
inside apt-get update -qq >/dev/null

cp "$release"/kismetorleans_*_$deb.deb "$debian/tmp/server.deb"
cp "$release"/kismetorleans-agent_*_$deb.deb "$debian/tmp/agent.deb"
inside apt-get install -y -qq --no-install-recommends /tmp/server.deb /tmp/agent.deb >"$work/apt.log" 2>&1 || fail "install: $(tail -5 "$work/apt.log")"
[ "$(stat -c %a "$debian/etc/kismetorleans/agent.env")" = 600 ] || fail "agent.env is open to others"
[ -L "$debian/etc/systemd/system/multi-user.target.wants/kismetorleans.service" ] || fail "the server would not start with the machine"
[ ! -e "$debian/etc/systemd/system/multi-user.target.wants/kismetorleans-agent.service" ] || fail "an agent without settings would start with the machine"
url=http://127.0.0.1:$(free_port 25400)
# As the unit starts it: no rights, a state folder, nothing else that can be written.
mkdir -p "$debian/var/lib/private/kismetorleans"
chown 65534:65534 "$debian/var/lib/private/kismetorleans"
start_server() {
  chroot --userspec=65534:65534 "$debian" /usr/bin/env -i PATH=/usr/bin:/bin STATE_DIRECTORY=/var/lib/private/kismetorleans "URLS=$url" /opt/kismetorleans/KismetOrleans.Api >>"$work/installed.log" 2>&1 &
  server=$!
  pids+=("$server")
  until_true 60 curl -sfo /dev/null "$url/system/status.json" || fail "the installed server does not answer: $(tail -3 "$work/installed.log")"
}
start_server
cp "$root/samples/campus.pcapng" "$debian/tmp/"
inside /opt/kismetorleans-agent/KismetOrleans.Capture --server "$url" --spool /tmp/spool --host-id check -c /tmp/campus.pcapng >"$work/agent.log" 2>&1 || fail "the installed agent: $(tail -3 "$work/agent.log")"
until_true 10 has_devices "$url" || fail "nothing came of the installed agent"
before=$(devices "$url")
echo "packages installed: ok ($before devices)"

# The next version: the same files, a higher number; settings and what was seen remain.
dpkg-deb -R "$debian/tmp/server.deb" "$work/next"
sed -i 's/^Version: .*/&+next1/' "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip --build "$work/next" "$debian/tmp/next.deb" >/dev/null
echo "Log__Title=mine" >>"$debian/etc/kismetorleans/server.env"
inside apt-get install -y -qq --no-install-recommends /tmp/next.deb >"$work/apt.log" 2>&1 || fail "upgrade: $(tail -5 "$work/apt.log")"
inside dpkg-query -W -f '${Version}' kismetorleans | grep -q '+next1$' || fail "the upgrade left the old version"
grep -q '^Log__Title=mine$' "$debian/etc/kismetorleans/server.env" || fail "the upgrade took the settings"
kill -TERM "$server"
wait "$server" || fail "the installed server ended with $?: $(tail -3 "$work/installed.log")"
start_server
until_true 10 has_devices "$url" || fail "what was seen is gone with the upgrade"
[ "$(devices "$url")" = "$before" ] || fail "$(devices "$url") devices after the upgrade, $before before"
kill -TERM "$server"
wait "$server" || fail "the upgraded server ended with $?"
echo "packages upgraded: ok (settings and $before devices kept)"

inside apt-get remove -y -qq kismetorleans kismetorleans-agent >"$work/apt.log" 2>&1 || fail "remove: $(tail -5 "$work/apt.log")"
[ ! -e "$debian/opt/kismetorleans" ] && [ ! -e "$debian/opt/kismetorleans-agent" ] || fail "programs remain: $(ls "$debian/opt"/*)"
[ -e "$debian/etc/kismetorleans/server.env" ] && [ -e "$debian/var/lib/private/kismetorleans" ] || fail "remove took settings or state"
inside apt-get purge -y -qq kismetorleans kismetorleans-agent >"$work/apt.log" 2>&1 || fail "purge: $(tail -5 "$work/apt.log")"
left=$(find "$debian/etc" "$debian/var/lib" "$debian/opt" "$debian/lib/systemd" -iname '*kismetorleans*' 2>/dev/null | grep -v /dpkg/ || true)
[ -z "$left" ] || fail "purge left $left"
echo "packages removed and purged: ok"

#!/usr/bin/env bash
# Makes the captures that bench/run.sh is meant for. They are the same octets every time, and too large for the repository.
# usage: big.sh [FOLDER]      FOLDER is ${TMPDIR:-/tmp}/kismetorleans-captures when not given; what is there already is kept
set -eu
cd "$(dirname "$0")/.."
folder=${1:-${TMPDIR:-/tmp}/kismetorleans-captures}
mkdir -p "$folder"

# Writes to a name that nobody takes for the whole, so that an interrupted run leaves no half capture behind.
make_capture() {
  local name=$1
  shift
  [ -e "$folder/$name" ] && return
  echo "making $folder/$name" >&2
  "$@" "$folder/$name.part"
  mv "$folder/$name.part" "$folder/$name"
}

dotnet build tools/SampleGenerator -c Release -v quiet >&2
generator=(dotnet tools/SampleGenerator/bin/Release/net10.0/KismetOrleans.SampleGenerator.dll)
make_capture beacons-20000.pcap "${generator[@]}" --beacons 20000
make_capture beacons-500000.pcap "${generator[@]}" --beacons 500000

for campus in ../shared/bench/campus.py ../../shared/bench/campus.py; do
  if [ -e "$campus" ]; then
    # 1,000,000 packets of 27,000 transmitters.
    make_capture big.pcap python3 "$campus"
    break
  fi
done
[ -e "$folder/big.pcap" ] || echo "no ../shared/bench/campus.py: big.pcap is left out" >&2
ls -l "$folder"

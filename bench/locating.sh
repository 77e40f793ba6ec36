#!/usr/bin/env bash
# Prints the server's own estimates of positions for samples with sensors of known places, a line a sample: east,north,floor,semi_major_68,semi_minor_68,angle (of the major
# axis, degrees from east towards north). Uncalibrated: of a sample nothing is read but who heard it, and how well.
# usage: locating.sh SENSORS.csv TEST.csv [--rate]     sensor,east,north,floor,band (GHz) and …,signals ("sensor:dBm sensor:dBm …" in the last column), with headings
#   --rate   prints estimates a second of a core instead
set -eu
sensors=$(realpath "${1:?usage: locating.sh SENSORS.csv TEST.csv [--rate]}")
samples=$(realpath "${2:?usage: locating.sh SENSORS.csv TEST.csv [--rate]}")
cd "$(dirname "$0")/.."
dotnet build bench/Locating -c Release -v quiet >&2
exec dotnet bench/Locating/bin/Release/net10.0/KismetOrleans.Locating.dll "$sensors" "$samples" ${3:-}

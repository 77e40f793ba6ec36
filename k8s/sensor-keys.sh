#!/bin/sh
# Makes a key for each sensor: KEYS/<sensor> for the agent, and in ingest.env what the API servers know of it, its hash. A sensor that has a key keeps it.
# usage: sensor-keys.sh FOLDER SENSOR...      needs openssl; on Kubernetes a sensor is a node's name
set -eu
folder=$1
shift
umask 077
mkdir -p "$folder/keys"
for sensor in "$@"; do
  [ -e "$folder/keys/$sensor" ] || openssl rand -hex 24 >"$folder/keys/$sensor"
done
number=0
for key in "$folder"/keys/*; do
  printf 'Ingest__Keys__%d__Name=%s\n' "$number" "$(basename "$key")"
  printf 'Ingest__Keys__%d__KeySha256=%s\n' "$number" "$(tr -d '\n' <"$key" | openssl dgst -sha256 -r | cut -d' ' -f1)"
  number=$((number + 1))
done >"$folder/ingest.env"

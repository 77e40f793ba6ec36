#!/usr/bin/env bash
# Times the device queries of a running server, three times each.
# usage: rest.sh [BASE_URL] [USER:PASSWORD]      prints: name  HTTP status  bytes  seconds
set -u
url=${1:-http://127.0.0.1:2501}
login=${2:-}
fields='"fields":["kismet.device.base.macaddr","kismet.device.base.commonname","kismet.device.base.last_time",["kismet.device.base.signal/kismet.common.signal.last_signal","signal"]]'
table='"datatable":true,"colmap":{"0":["kismet.device.base.macaddr"]}'

ask() {
  local name=$1
  shift
  for _ in 1 2 3; do
    printf '%-12s ' "$name"
    curl -s ${login:+-u "$login"} -o /dev/null -w '%{http_code} %{size_download} %{time_total}\n' "$@"
  done
}

ask full         "$url/devices/views/all/devices.json"
ask ekjson       "$url/devices/all_devices.ekjson"
ask fields       -d "json={$fields}" "$url/devices/views/all/devices.json"
ask regex        -d "json={$fields,\"regex\":[[\"kismet.device.base.macaddr\",\"^..:..:..:..:..:[0-4]\"]]}" "$url/devices/views/all/devices.json"
ask where        -d "json={$fields,\"where\":[[\"kismet.device.base.type\",\"=\",\"Wi-Fi AP\"],[\"kismet.device.base.packets.total\",\">\",1]]}&page=0&size=50" "$url/devices/views/all/devices.json"
ask histogram    -d 'json={"field":"kismet.device.base.first_time","from":0,"buckets":100}' "$url/devices/views/all/histogram.json"
ask window       -d "json={$fields,$table}&start=5000&length=50&draw=1&order[0][column]=0&order[0][dir]=desc" "$url/devices/views/all/devices.json"
ask search       -d "json={$fields,$table}&start=0&length=50&draw=1&search[value]=a1" "$url/devices/views/all/devices.json"
ask accesspoints -d "json={$fields}" "$url/devices/views/phydot11_accesspoints/devices.json"
ask last-time    -d "json={$fields}" "$url/devices/last-time/-60/devices.json"
ask status       "$url/system/status.json"

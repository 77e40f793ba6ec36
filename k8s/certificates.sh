#!/bin/sh
# Makes the secret that signs sessions, and the certificates of a cluster that has no cert-manager, by two authorities of its own: one that silos and API servers alone have a certificate of (who has one belongs to the
# cluster), and one for servers that others connect to: the API servers for agents, the trial's PostgreSQL. What is there already is left as it is; remove a certificate to have it
# made anew, then its secret, then restart its pods.
# usage: certificates.sh FOLDER [DAYS]      needs openssl; the authorities' keys belong nowhere but to who runs this
set -eu
folder=$1 days=${2:-365}
umask 077
mkdir -p "$folder"
cd "$folder"
new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
# authority FILE NAME
authority() {
  [ ! -e "$1.crt" ] || return 0
  new_key "$1.key"
  openssl req -x509 -new -key "$1.key" -sha256 -days 3650 -subj "/CN=$2" -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$1.crt"
}
# certificate AUTHORITY FILE DNS-NAME
certificate() {
  [ ! -e "$2.crt" ] || return 0
  new_key "$2.key"
  openssl req -new -key "$2.key" -subj "/CN=$3" -out "$2.csr"
  printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:%s\n' "$3" >"$2.ext"
  openssl x509 -req -in "$2.csr" -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -sha256 -days "$days" -extfile "$2.ext" -out "$2.crt" 2>/dev/null
  rm "$2.csr" "$2.ext"
}
authority cluster-authority "KismetOrleans cluster"
authority servers-authority "KismetOrleans servers"
certificate cluster-authority cluster kismetorleans
certificate servers-authority sensors sensors.kismetorleans.svc.cluster.local
certificate servers-authority postgres postgres
# What signs sessions, together with what the database has of it.
[ -e session ] || openssl rand -hex 32 >session

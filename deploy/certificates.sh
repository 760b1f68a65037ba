#!/bin/sh
# An authority and a certificate for the broker, for a trial: deploy/certificates.sh DIRECTORY [NAME…]. In production use your own.
set -eu
dir=${1:?give the directory to write to}
shift
mkdir -p "$dir"
names="DNS:localhost,IP:127.0.0.1,DNS:mosquitto"
for name in "$@"; do names="$names,DNS:$name"; done
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

key "$dir/ca.key"
openssl req -x509 -new -key "$dir/ca.key" -days 3650 -subj "/CN=Tillwatch trial authority" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$dir/ca.crt"
key "$dir/server.key"
openssl req -new -key "$dir/server.key" -subj "/CN=mosquitto" -out "$dir/server.csr"
printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names" >"$dir/server.ext"
openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -days 825 \
  -extfile "$dir/server.ext" -out "$dir/server.crt"
rm -f "$dir/server.csr" "$dir/server.ext"
chmod 0644 "$dir/ca.crt" "$dir/server.crt" "$dir/server.key"
chmod 0600 "$dir/ca.key"

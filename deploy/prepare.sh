#!/bin/sh
# Makes what compose.yaml needs and nobody else may have: certificates of an authority of its own, and secrets. What is
# there already stays.
set -eu
umask 077
cd "$(dirname "$0")"

random() { openssl rand -hex 32; }

if [ ! -d certificates ]; then
  # Left by a run that was cut short.
  rm -rf certificates.new
  mkdir certificates.new
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj '/CN=AccessDesk on trial' \
    -keyout certificates.new/authority.key -out certificates.new/authority.pem
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=help.localhost' \
    -keyout certificates.new/server.key -out certificates.new/server.csr
  printf 'subjectAltName=DNS:help.localhost,DNS:sign-in.localhost,DNS:mail\nextendedKeyUsage=serverAuth\n' >certificates.new/names
  openssl x509 -req -in certificates.new/server.csr -CA certificates.new/authority.pem -CAkey certificates.new/authority.key \
    -CAcreateserial -days 825 -extfile certificates.new/names -out certificates.new/server.pem
  # The authority signs nothing more.
  rm certificates.new/authority.key certificates.new/authority.srl certificates.new/server.csr certificates.new/names
  # Read by other users in the containers: the server's key too, which is for this trial only.
  chmod 755 certificates.new
  chmod 644 certificates.new/*
  mv certificates.new certificates
fi

if [ ! -f accessdesk.env ]; then
  database=$(random) client=$(random)
  printf 'POSTGRES_PASSWORD=%s\n' "$database" >postgres.env
  printf 'CLIENT_SECRET=%s\n' "$client" >provider.env
  cat >accessdesk.env.new <<EOF
SECRET_KEY=$(random)
METRICS_TOKEN=$(random)
STORE_URL=postgres://accessdesk:$database@postgres:5432/accessdesk
SIGN_IN_CLIENT_SECRET=$client
STAFF_SIGN_IN_CLIENT_SECRET=$client
EOF
  mv accessdesk.env.new accessdesk.env
fi

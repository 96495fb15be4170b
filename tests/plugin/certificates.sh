#!/bin/sh
# Makes the certificates of the transport's tests: certificates.sh FOLDER
set -eu
rm -rf "$1"
mkdir -p "$1"
cd "$1"

new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
}

# authority NAME: a CA of its own
authority() {
  new_key "$1"
  openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -days 2 -out "$1.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}

# certificate NAME SAN START END: signed by the CA "ca"
certificate() {
  new_key "$1"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  : >index.txt
  rm -f index.txt.attr
  cat >"$1.cnf" <<END
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = p
rand_serial = yes
unique_subject = no
x509_extensions = x
[p]
commonName = supplied
[x]
subjectAltName = $2
END
  openssl ca -batch -notext -config "$1.cnf" -cert ca.pem -keyfile ca.key -in "$1.csr" -out "$1.crt" \
    -startdate "$3" -enddate "$4" 2>/dev/null
  cat "$1.crt" "$1.key" >"$1.pem"
}

authority ca
authority stranger
certificate good "DNS:localhost,IP:127.0.0.1,IP:::1" 20200101000000Z 20991231000000Z
certificate wrong-name "DNS:other.example" 20200101000000Z 20991231000000Z
certificate expired "DNS:localhost,IP:127.0.0.1" 20200101000000Z 20200102000000Z
echo "made of text" >broken.pem

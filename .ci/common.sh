# For the scripts beside it, which source it: what those share that run servers in a network of their own.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Prints the program java of a JDK 25, found as ./signet finds it.
java25() {
    bash -c "$(sed -n '/^find_java()/,/^}/p; /^version_of()/,/^}/p; /^needed=/p' "$root/signet")"$'\nfind_java'
}

# Makes in a folder that is there: an authority (root.crt, root.key; `trust`, for Java), and what it certified for smtp.example.org.
make_authority() {
    make_certificate "$1/root" 'The authority of these tests' basicConstraints=critical,CA:true
    make_certificate "$1/smtp" smtp.example.org subjectAltName=DNS:smtp.example.org -CA "$1/root.crt" -CAkey "$1/root.key"
    "$(dirname "$(java25)")/keytool" -importcert -noprompt -alias root -storepass changeit -keystore "$1/trust" -file "$1/root.crt" \
        2>/dev/null
}

make_certificate() { # FILE SUBJECT EXTENSION [OPTIONS]
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$2" -addext "$3" \
        -keyout "$1.key" -out "$1.crt" "${@:4}" 2>/dev/null
}

# The options by which Java trusts the authority in a folder.
trusting() {
    echo "-Djavax.net.ssl.trustStore=$1/trust -Djavax.net.ssl.trustStorePassword=changeit"
}

# Has a Caddyfile of ours get its certificates from the authority in a folder: CADDYFILE FOLDER
certify_by() {
    sed -i "0,/^{/s##{\n\tlocal_certs\n\tskip_install_trust\n\tpki {\n\t\tca local {\n\t\t\troot {\n\t\t\t\tcert $2/root.crt\n\t\t\t\tkey $2/root.key\n\t\t\t}\n\t\t}\n\t}#" "$1"
}

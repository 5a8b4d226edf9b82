#!/bin/sh
# Signet's command line: this script, and behind it the jar that it starts.
needed=25
version_of() {
    sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}
for home in "$JAVA_HOME" "$(dirname "$(dirname "$(readlink -f "$(command -v java 2>/dev/null)" 2>/dev/null)" 2>/dev/null)" 2>/dev/null)" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    version=$(version_of "$home")
    if [ "${version:-0}" -ge "$needed" ] && [ -x "$home/bin/java" ]; then
        exec "$home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -jar "$0" "$@"
    fi
done
echo "signet: no Java $needed or newer was found; install one (Temurin, OpenJDK), or set JAVA_HOME to one" >&2
exit 78

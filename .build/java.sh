#!/bin/sh
# Runs a program with the Java 25 that builds. usage: java.sh ARGUMENTS OF JAVA
set -eu
for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*; do
    if [ -x "$home/bin/java" ] && grep -qs '^JAVA_VERSION="25[".]' "$home/release"; then
        exec "$home/bin/java" "$@"
    fi
done
echo "no Java 25 found: make deps-build installs one" >&2
exit 1

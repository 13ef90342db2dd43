#!/bin/sh
# Checks that the licence is there, is the one that the build names, and that every dependency of the daemon is known
# to be compatible with it: a new one has to be looked at and added here.
set -eu
grep -q 'Apache License' LICENSE || { echo "LICENSE is not the Apache License" >&2; exit 1; }
grep -q '<name>Apache-2.0</name>' pom.xml || { echo "pom.xml does not name Apache-2.0" >&2; exit 1; }

# BSD-2-Clause: zstd-jni; MIT-0: reactive-streams; MIT: slf4j, pcollections; EPL-1.0 or LGPL-2.1: logback, unchanged beside us;
# Apache-2.0: the rest, sqlite-jdbc among it, which has parts under BSD-2-Clause and SQLite itself, in the public domain.
known='commons-(cli|codec|compress|io|lang3) jackson-(annotations|core|databind) jspecify logback-(classic|core) netty-[a-z0-9-]+
    patchbay-[a-z-]+ pcollections reactive-streams reactor-(core|netty-core|netty-http) slf4j-api
    sqlite-jdbc zstd-jni'
pattern="^($(echo $known | tr ' ' '|'))-[0-9]"
lib=web/target/patchbay/lib
[ -d "$lib" ] || exit 0
for jar in "$lib"/*.jar; do
    basename "$jar" | grep -Eq "$pattern" || {
        echo "nobody has looked at the licence of $(basename "$jar"); see .build/check-licence.sh" >&2
        exit 1
    }
done

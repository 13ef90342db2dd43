#!/bin/sh
# Installs what is missing, and only that, with apt-get. usage: deps.sh build|run|test
set -eu

packages=
need() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

# Whether some JDK 25 is where Maven's toolchain discovery looks.
has_jdk() {
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*; do
        if [ -x "$home/bin/javac" ] && grep -qs '^JAVA_VERSION="25[".]' "$home/release"; then
            return 0
        fi
    done
    return 1
}

# Where there is no package with the client alone, it is taken out of docker.io. Installing that would start a daemon.
client_from_docker_io=
need_docker_client() {
    if command -v docker >/dev/null 2>&1; then
        return 0
    elif apt-cache show docker-cli >/dev/null 2>&1; then
        packages="$packages docker-cli"
    else
        client_from_docker_io=yes
    fi
}

take_docker_client() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    chmod 755 "$folder"
    (cd "$folder" && apt-get -q download docker.io && dpkg-deb --fsys-tarfile docker.io_*.deb |
        tar -x ./usr/bin/docker)
    install -m 755 "$folder/usr/bin/docker" /usr/local/bin/docker
    echo "installed the client of Debian's docker.io as /usr/local/bin/docker"
}

PATH=$PATH:/usr/sbin:/sbin
case ${1:-} in
    build)
        need mvn maven
        command -v cc >/dev/null 2>&1 || need gcc gcc
        [ -e /usr/include/stdio.h ] || packages="$packages libc6-dev"
        has_jdk || packages="$packages openjdk-25-jdk-headless"
        ;;
    run)
        need runc runc
        need conmon conmon
        need_docker_client
        ;;
    test)
        need crun crun
        need_docker_client
        ;;
    *)
        echo "usage: deps.sh build|run|test" >&2
        exit 2
        ;;
esac
[ -n "$packages$client_from_docker_io" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing, and there is no apt-get to install it with:$packages${client_from_docker_io:+ docker}; install it and try again" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "missing:$packages${client_from_docker_io:+ docker}; type: sudo .build/deps.sh $1" >&2
    exit 1
fi
apt-get -q update
for package in $packages; do
    apt-cache show "$package" >/dev/null 2>&1 && continue
    case $package in
        openjdk*) echo "there is no package $package here; install a JDK 25 below /usr/lib/jvm, for example Temurin's:" \
            "https://adoptium.net/installation/linux" >&2 ;;
        *) echo "there is no package $package here; install it and try again" >&2 ;;
    esac
    exit 1
done
# $packages is split on purpose.
[ -z "$packages" ] || DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends $packages
[ -z "$client_from_docker_io" ] || take_docker_client

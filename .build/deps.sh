#!/bin/sh
# Installs what is missing, and only that, with apt-get. usage: deps.sh build|run|test|peers
set -eu

packages=
need() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

need_library() { # LIBRARY PACKAGE
    ldconfig -p | grep -q "$1" || packages="$packages $2"
}

need_python_module() { # MODULE PACKAGE
    /usr/bin/python3 -c "import $1" >/dev/null 2>&1 || packages="$packages $2"
}

# What makes things faster, and is not missed where there is no package of it.
wish_library() { # LIBRARY PACKAGE
    if apt-cache show "$2" >/dev/null 2>&1; then
        need_library "$1" "$2"
    fi
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

# Programs whose packages would start a daemon of the system's, or may stand in the way of another vendor's. Only the program
# is taken out of those, and no service, account or configuration comes with it. A list of PACKAGE:PROGRAM.
taken=
take() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || taken="$taken $2:$1"
}

# Where there is no package with the client alone, it is taken out of docker.io.
need_docker_client() {
    if command -v docker >/dev/null 2>&1; then
        return 0
    elif apt-cache show docker-cli >/dev/null 2>&1; then
        packages="$packages docker-cli"
    else
        take docker docker.io
    fi
}

# The daemon to compare with. It cannot be had without its package, and on a host with systemd that starts it.
need_dockerd() {
    if command -v dockerd >/dev/null 2>&1; then
        return 0
    elif [ -d /run/systemd/system ]; then
        echo "dockerd is missing, so nothing is compared with it. Its package would start it on this host. If you want that:" \
            "apt-get install --no-install-recommends docker.io" >&2
    else
        packages="$packages docker.io"
    fi
}

take_program() { # PACKAGE PROGRAM
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    chmod 755 "$folder"
    (cd "$folder" && apt-get -q download "$1" && dpkg-deb --fsys-tarfile "$1"_*.deb | tar -x "./usr/bin/$2")
    install -m 755 "$folder/usr/bin/$2" "/usr/local/bin/$2"
    rm -rf "$folder"
    echo "installed $2 of Debian's $1 as /usr/local/bin/$2"
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
        wish_library libisal.so.2 libisal2
        need_docker_client
        ;;
    test)
        need crun crun
        need_library libisal.so.2 libisal2
        take docker-registry docker-registry
        need htpasswd apache2-utils
        need skopeo skopeo
        need_python_module websockets python3-websockets
        need_docker_client
        ;;
    peers)
        take docker-registry docker-registry
        need rclone rclone
        need fusermount3 fuse3
        need_dockerd
        ;;
    *)
        echo "usage: deps.sh build|run|test|peers" >&2
        exit 2
        ;;
esac
[ -n "$packages$taken" ] || exit 0
missing="$packages$(printf '%s' "$taken" | sed 's/ [^:]*:/ /g')"

if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing, and there is no apt-get to install it with:$missing; install it and try again" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "missing:$missing; type: sudo .build/deps.sh $1" >&2
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
# $packages and $taken are split on purpose. With --no-remove nothing that is installed can be pushed out.
[ -z "$packages" ] ||
    DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends --no-remove $packages
for one in $taken; do
    take_program "${one%%:*}" "${one#*:}"
done

#!/bin/sh
# Builds the sample plugin: leaves TARGET_DIR/config.json and TARGET_DIR/rootfs, which `docker plugin create` takes.
# usage: build.sh TARGET_DIR
# The compiler is $CC, else cc, else gcc, else clang. Compiles only when the source is newer than the program.
set -eu

if [ $# -ne 1 ] || [ -z "$1" ]; then
    echo "usage: build.sh TARGET_DIR" >&2
    exit 2
fi
source_dir=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=$1
program=$target/rootfs/sample-plugin

umask 022
mkdir -p "$target/rootfs"
for dir in dev etc proc sys tmp mnt/volumes run/docker/plugins; do
    mkdir -p "$target/rootfs/$dir"
done
chmod 1777 "$target/rootfs/tmp"
cmp -s "$source_dir/config.json" "$target/config.json" || cp "$source_dir/config.json" "$target/config.json"

if [ -x "$program" ] && [ -z "$(find "$source_dir/plugin.c" "$source_dir/build.sh" -newer "$program")" ]; then
    exit 0
fi

compiler=${CC:-}
if [ -z "$compiler" ]; then
    for candidate in cc gcc clang; do
        if command -v "$candidate" >/dev/null 2>&1; then
            compiler=$candidate
            break
        fi
    done
fi
if [ -z "$compiler" ]; then
    echo "sample-plugin: no C compiler found; install one (Debian: apt-get install gcc libc6-dev) or set CC" >&2
    exit 1
fi

# Made beside its place and renamed: a second build at the same time, or a plugin that runs, never sees half of it.
unfinished=$program.$$
trap 'rm -f "$unfinished"' EXIT
# CC may carry flags of its own, so it is split on purpose.
if ! $compiler -std=gnu11 -O2 -Wall -Wextra -static -s -o "$unfinished" "$source_dir/plugin.c"; then
    echo "sample-plugin: '$compiler' failed; a static program needs the static C library too" \
        "(Debian: libc6-dev, Fedora: glibc-static)" >&2
    exit 1
fi
mv -f "$unfinished" "$program"

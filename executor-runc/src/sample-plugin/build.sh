#!/bin/sh
# Builds the sample plugin, or the one in SOURCE_DIR: leaves TARGET_DIR/config.json and TARGET_DIR/rootfs, which
# `docker plugin create` takes.
# usage: build.sh TARGET_DIR [SOURCE_DIR]
# The compiler is $CC, else cc, else gcc, else clang. Compiles only when the source is newer than the program.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ -z "$1" ]; then
    echo "usage: build.sh TARGET_DIR [SOURCE_DIR]" >&2
    exit 2
fi
source_dir=$(CDPATH='' cd -- "${2:-$(dirname -- "$0")}" && pwd)
name=$(basename "$source_dir")
target=$1
program=$target/rootfs/$name

umask 022
mkdir -p "$target/rootfs"
for dir in dev etc proc sys tmp mnt/volumes run/docker/plugins; do
    mkdir -p "$target/rootfs/$dir"
done
chmod 1777 "$target/rootfs/tmp"
cmp -s "$source_dir/config.json" "$target/config.json" || cp "$source_dir/config.json" "$target/config.json"

if [ -x "$program" ] && [ -z "$(find "$source_dir/plugin.c" "$0" -newer "$program")" ]; then
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
    echo "$name: no C compiler found; install one (Debian: apt-get install gcc libc6-dev) or set CC" >&2
    exit 1
fi

# Made beside its place and renamed: a second build at the same time, or a plugin that runs, never sees half of it.
unfinished=$program.$$
trap 'rm -f "$unfinished"' EXIT
# CC may carry flags of its own, so it is split on purpose.
if ! $compiler -std=gnu11 -O2 -Wall -Wextra -static -pthread -s -o "$unfinished" "$source_dir/plugin.c"; then
    echo "$name: '$compiler' failed; a static program needs the static C library too" \
        "(Debian: libc6-dev, Fedora: glibc-static)" >&2
    exit 1
fi
mv -f "$unfinished" "$program"

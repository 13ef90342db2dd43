#!/bin/sh
# Ends with a sentence if the user is not root. usage: root.sh TARGET
[ "$(id -u)" -eq 0 ] || {
    echo "make $1 runs containers and needs root; type: sudo make $1" >&2
    exit 1
}

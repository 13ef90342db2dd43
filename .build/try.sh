#!/bin/sh
# Says what to try once the daemon runs. usage: try.sh SAMPLE_PLUGIN_DIR
socket=unix:///run/patchbay/patchbay.sock
cat <<EOF

The daemon starts in this terminal; control-C stops it. In another one, in this folder, try:

  docker -H $socket plugin create sample $1
  docker -H $socket plugin enable sample
  docker -H $socket plugin inspect sample

EOF

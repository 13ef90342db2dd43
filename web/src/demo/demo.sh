#!/bin/sh
# The life of a plugin in a private daemon, by the docker command line, with the events as they arrive over WebSocket.
# usage: demo.sh DISTRIBUTION SAMPLE_PLUGIN_DIR
set -eu

distribution=$1
sample=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d /tmp/pbdemo.XXXXXX)
daemon=
events=

clean_up() {
    status=$?
    trap - EXIT
    [ "$status" -eq 0 ] || { echo "demo: failed; the daemon's log:" >&2; cat "$folder/log" >&2; }
    [ -z "$events" ] || kill "$events" 2>/dev/null || true
    if [ -n "$daemon" ] && kill "$daemon" 2>/dev/null; then
        wait "$daemon" || true
    fi
    rm -rf "$folder"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Repeats a command, at most for about 30 s, until it succeeds.
wait_until() {
    tries=300
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] && kill -0 "$daemon" 2>/dev/null || { echo "demo: gave up waiting for: $*" >&2; exit 1; }
        sleep 0.1
    done
}

step() {
    printf '\n# %s\n' "$1"
}

# Shows the command as one would type it, then runs it.
docker() {
    line='$ docker'
    for word; do
        case $word in
            *[{\ ]*) line="$line '$word'" ;;
            *) line="$line $word" ;;
        esac
    done
    echo "$line"
    command docker -H "unix://$folder/s" "$@"
}

quiet_docker() {
    command docker -H "unix://$folder/s" "$@"
}

state_is() { # STATE GENERATION
    [ "$(quiet_docker plugin inspect --format '{{.Status.State}} {{.Status.Generation}}' sample)" = "$1 $2" ]
}

jdk=
for home in "${PATCHBAY_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$home/bin/javac" ] && grep -qs '^JAVA_VERSION="25' "$home/release"; then
        jdk=$home
        break
    fi
done
[ -n "$jdk" ] || { echo "demo: no JDK 25 found" >&2; exit 1; }
# Its configuration could name another daemon, its proxies could stand between.
export DOCKER_CONFIG="$folder/docker"
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_API_VERSION

step "A daemon of our own: nothing of it stays on this machine"
echo "$ patchbay serve --root R --exec-root X --host unix://S --host tcp://127.0.0.1:0"
"$distribution/bin/patchbay" serve --root "$folder/r" --exec-root "$folder/x" \
    --host "unix://$folder/s" --host tcp://127.0.0.1:0 --config-file "$here/empty.json" \
    >"$folder/ready" 2>"$folder/log" &
daemon=$!
wait_until grep -q '^ready' "$folder/ready"
address=$(sed 's/.*tcp:/tcp:/' "$folder/ready")
sed "s#$folder/##" "$folder/ready"

step "Its events, over WebSocket"
"$jdk/bin/java" "$here/Events.java" "ws${address#tcp}/patchbay/v1/events" | tee "$folder/events" &
events=$!
wait_until grep -q connected "$folder/events"
# The pipeline ends by itself when the daemon closes the stream.

step "Install a plugin from a folder with config.json and rootfs"
docker plugin create sample "$sample"
docker plugin ls

step "Change a setting, start it, look at it"
docker plugin set sample SAMPLE_GREETING=servus
docker plugin enable --timeout 10 sample
docker plugin inspect --format '{{.Name}} {{.Enabled}} {{json .Status}}' sample

step "Kill its process from outside: it comes back by itself"
id=$(quiet_docker plugin inspect --format '{{.Id}}' sample)
pid=$(cat "$folder/x/.patchbay/c/$id/container.pid")
echo "$ kill -KILL $pid"
kill -KILL "$pid"
wait_until state_is running 2
docker plugin inspect --format '{{json .Status}}' sample

step "Stop it and remove it"
docker plugin disable sample
docker plugin rm sample
docker plugin ls

step "Stop the daemon"
echo "$ kill -TERM <patchbay>"
kill -TERM "$daemon"
status=0
wait "$daemon" || status=$?
daemon=
wait "$events"
events=
echo "exit code $status"
[ "$status" -eq 0 ]
for event in create set start enable crash recover disable remove; do
    grep -q " $event " "$folder/events" || { echo "demo: the event $event did not arrive" >&2; exit 1; }
done

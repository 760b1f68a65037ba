#!/bin/sh
# Starts the broker once there are rights, and has it read them again when they change.
set -eu
rights=${RIGHTS_DIR:-/rights}
config=${CONFIG:-/mosquitto/config/mosquitto.conf}
every=${RELOAD_SECONDS:-5}

until [ -s "$rights/passwd" ] && [ -f "$rights/acl" ]; do sleep 1; done
mosquitto -c "$config" &
broker=$!
trap 'kill -TERM $broker; wait $broker; exit 0' TERM INT

sum() { cat "$rights/passwd" "$rights/acl" | cksum; }
seen=$(sum)
while kill -0 $broker 2>/dev/null; do
  sleep "$every" &
  wait $! || true
  now=$(sum)
  [ "$now" = "$seen" ] || { seen=$now; kill -HUP $broker; }
done
wait $broker

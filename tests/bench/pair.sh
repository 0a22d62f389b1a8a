#!/bin/sh
# tests/bench/pair.sh BUILD PAIR: one server, one client, no runner.
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
mkfifo "$dir/steps" || exit
"$1/server/$2" --brief --port 0 --clients 1 >"$dir/steps" &
while read -r line; do
  case $line in *" listen: "*)
    port=${line#*local=*:}
    "$1/client/$2" --brief --port "${port%% *}"
    ;;
  esac
done <"$dir/steps"
wait

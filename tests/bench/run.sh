#!/bin/sh
# tests/bench/run.sh: how long ours takes beside a peer's work of the same size,
# in turn, in one run. Only the ratios mean something, and nothing is asserted:
# the machine may be busy. In a copy of the tree, so that my/ stays yours.
cd "${0%/*}/../.." || exit
copy=$(mktemp -d) || exit
trap 'rm -rf "$copy"' EXIT
trap 'exit 130' INT TERM HUP
tar --exclude ./.git --exclude ./build --exclude ./my --exclude ./portolan \
  -cf - . | tar -C "$copy" -xf - && cd "$copy" && make -s || exit
cc=${CC:-cc}
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -Ishared -Wall -Wextra -O1 -g"
# shellcheck disable=SC2086 # several words
mkdir bench && $cc $flags -o bench/spawn tests/bench/spawn.c &&
  echo 'int main(void) { return 0; }' >bench/nothing.c &&
  $cc -O1 -o bench/nothing bench/nothing.c || exit
pair=01-first-connection

# compare ROUNDS WHAT PEER COMMAND... + COMMAND...: ours, then the peer's.
compare() {
  rounds=$1 what=$2 peer=$3
  shift 3
  bench/spawn "$rounds" "$@" | {
    read -r ours
    read -r theirs
    awk -v what="$what" -v peer="$peer" -v a="$ours" -v b="$theirs" 'BEGIN {
      printf "%-30s %9.2f ms   %-30s %9.2f ms   ratio %.2f\n",
        what, a, peer, b, a / b }'
  }
}

# shellcheck disable=SC2016 # the inner shell's own
compare 5 "make from clean" "a loop over the same files" \
  sh -c 'rm -rf build portolan && make -s' + \
  sh -c 'for file in client/*.c server/*.c shared/*.c lessons/guide/*.c; do
    '"$cc $flags"' -c -o bench/one.o "$file"
  done'
make -s
compare 20 "make, nothing to do" "true, as a program" make -s + bench/nothing
./portolan start 1 >/dev/null
compare 9 "portolan check: save to verdict" "gcc, the same file" \
  ./portolan check 1 + \
  sh -c "$cc $flags -o bench/one 'server/$pair.c' build/libshared.a"
compare 200 "a server's --help" "true, as a program" \
  "build/server/$pair" --help + bench/nothing
compare 200 "a client, nobody there" "true, as a program" \
  "build/client/$pair" --port 1 + bench/nothing
compare 9 "portolan run 1" "its two programs, from sh" \
  ./portolan run 1 --brief --port 0 + tests/bench/pair.sh build "$pair"

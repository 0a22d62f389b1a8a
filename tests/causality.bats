# shellcheck disable=SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper
load portolan

pair=01-first-connection

# record [OPTION]...: what both halves print, with these options of the client,
# goes to $theirs, the server's, and $mine, the client's.
record() {
  start_server $pair --brief --clients 1
  call_server $pair --brief "$@"
  finish "$server"
  theirs=$server_log mine=$client_log
}

# merge ARRIVAL...: the lines of both, one merge after the other, in $merged.
# What the rules never allowed has a question mark there.
merge() {
  merged=$BATS_TEST_TMPDIR/merged
  "$BUILD/tests/causality_driver" merge "$theirs" "$mine" "$@" >"$merged"
}

# parse: what the guide reads of the lines on stdin.
parse() {
  "$BUILD/tests/causality_driver" parse
}

@test "whichever half is heard first, no effect is shown before its cause" {
  record
  for arrival in server client both; do
    echo "$arrival first" # shown if the test fails
    merge $arrival
    causal "$merged"
  done
}

@test "in whatever order the lines come, no effect is shown before its cause" {
  record 'a line of some length comes in many pieces'
  merge {1..500}
  [ "$(grep -c '^$' "$merged")" -eq 500 ]
  [ "$(sort -u "$merged" | wc -l)" -eq \
    $(($(cat "$theirs" "$mine" | wc -l) + 1)) ] # and the empty line
  causal "$merged"
}

@test "each half's steps are shown in its own order, and each once" {
  record
  for arrival in server client both 1 2 3 4 5; do
    merge $arrival
    grep '^server/' "$merged" | cmp - "$theirs"
    grep '^client/' "$merged" | cmp - "$mine"
  done
}

@test "clients that come one after the other are kept apart" {
  start_server $pair --brief --clients 3
  theirs=$server_log mine=$BATS_TEST_TMPDIR/mine
  for words in one two three; do
    call_server $pair --brief $words
    cat "$client_log" >>"$mine"
  done
  finish "$server"
  merge server client both {1..100}
  causal "$merged"
}

@test "what these tests call causal is not just anything" {
  record
  merge both
  for name in connect send send-rest shutdown; do
    # as if that step had come last
    { grep -v "^client.* $name: " "$merged" | grep . &&
      step_line $name "$mine"; } >"$BATS_TEST_TMPDIR/late"
    run ! causal "$BATS_TEST_TMPDIR/late"
  done
  run ! causal /dev/null
}

@test "a stranger's steps are shown at last, as they came" {
  record
  sed -i.bak 's/remote=127\.0\.0\.1:[0-9]*/remote=127.0.0.1:1/' "$theirs"
  merge server client both {1..20}
  # all that the client can do by itself comes before the stranger's accept
  run -0 awk '/^$/ { sent = 0 } / send-rest: / { sent = 1 }
    / accept: / && !sent { exit 1 }' "$merged"
  [ "$(grep -c '^? server/.* accept: ' "$merged")" -eq 23 ]
  [ "$(grep -c ' close-listener: ' "$merged")" -eq 23 ]
}

@test "more connections than are followed are all shown" {
  theirs=$BATS_TEST_TMPDIR/theirs mine=$BATS_TEST_TMPDIR/mine
  state=state=ESTABLISHED moved='bytes=3 data="ab\n"'
  for n in {1001..1200}; do
    tuple="tcp local=127.0.0.1:$n remote=127.0.0.1:1 $state"
    printf '%s\n' "client/x connect: $tuple" "client/x send: $tuple $moved"
  done >"$mine"
  for n in {1001..1200}; do
    tuple="tcp local=127.0.0.1:1 remote=127.0.0.1:$n $state"
    printf '%s\n' "server/x accept: $tuple" "server/x recv: $tuple $moved"
  done >"$theirs"
  merge server client both {1..10}
  [ "$(grep -c '^[cs]' "$merged")" -eq $((13 * 800)) ]
  [ "$(grep . "$merged" | sort -u | wc -l)" -eq 800 ]
  run ! grep -q '^?' "$merged" # no rule holds them back
  grep ^server "$merged" | head -n 400 | cmp - "$theirs"

  # and those that are followed are in order
  head -n 40 "$mine" >"$mine.few"
  head -n 40 "$theirs" >"$theirs.few"
  mine=$mine.few theirs=$theirs.few
  merge server client both {1..10}
  causal "$merged"
}

@test "every step line that the programs print is read whole" {
  strange=$'"quoted" \\ and \t and \e[31m and \xff'
  long=$(printf '%200s' end)
  for words in 'hello, server' '' "$strange" "$long"; do
    record "$words"
    cat "$theirs" "$mine" >>"$BATS_TEST_TMPDIR/all"
  done
  [ "$(grep -c '"\.\.\.$' "$BATS_TEST_TMPDIR/all")" -gt 0 ]
  cat >>"$BATS_TEST_TMPDIR/all" <<'END'
server/02-x bind: tcp local=[::1]:6732 remote=- state=-
server/02-x accept: tcp local=[::ffff:127.0.0.1]:65535 remote=[fe80::1]:1 state=SYN-RECEIVED
client/03-udp send: udp local=0.0.0.0:40001 remote=127.0.0.1:6733 state=- bytes=0 data=""
END
  parse <"$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/read"
  cmp "$BATS_TEST_TMPDIR/all" "$BATS_TEST_TMPDIR/read"
}

@test "a step line that was cut is refused" {
  record 'say "hi"'
  cat "$theirs" "$mine" | sort -u >"$BATS_TEST_TMPDIR/all"
  # Each beginning of each line. A cut in the word of the state, which ends a
  # line without bytes, cannot be seen.
  awk '{ for (n = 1; n < length($0); n++) print substr($0, 1, n) }' \
    "$BATS_TEST_TMPDIR/all" | grep -vE ' state=[^ ]+$' >"$BATS_TEST_TMPDIR/cut"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/cut")" -gt 500 ]
  parse <"$BATS_TEST_TMPDIR/cut" >"$BATS_TEST_TMPDIR/read"
  run ! grep -vx refused "$BATS_TEST_TMPDIR/read"
}

@test "what is no step line is refused" {
  cat >"$BATS_TEST_TMPDIR/lines" <<'END'

1. socket
bind: EADDRINUSE (Address already in use)
server/x
server/ bind: tcp local=0.0.0.0:0 remote=- state=CLOSED extra
other/x bind: tcp local=0.0.0.0:0 remote=- state=CLOSED
call/x bind: tcp local=0.0.0.0:0 remote=- state=CLOSED
 server/x bind: tcp local=0.0.0.0:0 remote=- state=CLOSED
server/x bind: tcp local=0.0.0.0 remote=- state=CLOSED
server/x bind: tcp local=0.0.0.0:70000 remote=- state=CLOSED
server/x bind: tcp local=256.0.0.1:80 remote=- state=CLOSED
server/x bind: tcp local=::1:80 remote=- state=CLOSED
server/x bind: tcp remote=- local=0.0.0.0:0 state=CLOSED
server/x bind: tcp local=0.0.0.0:0 remote=-
server/x bind: tcp local=0.0.0.0:0 remote=- state=
server/x bind: sctp4 local=0.0.0.0:0 remote=- state=CLOSED
server/x a-name-that-is-much-longer-than-a-step-has: tcp local=0.0.0.0:0 remote=- state=CLOSED
server/x bind: tcp local=0.0.0.0:0 remote=- state=A-STATE-THAT-IS-LONGER-THAN-ANY
server/x send: tcp local=0.0.0.0:0 remote=- state=CLOSED bytes=
server/x send: tcp local=0.0.0.0:0 remote=- state=CLOSED bytes=x data="a"
server/x send: tcp local=0.0.0.0:0 remote=- state=CLOSED bytes=-1 data="a"
server/x send: tcp local=0.0.0.0:0 remote=- state=CLOSED bytes=1 data=a
END
  parse <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/read"
  run ! grep -vx refused "$BATS_TEST_TMPDIR/read"
}

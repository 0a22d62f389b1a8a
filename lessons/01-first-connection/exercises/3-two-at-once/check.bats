# shellcheck disable=SC2154 # what is not set here, check.bash has set
load ../../../guide/check

# two_call [OPTION]...: one client with these options, then another. What both
# must hear comes into $both.
two_call() {
  serve
  call 6 "$@"
  first=$local
  [ $# -eq 0 ] || until_step 6 send-rest
  call 8
  both="127.0.0.1:$port talks to $first and $local\\n"
}

@test "tells-the-first-of-both" {
  two_call
  hear 6 "$both"
  told "$both"
  : >"$BATS_FILE_TMPDIR/told"
}

# A server that serves one after the other would keep the second waiting for
# as long as we have patience: of that one we know already.
@test "tells-the-second-meanwhile" {
  [ -e "$BATS_FILE_TMPDIR/told" ]
  two_call --hold send-rest
  hear 8 "$both"
  told "$both"
}

@test "lets-both-finish" {
  two_call --hold send-rest
  enter
  hear_out 6
  hear_out 8
}

# shellcheck shell=bash
# check.bash - what the check of every exercise stands on.
#
# It judges what crosses the network: as a half that we trust (in $THEIRS) has
# it from its kernel, or as a bare connection of this shell sees it. Of what
# the learner's programs (in $MINE) print, it uses one thing, the port in the
# step line of listen: whoever lies about that is called in vain.
#
# Those programs may hang, flood, crash or never listen. Nothing here waits
# for them longer than PATIENCE seconds a test, and SIGKILL ends them with it.
# What a test shows of a failure are names and numbers, no sentences: it reads
# the same in every language. No more is used than bash 3.2 and Bats 1.8 have.

: "${MINE:?is set by portolan check}" "${THEIRS:?is set by portolan check}"
PATIENCE=3
# A learner may have printed something before it in the same line.
step_line='[a-z]+/[^ ]+ ([a-z-]+): tcp local=([^ ]+) remote=[^ ]+ state=[^ ]+( bytes=[0-9]+ data="(.*)"(\.\.\.)?)?$'

# Descriptor 5 is the server's output, 6 and 8 are two clients', 7 is the
# keyboard of those that we trust; 9 is free again after each use.
setup() {
  set +T # Bats need not trace our functions: a third of the time
  export LC_ALL=C
  [ ! -e "$BATS_FILE_TMPDIR/late" ] || PATIENCE=2
  limit=$((SECONDS + PATIENCE))
  pids=
  pair=${BATS_TEST_DIRNAME%/exercises/*}
  pair=${pair##*/}
  ulimit -S -c 0 -f 4096 -t 20 || true
  mkfifo "$BATS_TEST_TMPDIR"/{5,6,7,8}
  exec 7<>"$BATS_TEST_TMPDIR/7"
}

# Only what is still our child: another's pid may be the same number by now.
teardown() {
  local pid
  for pid in $(jobs -pr); do
    case " $pids " in *" $pid "*) end "$pid" ;; esac
  done
  ((SECONDS < limit)) || : >"$BATS_FILE_TMPDIR/late"
}

# end PID: whatever it does with signals; leaves its exit status in $status.
end() {
  status=0
  {
    kill -KILL "$1" || true
    wait "$1" || status=$?
  } 2>/dev/null
}

# start FD INPUT COMMAND...: in the background; what it prints is read from
# FD, and its pid is left in $pid.
start() {
  local fd=$1 input=$2
  shift 2
  eval "exec $fd<&- 9<>\"\$BATS_TEST_TMPDIR/$fd\" $fd<\"\$BATS_TEST_TMPDIR/$fd\""
  "$@" <"$input" >&9 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  pid=$!
  pids="$pids $pid"
  exec 9>&-
  complaint=
}

# read_line FD: the next line from there, into $line; false at the end of it,
# or when the time of this test is up.
read_line() {
  ((SECONDS < limit)) && read -r -n 4096 -t "$PATIENCE" -u "$1" line
}

# next_step FD: the next step line from there, into $step, $local and $data;
# the first line that is none is kept in $complaint. False as above.
next_step() {
  while ((SECONDS < limit)) &&
    read -r -n 4096 -t "$PATIENCE" -u "$1" line; do
    if [[ $line =~ $step_line ]]; then
      step=${BASH_REMATCH[1]} local=${BASH_REMATCH[2]}
      data=${BASH_REMATCH[4]}${BASH_REMATCH[5]}
      return 0
    fi
    complaint=${complaint:-$line}
  done
  return 1
}

# until_step FD NAME: read on to that step.
until_step() {
  while next_step "$1"; do
    [ "$step" != "$2" ] || return 0
  done
  return 1
}

# compare EXPECTED FOUND: show both and fail, unless they are the same.
compare() {
  local found=${2//[^ -~]/?}
  [ "$1" != "$2" ] || return 0
  [ ${#found} -le 56 ] || found=${found:0:53}...
  printf 'expected: %s\nfound: %s\n' "$1" "$found"
  return 1
}

# crashed PID: did a signal end that program, before we do? If so, its name is
# left in $how.
crashed() {
  end "$1"
  [ "$status" -gt 128 ] && [ "$status" -ne 137 ] &&
    how=SIG$(kill -l "$status" 2>/dev/null)
}

# why_silent PID: what is known of a program from which no more comes, into
# $how: that the time is up, its signal, or what was complained of.
why_silent() {
  how="> $PATIENCE s"
  ((SECONDS >= limit)) || crashed "$1" || how=$complaint
}

# listening FD: wait until the server there listens; leaves its $port.
listening() {
  if ! until_step "$1" listen; then
    why_silent "$pid"
    compare "listen: tcp local=127.0.0.1:... remote=-" "${how:-exit $status}"
  fi
  port=${local##*:}
}

# serve [OPTION]...: the learner's server, listening on $port.
serve() {
  start 5 /dev/null "$MINE/server" --port 0 --brief "$@"
  server=$pid
  listening 5
  # Nobody reads it any more, but it may write as much as it likes.
  cat <&5 >/dev/null 2>&1 3>&- 4>&- 6>&- 7>&- 8>&- &
  pids="$pids $!"
  exec 5<&-
}

# call FD [OPTION]...: a client that we trust, connected to $port; its own
# address is in $local. `--hold STEP` stops it there, until `enter`.
call() {
  local fd=$1
  shift
  start "$fd" "$BATS_TEST_TMPDIR/7" "$THEIRS/client/$pair" --brief \
    --port "$port" "$@"
  if ! until_step "$fd" connect; then
    why_silent "$server"
    compare "connect 127.0.0.1:$port" "$how"
  fi
}

enter() {
  echo >&7
}

# hear FD WORDS: what that client receives, into $heard, until these are the
# WORDS, or can no longer become them.
hear() {
  heard=
  while next_step "$1"; do
    [ "$step" != recv ] || heard=$heard$data
    [ "$heard" != "$2" ] || break
    [ "${2:0:${#heard}}" = "$heard" ] || break
  done
}

# hear_out FD: the same to the end of the stream, which must be no reset.
hear_out() {
  while next_step "$1"; do
    [ "$step" != recv ] || heard=$heard$data
    [ "$step" != recv-end ] || return 0
  done
  why_silent "$server"
  compare recv-end "${how:-$step}"
}

# told WORDS: is that what was heard? (Newlines are \n, as in a step line.)
told() {
  [ "$1" != "$heard" ] || return 0
  why_silent "$server"
  compare "\"$1\"" "\"$heard\"${how:+ ($how)}"
}

# listen_to ARGUMENT...: the learner's client calls a server that we trust.
# All that arrives there comes into $said, the client's address into $from.
listen_to() {
  start 5 /dev/null "$THEIRS/server/$pair" --brief --port 0 --clients 1
  listening 5
  start 6 /dev/null "$MINE/client" --brief --port "$port" "$@"
  while next_step 6; do :; done
  ((SECONDS < limit)) || compare "exit 0" "> $PATIENCE s"
  ! crashed "$pid" || compare "exit 0" "$how"
  # Should it never have called, we do: then the server comes to its end, too.
  { : <>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || true
  IFS= read -r -d '' -t "$PATIENCE" -u 5 log || true
  from=${log#* accept: tcp local=* remote=}
  from=${from%% *}
  said=$(sed -n 's/^[^ ]* recv: .* data="\(.*\)"$/\1/p' <<<"$log")
  said=${said//$'\n'/}
}

# dial: a bare connection to $port, on descriptor 6.
dial() {
  { exec 6<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null ||
    compare "connect 127.0.0.1:$port" ECONNREFUSED
}

# say TEXT: over the bare connection, in one send.
say() {
  printf '%s' "$1" >"$BATS_TEST_TMPDIR/said"
  dd if="$BATS_TEST_TMPDIR/said" bs=4096 count=1 >&6 2>/dev/null || true
}

# ephemeral ADDRESS: is its port one of those that this system gives to
# clients?
ephemeral() {
  local low=1024 high=65535 bsd=net.inet.ip.portrange
  if [ -r /proc/sys/net/ipv4/ip_local_port_range ]; then
    read -r low high </proc/sys/net/ipv4/ip_local_port_range
  elif sysctl -n $bsd.first $bsd.last >/dev/null 2>&1; then
    low=$(sysctl -n $bsd.first) high=$(sysctl -n $bsd.last)
  fi
  ((low <= ${1##*:} && ${1##*:} <= high)) ||
    compare "127.0.0.1:$low-$high" "$1"
}

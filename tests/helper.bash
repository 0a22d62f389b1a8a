# shellcheck shell=bash disable=SC2034 # tests use what is set here
# Helpers that every test file loads. Tests start real programs on port 0, so
# that they run beside each other and beside a class; what they know of a
# program, they know from its step lines, exit status and error symbols.

bats_require_minimum_version 1.5.0
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120} # when all else hangs

setup() {
  cd "${BASH_SOURCE[0]%/*}/.." || return
  BUILD=${BUILD:-build}
  export LC_ALL=C
  unset LANG LANGUAGE LC_MESSAGES NO_COLOR PORTOLAN_PORT_BASE
  pids=() # of the programs that this test started
  under=() # words before a program, such as: setpriv --no-new-privs
}

teardown() {
  local one
  for one in "${pids[@]}"; do
    if is_ours "$one"; then
      kill "$one" || true # it may end this very moment
      kill -CONT "$one" || true
      wait_until gone "$one" || kill -KILL "$one"
    fi
  done 2>/dev/null
}

# Is it still our child? By now the number may be that of another's program.
is_ours() {
  jobs -pr | grep -qx "$1"
}

# start LOG COMMAND...: in the background; leaves its pid in $pid, its stdout
# in LOG, its stderr in LOG.err. It waits for stdin until `enter LOG`.
start() {
  local log=$1
  shift
  mkfifo "$log.in"
  : >"$log"
  "${under[@]}" "$@" 0<>"$log.in" >"$log" 2>"$log.err" 3>&- 9>&- &
  pid=$!
  pids+=("$pid")
}

# enter LOG [LINE]: the Enter for which that program waits.
enter() {
  echo "${2-}" 1<>"$1.in"
}

# finish PID: wait for its end; leaves its exit status in $status.
finish() {
  wait_until gone "$1"
  status=0
  wait "$1" || status=$?
}

gone() {
  ! kill -0 "$1" 2>/dev/null
}

# start_server NAME [OPTION]...: leaves its pid in $server, its output in
# $server_log, and its port in $port as soon as it listens.
start_server() {
  server_log=$BATS_TEST_TMPDIR/server.${#pids[@]}
  start "$server_log" "$BUILD/server/$1" --port 0 "${@:2}"
  server=$pid
  wait_for ' listen: ' "$server_log"
  port=$(field local "$(step_line listen "$server_log")")
  port=${port##*:}
}

# start_client NAME [OPTION]... [MESSAGE]: calls $port; leaves its pid in
# $client and its output in $client_log.
start_client() {
  client_log=$BATS_TEST_TMPDIR/client.${#pids[@]}
  start "$client_log" "$BUILD/client/$1" --port "$port" "${@:2}"
  client=$pid
}

# call_server NAME [OPTION]... [MESSAGE]: a whole client, which must succeed.
call_server() {
  start_client "$@"
  finish "$client"
  cat "$client_log" "$client_log.err" # shown if the test fails
  [ "$status" -eq 0 ]
}

# wait_until COMMAND...: until it succeeds; after 20 seconds, fail.
wait_until() {
  local deadline=$((SECONDS + 20))
  until "$@"; do
    if ((SECONDS >= deadline)); then
      echo "not within 20 seconds: $*"
      return 1
    fi
    sleep 0.02
  done
}

# wait_for PATTERN FILE: until a line matches; else fail and show the file.
wait_for() {
  if ! wait_until grep -q -e "$1" "$2"; then
    cat "$2"
    return 1
  fi
}

# wait_for_count NUMBER PATTERN FILE: until so many lines match.
wait_for_count() {
  wait_until has_lines "$@"
}

has_lines() {
  [ "$(grep -c -e "$2" "$3")" -ge "$1" ]
}

# step_line NAME FILE: the first line of that step.
step_line() {
  grep -m 1 -E "^[a-z]+/[^ ]+ $1: " "$2"
}

# steps FILE: the names of the steps, in order.
steps() {
  sed -nE 's,^[a-z]+/[^ ]+ ([a-z-]+): (tcp|udp) local=.*,\1,p' "$1"
}

# field NAME LINE: "127.0.0.1:6731" for local.
field() {
  [[ $2 =~ " $1="([^ ]+) ]] && echo "${BASH_REMATCH[1]}"
}

# data NAME FILE: what all steps of that name moved, one after the other.
data() {
  sed -nE "s,^[a-z]+/[^ ]+ $1: .* data=\"(.*)\"(\\.\\.\\.)?\$,\\1,p" "$2" |
    tr -d '\n'
}

# text_under MARKER PAGE: the text between <!-- MARKER --> and its end.
text_under() {
  awk -v marker="<!-- $1 -->" '
    $0 == "<!-- end -->" { inside = 0 }
    inside
    $0 == marker { inside = 1 }' "$2"
}

# needs TOOL...: skip by name, but fail where every tool has to be there.
needs() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null && continue
    echo "$tool is not here"
    [ "${CI_MUST-}" != 1 ] || return 1
    skip "$tool is not here"
  done
}

# states_are_told: skip where the system does not tell a socket's state.
states_are_told() {
  [ "$(field state "$(step_line listen "$server_log")")" != - ] ||
    skip "this system does not tell states"
}

# unprivileged: leaves in $nobody the words that run a command as nobody.
unprivileged() {
  nobody=()
  if [ "$(id -u)" -eq 0 ]; then
    needs setpriv
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs)
  fi
  "${nobody[@]}" test -x "$PWD/$BUILD" || skip "nobody may not look in here"
}

# namespace: leaves in $apart the words that run a command in a network of its
# own, which has nothing but a loopback that is down.
namespace() {
  needs unshare ip
  apart=(unshare -n)
  [ "$(id -u)" -eq 0 ] || apart=(unshare -rn)
  "${apart[@]}" true || skip "this system gives us no namespace"
}

# start_sock KIND [PORT]: a socket of tests/sock.c; leaves its port in $port and
# the pid of its program in $sock.
start_sock() {
  local log=$BATS_TEST_TMPDIR/sock.${#pids[@]}
  start "$log" "$BUILD/tests/sock" "$@"
  sock=$pid
  wait_for '[0-9]' "$log"
  port=$(<"$log")
}

# preload NAME: run what is started from here on with tests/NAME.c preloaded.
preload() {
  [[ $BUILD != */san ]] || skip "the sanitizer wants to be preloaded first"
  [ "$(uname)" = Linux ] || skip "this is for Linux"
  under=(env "LD_PRELOAD=$PWD/$BUILD/tests/$1.so")
}

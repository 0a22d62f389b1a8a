# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper

pair=01-first-connection
page=lessons/errors.md

# fails PROGRAM [OPTION]...: it ends with exit status 1, and in $stderr it says
# why. Tests that need it put words before it, in $under.
fails() {
  run -1 --separate-stderr "${under[@]}" timeout 60 \
    "$BUILD/$1/$pair" --brief "${@:2}"
  echo "$stderr"                     # shown if the test fails
  [[ $stderr != *'{'[a-z]*'}'* ]]    # every placeholder is filled in
  [[ $stderr != *$'\n''errors '* ]] # no text is missing
}

# story KEY [NAME]: was that text of the page told? And what, in place of {NAME}?
# The words are those of the page, so this holds for whatever they are.
story() {
  local text pattern
  text=$(text_under "text errors $1" "$page")
  [ -n "$text" ]
  # each placeholder stands for whatever is in its line
  pattern=$(sed -E 's/[].[\*^$+?()|]/\\&/g
    s/\{'"${2:-}"'\}/<value>/g; s/\{[a-z]+\}/[^\n]*/g
    s/<value>/([^ \n]+)/; s/<value>/[^ \n]+/g' <<<"$text")
  [[ $stderr =~ ${pattern//\\n/$'\n'} ]] || {
    echo "not told: $text"
    return 1
  }
  echo "${BASH_REMATCH[1]-}"
}

# The command that is advised last: what a page shows as code is indented.
advice() {
  grep '^    ' <<<"$stderr" | tail -n 1
}

# take_advice: start the server whose command is advised; it must listen, and
# where it does a client must be answered.
take_advice() {
  local command log=$BATS_TEST_TMPDIR/advised
  command=$(advice)
  start "$log" bash -c "exec $command"
  wait_for ' listen: ' "$log"
  port=$(field local "$(step_line listen "$log")")
  port=${port##*:}
  call_server $pair
}

shows_bound_sockets() {
  [ "$(printf '%s\n' 6.8 "$(uname -r)" | sort -V | head -n 1)" = 6.8 ] ||
    skip "Linux shows bound, silent sockets since 6.8"
}

# ---- EADDRINUSE ------------------------------------------------------------

@test "a port with a listener: its holder is named, and can be ended as told" {
  start_server $pair
  fails server --port "$port"
  [ "$(story EADDRINUSE.listener local)" = "127.0.0.1:$port" ]
  [ "$(story holder pid)" = "$server" ]
  [ "$(story holder user)" = "$(id -un)" ]
  story kill
  [[ $stderr == *$'\n'"    kill $server"$'\n'* ]]
  kill "$server" # the very words
  finish "$server"
  start_server $pair --port "$port"
}

@test "a port with a listener: another port is as good" {
  start_server $pair
  taken=$port
  fails server --port "$port"
  story port-0
  take_advice
  [ "$port" != "$taken" ]
}

@test "a port with a listener: the same is told in Portuguese" {
  page=lessons/errors.pt-BR.md
  start_server $pair
  fails server --port "$port" --lang pt-BR
  [ "$(story EADDRINUSE.listener local)" = "127.0.0.1:$port" ]
  [ "$(story holder pid)" = "$server" ]
  story kill
  story port-0
  take_advice
}

@test "a port with a listener that is no program of ours" {
  start_sock listen
  fails server --port "$port"
  [ "$(story holder pid)" = "$sock" ]
  story kill-other
}

@test "a port with a listener of root: nobody is not told which process" {
  [ "$(id -u)" -eq 0 ] || skip "only root can be hidden from nobody"
  unprivileged
  start_server $pair
  under=("${nobody[@]}")
  fails server --port "$port"
  story EADDRINUSE.listener
  [ "$(story holder-hidden user)" = root ]
  [[ ! $stderr =~ [^0-9]${server}[^0-9] ]] # neither told nor to be killed
  take_advice
}

@test "a port with a listener on every address is in the way of one address" {
  start_sock listen-any
  fails server --port "$port"
  [ "$(story EADDRINUSE.listener local)" = "0.0.0.0:$port" ]
  [ "$(story holder pid)" = "$sock" ]
  story EADDRINUSE.overlap
  take_advice
}

@test "a port with a listener on one address is in the way of every address" {
  start_sock listen
  run -1 --separate-stderr timeout 20 \
    "$BUILD/server/$pair" --brief --host 0.0.0.0 --port "$port"
  [ "$(story EADDRINUSE.listener local)" = "127.0.0.1:$port" ]
  story EADDRINUSE.overlap
  take_advice
}

@test "a port in TIME-WAIT: the seconds that are left are told" {
  start_sock time-wait
  fails server --port "$port"
  seconds=$(story EADDRINUSE.time-wait seconds)
  [ "$seconds" -ge 1 ]
  [ "$seconds" -le 60 ]
  run ! story holder
  take_advice
}

@test "a port from which a client calls" {
  start_sock caller
  fails server --port "$port"
  [ "$(story EADDRINUSE.client local)" = "127.0.0.1:$port" ]
  [ "$(story holder pid)" = "$sock" ]
  take_advice
}

@test "a port with a connection whose listener is gone" {
  start_sock connection
  fails server --port "$port"
  [ "$(story EADDRINUSE.connection state)" = ESTABLISHED ]
  [ "$(story holder pid)" = "$sock" ]
  take_advice
}

@test "a port that is bound, in silence" {
  shows_bound_sockets
  start_sock bound
  fails server --port "$port"
  [ "$(story EADDRINUSE.bound local)" = "127.0.0.1:$port" ]
  [ "$(story holder pid)" = "$sock" ]
  take_advice
}

@test "a port that nobody may see is not blamed on anybody" {
  preload torture-sandbox # /proc/net/tcp does not show bound sockets
  start_sock bound
  fails server --port "$port"
  story EADDRINUSE.unseen
  run ! story holder
  take_advice
}

@test "where netlink is refused, the holder is found all the same" {
  preload torture-sandbox
  start_server $pair
  fails server --port "$port"
  [ "$(story holder pid)" = "$server" ]
  start_sock time-wait
  fails server --port "$port"
  seconds=$(story EADDRINUSE.time-wait seconds)
  [ "$seconds" -ge 1 ]
  [ "$seconds" -le 60 ]
}

# ---- EACCES, EADDRNOTAVAIL -------------------------------------------------

# A free port as the lesson's own: PORTOLAN_PORT_BASE moves it away from 6731.
move_own_port() {
  start_sock bound
  kill "$sock"
  finish "$sock"
  export PORTOLAN_PORT_BASE=$((port - 31))
}

@test "a port below the boundary: the boundary is told, and a port above it" {
  boundary=/proc/sys/net/ipv4/ip_unprivileged_port_start
  [ -r $boundary ] || skip "this system does not tell its boundary"
  first=$(<$boundary)
  [ "$first" -gt 1 ] || skip "every port is for everybody here"
  unprivileged
  move_own_port
  under=("${nobody[@]}")
  fails server --port $((first - 1))
  [ "$(story EACCES.low first)" = "$first" ]
  own=$port
  take_advice
  [ "$port" = "$own" ]
}

@test "a port below the boundary, and the lesson's own port is taken" {
  boundary=/proc/sys/net/ipv4/ip_unprivileged_port_start
  [ -r $boundary ] || skip "this system does not tell its boundary"
  first=$(<$boundary)
  [ "$first" -gt 1 ] || skip "every port is for everybody here"
  unprivileged
  start_sock listen
  export PORTOLAN_PORT_BASE=$((port - 31))
  under=("${nobody[@]}")
  fails server --port $((first - 1))
  story EACCES.low
  take_advice
}

@test "an address of another machine: loopback is advised" {
  fails server --port 0 --host 192.0.2.1 # RFC 5737: nobody's
  [ "$(story EADDRNOTAVAIL.bind host)" = 192.0.2.1 ]
  take_advice
}

# ---- connect() -------------------------------------------------------------

# These run in a network of their own, where no other test's server is found.
# $1 is a folder for the logs. serve LOG COMMAND...: a server, until it listens.
apart() {
  export BUILD pair
  run -0 timeout 60 "${apart[@]}" bash -ec '
    serve() {
      "${@:2}" --brief >"$1" 2>/dev/null </dev/null 3>&- &
      for try in {1..500}; do
        grep -q " listen: " "$1" && break || sleep 0.02
      done
    }
    client() { timeout 60 "$BUILD/client/$pair" "$@"; }
    advice() { grep "^    " "$1" | tail -n 1; }
    trap "kill \$(jobs -p) 2>/dev/null" EXIT
    cd "$2"; '"$1" _ "$BATS_TEST_TMPDIR" "$PWD"
  stderr=$(<"$BATS_TEST_TMPDIR/err")
}

@test "no server at all: start one, and the same call is answered" {
  namespace
  apart 'ip link set lo up
    ! client 2>"$1/err"
    serve "$1/server" $(advice "$1/err")
    client'
  [[ $stderr == "connect: ECONNREFUSED ("* ]]
  story ECONNREFUSED.nobody
  story start-server
}

@test "the server is on another port: call it there" {
  namespace
  apart 'ip link set lo up
    serve "$1/server" "$BUILD/server/$pair" --port 0
    ! client 2>"$1/err"
    $(advice "$1/err")'
  story ECONNREFUSED.server
  [ -n "$(story holder pid)" ]
  story call
}

@test "the server is at another address: call it there" {
  namespace
  apart 'ip link set lo up
    serve "$1/server" "$BUILD/server/$pair" --host 127.0.0.2
    ! client 2>"$1/err"
    $(advice "$1/err")'
  [ "$(story ECONNREFUSED.server local)" = 127.0.0.2:6731 ]
}

@test "somebody else listens on a port of the suite: start the server" {
  namespace
  apart 'ip link set lo up
    "$BUILD/tests/sock" listen 6732 >"$1/sock" &
    until [ -s "$1/sock" ]; do sleep 0.02; done
    ! client 2>"$1/err"
    serve "$1/server" $(advice "$1/err")
    client'
  [ "$(story ECONNREFUSED.block local)" = 127.0.0.1:6732 ]
  story start-server
}

@test "a socket that forgot listen() is told" {
  namespace
  shows_bound_sockets
  apart 'ip link set lo up
    "$BUILD/tests/sock" bound 6731 >"$1/sock" &
    until [ -s "$1/sock" ]; do sleep 0.02; done
    ! client 2>"$1/err"'
  story ECONNREFUSED.bound
}

@test "no loopback in a new network: bring it up as told" {
  namespace
  apart '! client 2>"$1/err"
    $(advice "$1/err")
    serve "$1/server" "$BUILD/server/$pair"
    client'
  [[ $stderr == "connect: ENETUNREACH ("* ]]
  story ENETUNREACH.loopback
}

@test "a queue that is full is told when the kernel gives up" {
  namespace
  apart 'ip link set lo up
    cd /proc/sys/net/ipv4
    echo 1 >tcp_syn_retries
    [ ! -e tcp_syn_linear_timeouts ] || echo 0 >tcp_syn_linear_timeouts
    cd "$2"
    "$BUILD/tests/sock" listen 6731 >"$1/sock" & # takes two, accepts none
    until [ -s "$1/sock" ]; do sleep 0.02; done
    exec 8<>/dev/tcp/127.0.0.1/6731 9<>/dev/tcp/127.0.0.1/6731
    ! client 2>"$1/err"'
  [[ $stderr == "connect: ETIMEDOUT ("* ]]
  [ "$(story ETIMEDOUT.queue local)" = 127.0.0.1:6731 ]
}

# ---- EMFILE, EPIPE ---------------------------------------------------------

@test "too few open files: the limit is told, and raised as told" {
  under=(bash -c 'exec 4>&- 5>&- 6>&- 7>&- 8>&-; ulimit -Sn 4; ulimit -Hn 64
    "$@"; eval "$(grep "^    " "$0" | tail -n 1)"; exec "$@"'
    "$BATS_TEST_TMPDIR/server.0.err")
  start_server $pair
  first=$port
  start_client $pair
  wait_for_count 2 ' listen: ' "$server_log"
  stderr=$(<"$server_log.err")
  [ "$(story EMFILE.limit limit)" = 4 ]
  [ "$(story EMFILE.raise most)" = 64 ]
  line=$(grep ' listen: ' "$server_log" | tail -n 1)
  port=$(field local "$line")
  port=${port##*:}
  under=()
  call_server $pair
}

@test "a reader that has left is told" {
  log=$BATS_TEST_TMPDIR/server
  mkfifo "$log.out"
  start "$log" bash -c 'exec "$1" --port 0 --brief >"$2"' \
    _ "$BUILD/server/$pair" "$log.out"
  timeout 20 head -n 3 "$log.out" >"$log.head"
  port=$(field local "$(step_line listen "$log.head")")
  exec 9<>"/dev/tcp/127.0.0.1/${port##*:}"
  finish "$pid"
  stderr=$(<"$log.err")
  story EPIPE.stdout
}

# Each test is a subshell of its own (SC2030, SC2031); $stderr and the like
# come from Bats and the helpers (SC2154); some words are for another shell
# (SC2016).
# shellcheck disable=SC2016,SC2030,SC2031,SC2154
load helper

pair=01-first-connection

# call_in: a connection to the server on descriptor 9, from this very shell.
call_in() {
  exec 9<>"/dev/tcp/127.0.0.1/$port"
}

# fds PID: how many files that process has open.
fds() {
  set -- "/proc/$1/fd"/*
  echo $#
}

# ss_state LOCAL REMOTE: the state in that row of ss, in the words of RFC 9293.
ss_state() {
  ss -Htan | awk -v local="$1" -v remote="$2" '
    $4 == local && $5 == remote { print $1 == "ESTAB" ? "ESTABLISHED" : $1 }'
}

# time_wait_at LOCAL REMOTE: is TIME-WAIT there, as ss tells it?
time_wait_at() {
  [ "$(ss_state "$1" "$2")" = TIME-WAIT ]
}

# ---- the four numbers ------------------------------------------------------

@test "the two ends see the same 4-tuple from opposite sides" {
  start_server $pair
  call_server $pair
  wait_for ' close: ' "$server_log"
  ours=$(step_line connect "$client_log")
  theirs=$(step_line accept "$server_log")
  ours_local=$(field local "$ours") ours_remote=$(field remote "$ours")
  theirs_local=$(field local "$theirs") theirs_remote=$(field remote "$theirs")
  [ "$ours_local" = "$theirs_remote" ]
  [ "$ours_remote" = "$theirs_local" ]
}

@test "the server answers with both ends of that connection" {
  start_server $pair
  call_server $pair
  line=$(step_line connect "$client_log")
  local=$(field local "$line") remote=$(field remote "$line")
  answer=$(data recv "$client_log")
  [[ $answer == *"$remote"*"$local"* ]]
}

@test "a connection keeps its four numbers until it is closed" {
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  # tuple STEP LOG
  tuple() {
    grep -oE 'local=127[^ ]+ remote=127[^ ]+' <<<"$(step_line "$1" "$2")"
  }
  ours=$(tuple connect "$client_log")
  for name in send send-rest recv shutdown recv-end close; do
    [ "$(tuple $name "$client_log")" = "$ours" ]
  done
  theirs=$(tuple accept "$server_log")
  for name in recv send recv-end close; do
    [ "$(tuple $name "$server_log")" = "$theirs" ]
  done
}

@test "a fresh socket has neither an address nor a port, nor a peer" {
  start_server $pair
  call_server $pair
  for log in "$server_log" "$client_log"; do
    line=$(step_line socket "$log")
    [ "$(field local "$line")" = 0.0.0.0:0 ]
    [ "$(field remote "$line")" = - ]
  done
}

@test "a listener never has a peer, however many clients it let in" {
  start_server $pair --clients 2
  call_server $pair
  call_server $pair
  finish "$server"
  for name in bind listen close-listener; do
    line=$(step_line $name "$server_log")
    [ "$(field local "$line")" = "127.0.0.1:$port" ]
    [ "$(field remote "$line")" = - ]
  done
}

@test "accept() keeps the port of the listener" {
  start_server $pair
  call_server $pair
  line=$(step_line accept "$server_log")
  [ "$(field local "$line")" = "127.0.0.1:$port" ]
}

@test "the client's port is one of the kernel's ephemeral range" {
  range=/proc/sys/net/ipv4/ip_local_port_range
  [ -r $range ] || skip "this system does not tell its range"
  read -r low high <$range
  start_server $pair
  call_server $pair
  mine=$(field local "$(step_line connect "$client_log")")
  [ "${mine##*:}" -ge "$low" ]
  [ "${mine##*:}" -le "$high" ]
}

@test "a server listens on loopback only, unless it is told otherwise" {
  start_server $pair
  line=$(step_line listen "$server_log")
  [[ $(field local "$line") == 127.0.0.1:* ]]
  [ ! -s "$server_log.err" ]

  start_server $pair --host 0.0.0.0
  line=$(step_line listen "$server_log")
  [[ $(field local "$line") == 0.0.0.0:* ]]
  [ -s "$server_log.err" ] # and then it says so

  call_server $pair
  line=$(step_line accept "$server_log")
  [ "$(field local "$line")" = "127.0.0.1:$port" ]
}

@test "each step of the server is shown, in the order of its calls" {
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  [ "$status" -eq 0 ]
  shown=$(steps "$server_log" | uniq | tr '\n' ' ') # recv may come in pieces
  wanted='socket bind listen accept recv send recv-end close close-listener '
  [ "$shown" = "$wanted" ]
}

@test "each step of the client is shown, in the order of its calls" {
  start_server $pair
  call_server $pair
  shown=$(steps "$client_log" | uniq | tr '\n' ' ')
  [ "$shown" = 'socket connect send send-rest recv shutdown recv-end close ' ]
}

# ---- what the kernel does by itself ----------------------------------------

@test "connect() and send() succeed before accept()" {
  start_server $pair --hold listen
  start_client $pair
  wait_for ' send-rest: ' "$client_log"
  run ! grep ' accept: ' "$server_log"
  enter "$server_log"
  finish "$client"
  [ "$status" -eq 0 ]
  wait_for ' accept: ' "$server_log"
}

@test "bytes are cut and joined on their way, and none is lost" {
  start_server $pair --hold listen
  start_client $pair
  wait_for ' send-rest: ' "$client_log"
  enter "$server_log"
  finish "$client"
  [ "$status" -eq 0 ]

  line=$(step_line send "$client_log")
  [[ $line == *' bytes=10 data="hello, ser"' ]]
  line=$(step_line send-rest "$client_log")
  [[ $line == *' bytes=4 data="ver\n"' ]]
  line=$(step_line recv "$server_log")
  [[ $line == *' bytes=8 data="hello, s"' ]]
  [ "$(data recv "$server_log")" = 'hello, server\n' ]
  [ "$(data send "$server_log")" = "$(data recv "$client_log")" ]
}

@test "the states are those of RFC 9293" {
  start_server $pair --hold send
  states_are_told
  start_client $pair --hold shutdown
  wait_for ' send: ' "$server_log"
  wait_for ' shutdown: ' "$client_log"
  enter "$server_log" # the client's FIN is here already
  wait_for ' recv-end: ' "$server_log"
  enter "$client_log"
  finish "$client"

  for wanted in socket=CLOSED bind=CLOSED listen=LISTEN accept=ESTABLISHED \
    recv=ESTABLISHED recv-end=CLOSE-WAIT; do
    line=$(step_line "${wanted%=*}" "$server_log")
    [ "$(field state "$line")" = "${wanted#*=}" ]
  done
  for wanted in socket=CLOSED connect=ESTABLISHED send=ESTABLISHED \
    send-rest=ESTABLISHED recv=ESTABLISHED; do
    line=$(step_line "${wanted%=*}" "$client_log")
    [ "$(field state "$line")" = "${wanted#*=}" ]
  done
  [[ $(step_line shutdown "$client_log") == *' state=FIN-WAIT-'[12] ]]
}

@test "TIME-WAIT stays with the client when the client closes first" {
  start_server $pair --clients 1
  states_are_told
  call_server $pair
  finish "$server"
  for name in recv-end close; do
    [ "$(field state "$(step_line $name "$client_log")")" = TIME-WAIT ]
  done
  run ! grep 'state=TIME-WAIT' "$server_log"
}

@test "TIME-WAIT stays with the server when the server closes first" {
  needs ss
  start_server $pair
  start_client $pair --hold recv
  wait_for ' recv: ' "$client_log"
  wait_for ' send: ' "$server_log"
  kill -INT "$server"
  finish "$server"
  enter "$client_log"
  finish "$client"
  run ! grep 'state=TIME-WAIT' "$client_log"
  line=$(step_line accept "$server_log")
  wait_until time_wait_at "$(field local "$line")" "$(field remote "$line")"
}

@test "a step line agrees with the row that ss shows" {
  needs ss
  start_server $pair --hold accept
  states_are_told
  start_client $pair --hold connect
  wait_for ' connect: ' "$client_log"
  wait_for ' accept: ' "$server_log"
  # all three sockets stand still now, so that there is time to look
  for line in "$(step_line listen "$server_log")" \
    "$(step_line accept "$server_log")" "$(step_line connect "$client_log")"; do
    remote=$(field remote "$line")
    row=$(ss_state "$(field local "$line")" "${remote/#-/0.0.0.0:*}")
    [ "$(field state "$line")" = "$row" ]
  done
}

@test "the kernel's table is read as text where netlink is refused" {
  preload torture-sandbox
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  [ "$(field state "$(step_line close "$client_log")")" = TIME-WAIT ]
  [ "$(field state "$(step_line close-listener "$server_log")")" = CLOSED ]
}

# ---- lines -----------------------------------------------------------------

@test "two lines in one send() get two answers" {
  start_server $pair
  call_in
  printf 'one\nthree\n' >&9
  read -r -t 20 first <&9
  read -r -t 20 second <&9
  [[ $first == *" 4 bytes "* ]]
  [[ $second == *" 6 bytes "* ]]
}

@test "a line that comes bit by bit gets one answer" {
  start_server $pair
  call_in
  for bit in o n e; do
    printf '%s' $bit >&9
    wait_for "data=\"$bit\"" "$server_log"
  done
  run ! grep ' send: ' "$server_log"
  echo >&9
  read -r -t 20 answer <&9
  [[ $answer == *" 4 bytes "* ]]
}

@test "a line of 300,000 bytes is counted whole" {
  start_server $pair --brief
  call_in
  { head -c 299999 /dev/zero | tr '\0' x && echo; } >&9
  read -r -t 60 answer <&9
  [[ $answer == *" 300000 bytes "* ]]
}

@test "a line without an end gets no answer" {
  start_server $pair
  call_in
  printf 'no newline' >&9
  exec 9>&-
  wait_for ' close: ' "$server_log"
  wait_for ' recv-end: ' "$server_log"
  run ! grep ' send: ' "$server_log"
}

@test "the client says what it is told to say" {
  start_server $pair
  call_server $pair 'ola, servidor'
  [ "$(data recv "$server_log")" = 'ola, servidor\n' ]
  call_server $pair '' # an empty line is a line
  [[ $(step_line send "$client_log") == *' bytes=1 data="\n"' ]]
  long=$(printf '%1000s' x)
  call_server $pair "$long"
  [[ $(data recv "$client_log") == *" 1001 bytes "* ]]
}

@test "the client fails when the server hangs up without an answer" {
  start_sock hangup
  start_client $pair
  finish "$client"
  [ "$status" -eq 1 ]
  run ! grep ' recv: ' "$client_log"
  [[ $(steps "$client_log" | tail -n 2) == recv-too-early$'\n'close ]]
}

# ---- one server, many clients ----------------------------------------------

@test "--clients N ends the server after N clients, and not before" {
  start_server $pair --clients 3
  for n in 1 2 3; do
    run ! gone "$server"
    call_server $pair
    wait_for_count $n ' close: ' "$server_log"
  done
  finish "$server"
  [ "$status" -eq 0 ]
  [ "$(grep -c ' accept: ' "$server_log")" -eq 3 ]
}

@test "a second client waits until the first one is done" {
  start_server $pair
  call_in
  wait_for ' accept: ' "$server_log"
  start_client $pair
  wait_for ' send-rest: ' "$client_log"
  echo first >&9
  read -r -t 20 _ <&9
  [ "$(grep -c ' accept: ' "$server_log")" -eq 1 ]
  exec 9>&-
  finish "$client"
  [ "$status" -eq 0 ]
}

@test "a server closes the connections that it is done with" {
  [ -d "/proc/$$/fd" ] || skip "this system has no /proc/PID/fd"
  start_server $pair
  call_server $pair
  wait_for ' close: ' "$server_log"
  before=$(fds "$server")
  for _ in {1..20}; do
    call_server $pair
  done
  wait_for_count 21 ' close: ' "$server_log"
  after=$(fds "$server")
  [ "$after" -eq "$before" ]
}

# ---- clients that behave badly ---------------------------------------------

@test "a server outlives a client that vanishes" {
  start_server $pair
  kill -STOP "$server"
  call_in
  for _ in {1..50}; do echo "is anybody there?"; done >&9
  exec 9>&-
  kill -CONT "$server"
  wait_for ' close: ' "$server_log"
  call_server $pair
}

@test "a server outlives a client that resets the connection" {
  start_server $pair
  call_in
  echo hello >&9
  wait_for ' send: ' "$server_log" # unread: closing over it sends a reset
  exec 9>&-
  wait_for ' close: ' "$server_log"
  [[ $(<"$server_log.err") == "recv: ECONNRESET ("* ]]
  gone=$(field remote "$(step_line close "$server_log")")
  [ "$gone" = "$(field remote "$(step_line accept "$server_log")")" ]
  call_server $pair
}

@test "a server outlives a client that is gone before accept()" {
  start_server $pair --hold listen
  run -0 "$BUILD/tests/sock" reset "$port"
  enter "$server_log"
  call_server $pair
}

@test "a server outlives noise, and lets none of it through to the terminal" {
  start_server $pair
  call_in
  head -c 20000 /dev/urandom >&9
  exec 9>&-
  wait_for ' close: ' "$server_log"
  run ! grep -q '[^ -~]' "$server_log"
  call_server $pair
}

@test "a server outlives a client that says nothing" {
  start_server $pair
  call_in
  wait_for ' accept: ' "$server_log"
  exec 9>&-
  wait_for ' close: ' "$server_log"
  run ! grep -E ' (recv|send): ' "$server_log"
  call_server $pair
}

@test "short and interrupted send(), recv() and accept() lose nothing" {
  preload torture
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  [ "$status" -eq 0 ]
  [[ $(step_line recv "$server_log") == *' bytes=3 data="hel"' ]]
  [ "$(data recv "$server_log")" = 'hello, server\n' ]
  [ "$(data send "$server_log")" = "$(data recv "$client_log")" ]
  shown=$(steps "$client_log" | uniq | tr '\n' ' ') # all of it, then shutdown()
  [ "$shown" = 'socket connect send send-rest recv shutdown recv-end close ' ]
}

# ---- Ctrl-C ----------------------------------------------------------------

@test "Ctrl-C ends a server that waits for a client" {
  start_server $pair
  kill -INT "$server"
  finish "$server"
  [ "$status" -eq 0 ]
  [ "$(steps "$server_log" | tail -n 1)" = close-listener ]
}

@test "Ctrl-C ends a server whose client is silent" {
  start_server $pair
  call_in
  wait_for ' accept: ' "$server_log"
  kill -INT "$server"
  finish "$server"
  [ "$status" -eq 0 ]
  [[ $(steps "$server_log" | tail -n 2) == close$'\n'close-listener ]]
}

@test "Ctrl-C ends a server that waits for Enter" {
  log=$BATS_TEST_TMPDIR/server
  start "$log" "$BUILD/server/$pair" --port 0 --step
  wait_for ' socket: ' "$log"
  kill -INT "$pid"
  finish "$pid"
  [ "$status" -eq 0 ]
  [ "$(steps "$log" | tail -n 1)" = close-listener ]
}

@test "Ctrl-C ends a server that waits for Enter with a client" {
  start_server $pair --hold accept
  call_in
  wait_for ' accept: ' "$server_log"
  kill -INT "$server"
  finish "$server"
  [ "$status" -eq 0 ]
  [[ $(steps "$server_log" | tail -n 3) == accept$'\n'close$'\n'close-listener ]]
}

@test "Ctrl-C ends a server that is flooded" {
  start_server $pair --brief
  start "$BATS_TEST_TMPDIR/flood" \
    bash -c 'exec cat /dev/zero >"/dev/tcp/127.0.0.1/$1"' _ "$port"
  wait_for_count 100 ' recv: ' "$server_log"
  kill -INT "$server"
  finish "$server"
  [ "$status" -eq 0 ]
  [[ $(steps "$server_log" | tail -n 2) == close$'\n'close-listener ]]
}

@test "Ctrl-C ends a server whose client does not read its answers" {
  start_server $pair --brief
  start "$BATS_TEST_TMPDIR/deaf" bash -c 'exec 9<>"/dev/tcp/127.0.0.1/$1"
    head -c 300000 /dev/zero | tr "\0" "\n" >&9; exec sleep 60' _ "$port"
  # Its answers fill every buffer on their way; then the server stands still.
  stands_still() {
    local before after
    before=$(wc -c <"$server_log")
    sleep 0.3
    after=$(wc -c <"$server_log")
    [ "$after" -eq "$before" ]
  }
  wait_for_count 1000 ' send: ' "$server_log"
  wait_until stands_still
  kill -INT "$server"
  finish "$server"
  [ "$status" -eq 0 ]
  [[ $(steps "$server_log" | tail -n 2) == close$'\n'close-listener ]]
}

@test "Ctrl-C ends a client that waits for its answer" {
  start_server $pair --hold listen
  start_client $pair
  wait_for ' send-rest: ' "$client_log"
  kill -INT "$client"
  finish "$client"
  [ "$status" -eq 1 ] # it had no answer
  [[ $(steps "$client_log" | tail -n 2) == send-rest$'\n'close ]]
}

@test "a server that closed first can start again on its port at once" {
  start_server $pair
  call_in
  wait_for ' accept: ' "$server_log"
  kill -INT "$server"
  finish "$server"
  exec 9>&- # its side of the connection is now in TIME-WAIT
  first=$port
  start_server $pair --port "$first"
  [ "$port" = "$first" ]
  call_server $pair
}

# ---- errors ----------------------------------------------------------------

@test "a port that is taken is EADDRINUSE" {
  start_server $pair
  run -1 --separate-stderr timeout 20 \
    "$BUILD/server/$pair" --brief --port "$port"
  [[ $stderr == "bind: EADDRINUSE ("* ]]
  [ "$(grep -c '' <<<"$output")" -eq 1 ] # the socket step, and no more
}

@test "a port at which nobody listens is ECONNREFUSED" {
  start_sock bound # so that nobody else can come and listen
  run -1 --separate-stderr timeout 20 \
    "$BUILD/client/$pair" --brief --port "$port"
  [[ $stderr == "connect: ECONNREFUSED ("* ]]
}

@test "a port below the boundary is EACCES for who has no privilege" {
  boundary=/proc/sys/net/ipv4/ip_unprivileged_port_start
  [ -r $boundary ] || skip "this system does not tell its boundary"
  low=$(($(<$boundary) - 1))
  [ $low -gt 0 ] || skip "every port is for everybody here"
  unprivileged
  run -1 --separate-stderr timeout 20 "${nobody[@]}" \
    "$BUILD/server/$pair" --port $low
  [[ $stderr == "bind: EACCES ("* ]]
}

@test "an address that is not this machine's is EADDRNOTAVAIL" {
  run -1 --separate-stderr timeout 20 \
    "$BUILD/server/$pair" --port 0 --host 192.0.2.1 # RFC 5737: nobody's
  [[ $stderr == *"bind: EADDRNOTAVAIL ("* ]]
}

@test "a server that may open no more files says EMFILE" {
  # 0, 1, 2 and the listener are all that fits
  under=(bash -c 'exec 4>&- 5>&- 6>&- 7>&- 8>&-; ulimit -n 4; exec "$@"' _)
  start_server $pair
  under=()
  start_client $pair
  finish "$server"
  [ "$status" -eq 1 ]
  [[ $(<"$server_log.err") == "accept: EMFILE ("* ]]
}

# ---- on other machines -----------------------------------------------------

# What runs in a namespace: $1 is a folder for the logs.
script='
  ip link set lo up
  "$BUILD/server/$pair" --clients 1 >"$1/server" 2>&1 3>&- &
  for try in {1..500}; do
    grep -q " listen: " "$1/server" && break || sleep 0.02
  done
  "$BUILD/client/$pair" >"$1/client"
  wait $!
'

@test "the pair agrees on its port and works where IPv6 is switched off" {
  namespace
  export BUILD pair
  off='echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6;'
  [ -e /proc/sys/net/ipv6 ] || off= # it is off already
  run -0 timeout 60 "${apart[@]}" bash -ec "$off$script" _ "$BATS_TEST_TMPDIR"
  grep ' recv: .* data="I am' "$BATS_TEST_TMPDIR/client"
}

@test "PORTOLAN_PORT_BASE moves both halves" {
  namespace
  export BUILD pair PORTOLAN_PORT_BASE=20000
  run -0 timeout 60 "${apart[@]}" bash -ec "$script" _ "$BATS_TEST_TMPDIR"
  moved=$(field remote "$(step_line connect "$BATS_TEST_TMPDIR/client")")
  [ "${moved%??}" = 127.0.0.1:200 ]
}

@test "the pair works without any privilege" {
  unprivileged
  under=("${nobody[@]}")
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  [ "$status" -eq 0 ]
}

@test "the pair works for an unprivileged user of a fresh user namespace" {
  unprivileged
  under=("${nobody[@]}" unshare -U)
  "${under[@]}" true || skip "this system gives us no namespace"
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  [ "$status" -eq 0 ]
}

@test "valgrind finds no error and no open file in either half" {
  needs valgrind
  [[ $BUILD != */san ]] || skip "the sanitizers look for the same"
  under=(valgrind -q --error-exitcode=9 --leak-check=full --track-fds=yes
    --show-leak-kinds=all --errors-for-leak-kinds=all
    --log-file="$BATS_TEST_TMPDIR/valgrind.%p")
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  [ "$status" -eq 0 ]
  # each open file but those that we gave it: what is left is a leak
  run -0 awk '/== Open / { open++ }
    /<inherited from parent>/ { open-- }
    END { exit open != 0 }' "$BATS_TEST_TMPDIR"/valgrind.*
}

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see ../01-first-connection.bats
load ../helper

pair=01-first-connection

# is_answered COMMAND...: a stranger that says two lines and hangs up; it must
# hear two answers, and be let go as a client of ours is.
is_answered() {
  start_server $pair
  run -0 timeout 60 bash -c 'printf "one\nthree\n" | "$@"' _ "$@" "$port"
  [ "$(grep -c '^I am .*, you are ' <<<"$output")" -eq 2 ]
  [[ ${lines[0]} == *" 4 bytes "* ]]
  [[ ${lines[1]} == *" 6 bytes "* ]]
  lives_on
  [ ! -s "$server_log.err" ]
}

# The server is done with the stranger, and serves the next client.
lives_on() {
  wait_for ' close: ' "$server_log"
  call_server $pair
}

# openbsd_nc: there are several programs of that name.
openbsd_nc() {
  needs nc
  [[ $(nc -h 2>&1) == *OpenBSD* ]] || skip "this nc is not OpenBSD's"
}

# ---- strangers call our server ---------------------------------------------

@test "nc gets its answers" {
  openbsd_nc
  is_answered nc -N 127.0.0.1
}

@test "ncat gets its answers" {
  needs ncat
  is_answered ncat 127.0.0.1
}

@test "busybox nc gets its answers" {
  needs busybox
  busybox nc --help >/dev/null 2>&1 || skip "this busybox has no nc"
  is_answered busybox nc 127.0.0.1
}

@test "socat gets its answers" {
  needs socat
  is_answered sh -c 'socat -t 20 - "TCP:127.0.0.1:$1"' _
}

@test "bash gets its answers" {
  is_answered bash -c 'exec 9<>"/dev/tcp/127.0.0.1/$1"
    while read -r line; do
      echo "$line" >&9 && read -r answer <&9 && echo "$answer"
    done' _
}

@test "curl gets an answer for each line of its request" {
  needs curl
  start_server $pair
  log=$BATS_TEST_TMPDIR/curl
  start "$log" curl --http0.9 --no-buffer --silent --show-error \
    --noproxy '*' --max-time 60 "http://127.0.0.1:$port/"
  wait_for_count 3 '^I am .*, you are ' "$log" # GET, Host, the empty line
  kill "$pid" # it would wait for the end of the answer
  finish "$pid"
  [[ $(data recv "$server_log") == 'GET / HTTP/1.1\r\n'* ]]
  lives_on
}

@test "a browser is accepted, and the server lives on" {
  for browser in chromium chromium-browser google-chrome; do
    ! command -v $browser >/dev/null || break
  done
  needs "$browser"
  start_server $pair
  log=$BATS_TEST_TMPDIR/browser
  start "$log" timeout -k 5 60 "$browser" --headless --no-sandbox \
    --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run \
    --disable-background-networking --disable-component-update \
    --disable-sync --no-proxy-server --user-data-dir="$log.home" \
    --timeout=5000 --dump-dom "http://127.0.0.1:$port/"
  wait_for ' accept: ' "$server_log"
  wait_for ' recv: .* data="GET / HT"' "$server_log"
  wait_for ' send: ' "$server_log"
  kill "$pid" 2>/dev/null || true # it may have seen enough by itself
  finish "$pid"
  lives_on
}

# ---- our client calls strangers --------------------------------------------

# talks_to LOG: our client to the stranger that listens on $port with its stdout
# in LOG; its answer is what it is told to type.
talks_to() {
  start_client $pair
  wait_for '^hello, server$' "$1"
  enter "$1" 'hello, client'
  wait_for ' shutdown: ' "$client_log"
  [ "$(data recv "$client_log")" = 'hello, client\n' ]
}

@test "our client talks to nc" {
  openbsd_nc
  log=$BATS_TEST_TMPDIR/nc
  start "$log" nc -n -l -v 127.0.0.1 0
  wait_for '^Listening on' "$log.err"
  port=$(sed -n 's/^Listening on .* \([0-9]*\)$/\1/p' "$log.err")
  stranger=$pid
  talks_to "$log"
  kill "$stranger" || true # if it still waits for us to type more
  finish "$client"
  [ "$status" -eq 0 ]
}

@test "our client talks to socat" {
  needs socat
  log=$BATS_TEST_TMPDIR/socat
  start "$log" socat -d -d -t 0.1 STDIO TCP-LISTEN:0,bind=127.0.0.1
  wait_for ' listening on ' "$log.err"
  port=$(sed -n 's/.* listening on .*:\([0-9]*\)$/\1/p' "$log.err")
  talks_to "$log"
  finish "$client"
  [ "$status" -eq 0 ]
}

# ---- what others see of it -------------------------------------------------

@test "the packets on the wire have the addresses and ports of the step lines" {
  needs tcpdump
  start_server $pair
  log=$BATS_TEST_TMPDIR/tcpdump
  start "$log" tcpdump -n -l --immediate-mode -i lo "tcp port $port"
  wait_until grep -qE 'listening on|permission' "$log.err"
  ! grep permission "$log.err" || skip "only root may look at the wire here"
  call_server $pair
  line=$(step_line connect "$client_log")
  client=$(field local "$line") server=$(field remote "$line")

  # 127.0.0.1:6731 is 127.0.0.1.6731 to tcpdump
  forth="IP ${client/:/.} > ${server/:/.}: Flags"
  back="IP ${server/:/.} > ${client/:/.}: Flags"
  wait_for "$back \[F\.\]" "$log" # the end, so that all is there
  head -n 3 "$log"
  [[ $(sed -n 1p "$log") == *"$forth [S],"* ]]
  [[ $(sed -n 2p "$log") == *"$back [S.],"* ]]
  [[ $(sed -n 3p "$log") == *"$forth [.],"* ]]
  run ! grep -vE "${forth//./\\.}|${back//./\\.}" "$log"

  # who says FIN first is the one that stays in TIME-WAIT
  [[ $(grep -m 1 'Flags \[F' "$log") == *"$forth"* ]]
}

@test "lsof sees the two ends as our step lines tell them" {
  needs lsof
  start_server $pair --hold accept
  start_client $pair --hold connect
  wait_for ' accept: ' "$server_log"
  wait_for ' connect: ' "$client_log"
  for log in "$server_log" "$client_log"; do
    line=$(grep -E ' (accept|connect): ' "$log")
    run -0 lsof -nP -a -p "$server,$client" -i "tcp@$(field local "$line")"
    [[ $output == *"$(field local "$line")->$(field remote "$line")"* ]]
  done
}

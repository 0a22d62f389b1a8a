# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper
load portolan

pair=01-first-connection

# What lesson 1 shows, one step after the other. The server is held after listen
# until the client has sent all.
order='server socket: bind: listen: client socket: connect: send: send-rest:
server accept: recv: recv: send: client recv: shutdown: server recv-end: close:
client recv-end: close: server close-listener:'
count=18

# in_order FILE: does each run in that file show these steps in this order, each
# effect after its cause?
in_order() {
  local shown
  awk '/^server\/[^ ]+ socket: / { print "" }
    /^(client|server)\/[^ ]+ [a-z-]+: tcp local=/' "$1" >"$1.steps"
  causal "$1.steps"
  shown=$(awk '
    NF == 0 { half = ""; print "" }
    NF > 0 && half != substr($1, 1, 6) { half = substr($1, 1, 6); printf half " " }
    NF > 0 { printf $2 " " }' "$1.steps" | sort -u)
  [ "${shown//$'\n'}" = "${order//$'\n'/ } " ]
}

# play_times NUMBER FILE: so many runs, one after the other.
play_times() {
  local n
  for ((n = 0; n < $1; n++)); do
    timeout 20 "$portolan" run 1 --port 0 --brief </dev/null 3>&- || return
    echo
  done >"$2"
}

# start_run [OPTION]...: in the background; its pid is in $pid, its output in
# $log, and `enter $log` is Enter.
start_run() {
  log=$BATS_TEST_TMPDIR/run.${#pids[@]}
  start "$log" "$portolan" run 1 --port 0 --brief "$@"
}

# enter_until NUMBER: Enter after Enter, until so many steps are shown.
enter_until() {
  local shown
  for ((shown = 1; shown < $1; shown++)); do
    wait_for_count "$shown" '^[cs]' "$log"
    enter "$log"
  done
  wait_for_count "$1" '^[cs]' "$log"
}

# fake HALF: the shell script on stdin is that half's program from now on, and
# what it was is beside it, as "real".
fake() {
  mv -n "$tree/build/$1/$pair" "$tree/build/$1/real"
  { echo '#!/bin/sh' && echo 'real=${0%/*}/real' && cat; } \
    >"$tree/build/$1/$pair.new"
  chmod +x "$tree/build/$1/$pair.new"
  mv "$tree/build/$1/$pair.new" "$tree/build/$1/$pair"
}

# real HALF: the program that it was.
real() {
  mv "$tree/build/$1/real" "$tree/build/$1/$pair"
}

# stranger: connects to the run that was started with --step, before its own
# client does, on descriptor 9.
stranger() {
  enter_until 3
  port=$(field local "$(step_line listen "$log")")
  exec 9<>"/dev/tcp/127.0.0.1/${port##*:}"
}

# enter_all: as if somebody leans on that key.
enter_all() {
  local n
  for n in {1..40}; do enter "$log"; done
}

# ---- the order -------------------------------------------------------------

@test "a hundred runs in a row show the same steps in the same causal order" {
  ours
  play_times 100 "$BATS_TEST_TMPDIR/runs"
  in_order "$BATS_TEST_TMPDIR/runs"
  nothing_left
}

@test "so do runs beside each other, while others take all of the processor" {
  ours
  for n in 1 2 3 4; do
    start "$BATS_TEST_TMPDIR/busy.$n" sh -c 'while :; do :; done'
  done
  play_times 15 "$BATS_TEST_TMPDIR/runs.1" 3>&- &
  pids+=("$!")
  play_times 15 "$BATS_TEST_TMPDIR/runs.2"
  finish "${pids[4]}"
  [ "$status" -eq 0 ]
  in_order "$BATS_TEST_TMPDIR/runs.1"
  in_order "$BATS_TEST_TMPDIR/runs.2"
}

@test "a half that is slow to tell is waited for" {
  own_tree
  for half in server client; do
    fake $half <<'END'
"$real" "$@" | while IFS= read -r line; do
  case $line in *' send: '* | *' shutdown: '* | *' close: '*) sleep 0.5 ;; esac
  printf '%s\n' "$line"
done
END
    timeout 60 "$portolan" run 1 --port 0 --brief </dev/null \
      >"$BATS_TEST_TMPDIR/run"
    in_order "$BATS_TEST_TMPDIR/run"
    real $half
  done
}

@test "the server is held until the client has sent all: it has not accepted" {
  needs pgrep
  [ -d /proc/self/fd ] || skip "this system has no /proc/PID/fd"
  ours
  start_run --step
  enter_until 7
  [[ $(tail -n 1 "$log") == *' send-rest: '* ]]
  server=$(pgrep -P "$pid" -o)
  run -0 find "/proc/$server/fd" -lname 'socket:*'
  [ "${#lines[@]}" -eq 1 ] # the listener
  enter_until $count
  enter "$log"
  finish "$pid"
  [ "$status" -eq 0 ]
}

# ---- what is shown ---------------------------------------------------------

@test "a run ends by itself where nobody can type, with --step and without" {
  ours
  for option in --plain --step; do
    run=$BATS_TEST_TMPDIR/run$option
    timeout 9 "$portolan" run 1 --port 0 $option </dev/null >"$run"
    in_order "$run"
    timeout 9 "$portolan" run 1 --port 0 $option <&- >"$run"
    in_order "$run"
  done
  nothing_left
}

@test "--step waits for Enter after each step" {
  ours
  start_run --step
  for n in $(seq $count); do
    wait_for_count "$n" '^[cs]' "$log"
    [ "$(grep -c '' "$log")" -eq "$n" ]
    enter "$log" 'any words'
  done
  finish "$pid"
  [ "$status" -eq 0 ]
  in_order "$log"
}

@test "more Enters than there are steps do no harm" {
  ours
  run -0 timeout 20 "$portolan" run 1 --port 0 --step < <(yes '' | head -n 30)
  echo "$output" >"$BATS_TEST_TMPDIR/run"
  in_order "$BATS_TEST_TMPDIR/run"
}

@test "--brief leaves out all but the step lines" {
  ours
  run -0 --separate-stderr timeout 20 "$portolan" run 1 --port 0 --brief \
    </dev/null
  [ "${#lines[@]}" -eq $count ]
  run ! grep -vE '^(server|client)/[^ ]+ [a-z-]+: tcp local=' <<<"$output"
  [ -z "$stderr" ]
  run -0 timeout 20 "$portolan" run 1 --port 0 </dev/null
  [ "${#lines[@]}" -gt $((3 * count)) ]
}

@test "each text is told once" {
  ours
  run -0 timeout 20 "$portolan" run 1 --port 0 </dev/null
  told=$(grep -vE '^$|^[0-9]+\. |^[a-z]+/[^ ]+ [a-z-]+: ' <<<"$output")
  [ "$(wc -l <<<"$told")" -gt $count ]
  [ -z "$(sort <<<"$told" | uniq -d)" ]
}

@test "the two ends see the same 4-tuple, at the port that was asked for" {
  ours
  own_block
  for words in '' "--port $((PORTOLAN_PORT_BASE + 32))"; do
    # shellcheck disable=SC2086 # none or two
    timeout 20 "$portolan" run 1 --brief $words </dev/null >"$BATS_TEST_TMPDIR/run"
    port=$((PORTOLAN_PORT_BASE + (${#words} > 0 ? 32 : 31)))
    connect=$(step_line connect "$BATS_TEST_TMPDIR/run")
    accept=$(step_line accept "$BATS_TEST_TMPDIR/run")
    [ "$(field local "$accept")" = "127.0.0.1:$port" ]
    [ "$(field remote "$connect")" = "127.0.0.1:$port" ]
    [ "$(field local "$connect")" = "$(field remote "$accept")" ]
  done
}

@test "the client calls where the server listens" {
  ours
  for host in 127.0.0.1 localhost 0.0.0.0; do
    timeout 20 "$portolan" run 1 --brief --port 0 --host $host </dev/null \
      >"$BATS_TEST_TMPDIR/run"
    in_order "$BATS_TEST_TMPDIR/run"
  done
  [[ $(step_line listen "$BATS_TEST_TMPDIR/run") == *' local=0.0.0.0:'* ]]
  [ "$(uname)" = Linux ] || skip "127.0.0.2 is Linux's"
  timeout 20 "$portolan" run 1 --brief --port 0 --host 127.0.0.2 </dev/null \
    >"$BATS_TEST_TMPDIR/run"
  in_order "$BATS_TEST_TMPDIR/run"
  [[ $(step_line connect "$BATS_TEST_TMPDIR/run") == *' remote=127.0.0.2:'* ]]
}

@test "what a half says beside its steps is shown as it is" {
  own_tree
  fake client <<'END'
echo "server/of nothing"
printf '%9000s\n' 'a line that is longer than any step'
exec "$real" "$@"
END
  run -0 timeout 20 "$portolan" run 1 --brief --port 0 </dev/null
  [[ $output == *$'\nserver/of nothing\n'* ]]
  echo "$output" >"$BATS_TEST_TMPDIR/run"
  in_order "$BATS_TEST_TMPDIR/run"
}

# ---- what goes wrong -------------------------------------------------------

@test "a port that is taken ends the run by name" {
  ours
  start "$BATS_TEST_TMPDIR/sock" "$BUILD/tests/sock" listen
  wait_for '[0-9]' "$BATS_TEST_TMPDIR/sock"
  run -1 --separate-stderr timeout 20 "$portolan" run 1 --brief \
    --port "$(<"$BATS_TEST_TMPDIR/sock")" </dev/null
  [[ $stderr == "bind: EADDRINUSE ("* ]]
  [ "${#lines[@]}" -eq 1 ]
  nothing_left
}

@test "a client that fails ends the server, too" {
  own_tree
  for end in 'exit 1' 'kill -KILL $$'; do
    echo "$end" # shown if the test fails
    fake client <<<"$end"
    run -1 timeout 20 "$portolan" run 1 --brief --port 0 </dev/null
    [ "$(steps <(echo "$output") | tail -n 1)" = close-listener ]
    nothing_left
  done
}

@test "a server that dies ends the client, too" {
  needs pgrep
  ours
  for n in 1 3 4 5 8 11 14 $count; do
    echo "after step $n" # shown if the test fails
    start_run --step
    enter_until "$n"
    kill -KILL "$(pgrep -o -P "$pid")" # the older one
    enter_all
    finish "$pid"
    [ "$status" -eq 1 ]
    none_left
  done
}

@test "a stranger who calls first is served, and then the run ends" {
  ours
  start_run --step
  stranger
  enter_all
  wait_for ' accept: ' "$log"
  echo hello >&9
  read -r -t 20 answer <&9
  [[ $answer == *" 6 bytes "* ]]
  exec 9>&-
  finish "$pid"
  [ "$status" -eq 1 ] # nobody served our client
  nothing_left
}

@test "what hangs is ended, and the run fails" {
  own_tree
  start_run --step
  stranger # who says nothing
  enter_all
  own_tree 2
  fake client <<<'while :; do sleep 1; done'
  start_run
  own_tree 3
  fake client <<<'exit 0' # without a call
  start_run
  own_tree 4
  fake server <<<'while :; do sleep 1; done'
  start_run
  for pid in "${pids[@]}"; do
    finish "$pid"
    [ "$status" -eq 1 ]
  done
  tree=$BATS_TEST_TMPDIR/tree
  nothing_left
}

@test "a lesson that is not built is an error that says so" {
  own_tree
  for half in client server; do
    rm "$tree/build/$half/$pair"
    run -1 --separate-stderr timeout 20 "$portolan" run 1 --port 0 </dev/null
    [ -n "$stderr" ]
    nothing_left
  done
  run -1 --separate-stderr timeout 20 "$portolan" server 1
  [ -n "$stderr" ]
}

@test "wrong use is told, and nothing is run" {
  ours
  for words in '' '99' 'first' '1 2' '1 --nonsense' '1 --clients 2' '-1' \
    '1 --port' '1 --host' '1 --lang xx' '1 --port 70000' '1 --port x' \
    '1 --host ::1'; do
    echo "run $words" # shown if the test fails
    # shellcheck disable=SC2086 # they are several words
    run -2 --separate-stderr timeout 20 "$portolan" run $words </dev/null
    [ -z "$output" ]
    [ -n "$stderr" ]
  done
}

@test "--port=N is the same as --port N" {
  ours
  run -0 timeout 20 "$portolan" run 1 --port=0 --host=127.0.0.1 </dev/null
}

# ---- when it is told to end ------------------------------------------------

@test "a signal after any step ends the run and leaves no process" {
  ours
  signals=(INT TERM HUP)
  for n in $(seq $count); do
    signal=${signals[n % 3]}
    start_run --step
    enter_until "$n"
    kill -"$signal" "$pid"
    finish "$pid"
    echo "$signal after $n steps: $status" # shown if the test fails
    [ "$status" -eq 130 ] || [ "$signal" != INT ]
    [ "$status" -ne 0 ]
    none_left
  done
}

@test "a signal at any moment leaves no process" {
  ours
  mkfifo "$BATS_TEST_TMPDIR/out"
  for n in {1..30}; do
    start "$BATS_TEST_TMPDIR/log.$n" bash -c 'exec "$@" >"$0"' \
      "$BATS_TEST_TMPDIR/out" "$portolan" run 1 --port 0 --brief
    {
      for ((k = 0; k < n % count; k++)); do read -r _; done
      kill -INT "$pid" || true
      cat
    } <"$BATS_TEST_TMPDIR/out" >/dev/null
    finish "$pid"
    [ "$status" -eq 130 ] || [ "$status" -eq 0 ] # it was done already
    none_left
  done
}

@test "a run that is killed has no chance, but its halves end by themselves" {
  ours
  for n in 4 7 11 16; do
    start_run --step
    enter_until "$n"
    kill -KILL "$pid"
    nothing_left
  done
}

@test "a run that was stopped goes on" {
  ours
  start_run --step
  enter_until 5
  kill -STOP "$pid"
  enter_all
  kill -CONT "$pid"
  finish "$pid"
  [ "$status" -eq 0 ]
  in_order "$log"
}

@test "a run whose reader has left ends, and leaves no process" {
  ours
  mkfifo "$BATS_TEST_TMPDIR/out"
  for k in 1 4 9; do
    log=$BATS_TEST_TMPDIR/run.$k
    start "$log" bash -c 'exec "$@" >"$0"' "$BATS_TEST_TMPDIR/out" \
      "$portolan" run 1 --port 0 --brief --step
    exec 9<"$BATS_TEST_TMPDIR/out"
    for _ in $(seq $k); do
      read -r -t 20 _ <&9
      enter "$log"
    done
    exec 9<&-
    for _ in {1..4}; do enter "$log"; done # not for all the steps to come
    finish "$pid"
    [ "$status" -eq 1 ]
    nothing_left
  done
}

@test "a full disk and no stdout at all end a run, and leave no process" {
  ours
  if [ -c /dev/full ]; then
    run -1 timeout 20 bash -c 'exec "$@" >/dev/full' \
      _ "$portolan" run 1 --port 0 </dev/null
    nothing_left
  fi
  run -1 timeout 20 bash -c 'exec "$@" >&-' \
    _ "$portolan" run 1 --port 0 </dev/null
  nothing_left
}

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper

pair=01-first-connection

# refuses STATUS PROGRAM [WORD]...: it ends with that exit status by itself,
# says why on stderr, and nothing on stdout.
refuses() {
  run "-$1" --separate-stderr timeout 20 "$BUILD/$2/$pair" "${@:3}"
  [ -z "$output" ]
  [ -n "$stderr" ]
}

# told LOG: the texts in that output, without titles, step lines and blanks.
told() {
  grep -vE '^$|^[0-9]+\. [a-z-]+$|^[a-z]+/[^ ]+ [a-z-]+: ' "$1"
}

# on_terminal COMMAND...: what it prints where stdout is a terminal.
on_terminal() {
  script -qec "$*" /dev/null </dev/null
}

# ---- wrong use -------------------------------------------------------------

@test "a port is a whole number from 0 to 65535" {
  for value in 65536 70000 4294967296 99999999999999999999 -1 +1 abc '' \
    '80 ' ' 80' 0x50 8e1 80.0; do
    echo "port '$value'" # shown if the test fails
    refuses 2 server --port "$value"
    refuses 2 client --port "$value"
    refuses 2 server "--port=$value"
  done
}

@test "nobody can be called at port 0" {
  refuses 2 client --port 0
}

@test "a number of clients is a whole number from 1 up" {
  for value in 0 -1 x '' ' 1' 1x 1.5 0x1 99999999999999999999; do
    echo "clients '$value'"
    refuses 2 server --clients "$value"
  done
}

@test "an option that does not exist is refused" {
  for side in server client; do
    for word in --nonsense --por --portable -x --step=yes --brief=1; do
      echo "$side $word"
      refuses 2 $side $word
    done
  done
  refuses 2 client --clients 1
}

@test "an option without its value is refused" {
  for word in --port --host --lang --hold; do
    echo "$word"
    refuses 2 server $word
    refuses 2 client $word
  done
  refuses 2 server --clients
}

@test "an argument too many is refused" {
  refuses 2 server hello
  refuses 2 client hello again
  refuses 2 client "$(printf '%1001s' x)" # and a long one
}

@test "a language or a step that does not exist is refused" {
  for value in xx '' EN en_US pt; do
    refuses 2 server --lang "$value"
    refuses 2 client --lang "$value"
  done
  for value in nonsense '' title; do
    refuses 2 server --hold "$value"
    refuses 2 client --hold "$value"
  done
  refuses 2 server --hold connect # that is a step of the client's
}

@test "a host that is no IPv4 address is refused" {
  for side in server client; do
    refuses 2 $side --host ''
    refuses 2 $side --host ::1
    refuses 2 $side --host fe80::1
  done
}

@test "a name that does not resolve is an error by name" {
  namespace # so that nobody outside is asked
  for side in server client; do
    run -1 --separate-stderr "${apart[@]}" timeout 60 \
      "$BUILD/$side/$pair" --host nobody.invalid
    [ -z "$output" ]
    [[ $stderr == "getaddrinfo: EAI_"* ]]
  done
}

@test "a bad PORTOLAN_PORT_BASE is refused" {
  for PORTOLAN_PORT_BASE in abc -1 0 1023 65437 70000 ' 6700'; do
    export PORTOLAN_PORT_BASE
    echo "base '$PORTOLAN_PORT_BASE'"
    refuses 2 server
    refuses 2 client
  done
}

# ---- what is asked for -----------------------------------------------------

@test "--help and --version tell on stdout and exit 0" {
  for side in server client; do
    for word in --help --version; do
      run -0 --separate-stderr timeout 20 "$BUILD/$side/$pair" $word
      [ -n "$output" ]
      [ -z "$stderr" ]
    done
  done
  for word in --port --host --clients --step --hold --brief --lang; do
    run -0 "$BUILD/server/$pair" --help
    [[ $output == *"$word"* ]]
    [[ $output != *'{'*'}'* ]] # every placeholder is filled in
  done
}

@test "the last of two equal options counts" {
  start_server $pair --clients=9 --clients=1
  call_server $pair
  finish "$server"
  [ "$status" -eq 0 ]
}

@test "--host takes a name" {
  start_server $pair
  call_server $pair --host localhost
}

@test "--brief prints step lines only" {
  start_server $pair --brief --clients 1
  call_server $pair --brief
  finish "$server"
  form='^(server|client)/01-first-connection [a-z-]+: tcp local=[0-9.]+:[0-9]+'
  form+=' remote=([0-9.]+:[0-9]+|-) state=([A-Z0-9-]+)'
  form+='( bytes=[0-9]+ data=".*"(\.\.\.)?)?$'
  run ! grep -vE "$form" "$server_log" "$client_log"
  [ ! -s "$server_log.err" ]
  [ ! -s "$client_log.err" ]
}

@test "step lines are the same with and without --brief" {
  start_server $pair --clients 2
  call_server $pair
  first=$(steps "$client_log")
  call_server $pair --brief
  [ "$(steps "$client_log")" = "$first" ]
  finish "$server"
}

@test "--step waits for Enter after each step, and for no more than Enter" {
  start_server $pair --clients 1
  start_client $pair --step
  n=0
  for name in socket connect send send-rest recv shutdown recv-end close; do
    wait_for " $name: " "$client_log"
    n=$((n + 1))
    [ "$(steps "$client_log" | wc -l)" -eq $n ]
    enter "$client_log" 'any words'
  done
  finish "$client"
  [ "$status" -eq 0 ]
}

@test "--hold waits after that step only" {
  start_server $pair
  start_client $pair --hold send
  wait_for ' send: ' "$client_log"
  [ "$(steps "$client_log" | tail -n 1)" = send ]
  enter "$client_log"
  finish "$client"
  [ "$status" -eq 0 ]
}

@test "--step goes on by itself where nobody can type" {
  start_server $pair
  run -0 timeout 20 "$BUILD/client/$pair" --port "$port" --step </dev/null
}

# ---- texts and languages ---------------------------------------------------

@test "each step tells its text once, in the language asked for" {
  for language in en pt-BR; do
    page=lessons/$pair/README.md
    [ $language = en ] || page=lessons/$pair/README.pt-BR.md
    start_server $pair --clients 2 --lang $language
    call_server $pair --lang $language
    call_server $pair --lang $language
    finish "$server"
    for log in "$server_log" "$client_log"; do
      program=$(grep -m 1 -oE '^(server|client)/[^ ]+' "$log")
      for name in $(steps "$log" | sort -u); do
        echo "$language $program $name" # shown if the test fails
        text=$(text_under "step $program $name" $page)
        [ -n "$text" ]
        [[ $(told "$log") == *"$text"* ]]
      done
      [ -z "$(told "$log" | sort | uniq -d)" ]
    done
  done
}

@test "the language is that of --lang, LC_ALL, LC_MESSAGES, LANG, in this order" {
  english=$("$BUILD/client/$pair" --lang en --help)
  portuguese=$("$BUILD/client/$pair" --lang pt-BR --help)
  [ "$english" != "$portuguese" ]
  unset LC_ALL

  # help LANG LC_MESSAGES LC_ALL [OPTION]...
  help() {
    env LANG="$1" LC_MESSAGES="$2" LC_ALL="$3" \
      "$BUILD/client/$pair" "${@:4}" --help
  }
  br=pt_BR.UTF-8 us=en_US.UTF-8
  [ "$(help '' '' '')" = "$english" ]
  [ "$(help C C C)" = "$english" ]
  [ "$(help fr_FR.UTF-8 '' '')" = "$english" ]
  [ "$(help $br '' '')" = "$portuguese" ]
  [ "$(help $br $us '')" = "$english" ]
  [ "$(help $us $br '')" = "$portuguese" ]
  [ "$(help $us $us $br)" = "$portuguese" ]
  [ "$(help $br $br $us)" = "$english" ]
  [ "$(help $br $br $br --lang en)" = "$english" ]
  [ "$(help $us $us $us --lang=pt-BR)" = "$portuguese" ]
  run -0 "$BUILD/client/$pair" --help
  [ "$output" = "$english" ] # nothing is set
}

@test "what is wrong is told in the language asked for, wherever --lang stands" {
  for words in '--nonsense --lang pt-BR' '--lang pt-BR --nonsense'; do
    # shellcheck disable=SC2086 # they are several words
    refuses 2 client $words
    portuguese=$stderr
    refuses 2 client --nonsense
    [ "$stderr" != "$portuguese" ]
  done
}

# ---- where the output goes -------------------------------------------------

@test "a program whose reader has left ends by itself" {
  log=$BATS_TEST_TMPDIR/server
  mkfifo "$log.out"
  start "$log" bash -c 'exec "$1" --port 0 --brief >"$2"' \
    _ "$BUILD/server/$pair" "$log.out"
  timeout 20 head -n 3 "$log.out" >"$log.head" # and then head is gone
  port=$(field local "$(step_line listen "$log.head")")
  exec 9<>"/dev/tcp/127.0.0.1/${port##*:}" # something to tell
  finish "$pid"
  [ "$status" -eq 1 ]
  [[ $(<"$log.err") == "stdout: EPIPE ("* ]]
}

@test "a full disk ends a program" {
  [ -c /dev/full ] || skip "this system has no /dev/full"
  for side in server client; do
    run -1 --separate-stderr timeout 20 bash -c 'exec "$@" >/dev/full' \
      _ "$BUILD/$side/$pair" --port 1024
    [[ $stderr == "stdout: ENOSPC ("* ]]
    run -1 timeout 20 bash -c 'exec "$@" >/dev/full' \
      _ "$BUILD/$side/$pair" --help
  done
}

@test "no stdout at all ends a program, too" {
  for side in server client; do
    run -1 --separate-stderr timeout 20 bash -c 'exec "$@" >&-' \
      _ "$BUILD/$side/$pair" --port 1024
    [[ $stderr == "stdout: E"* ]]
  done
}

@test "no escape byte goes into a pipe" {
  export TERM=xterm
  start_server $pair --clients 1
  call_server $pair
  finish "$server"
  run ! grep -q $'\e' "$server_log" "$client_log"
}

@test "a terminal gets colour, and the step line is whole between it" {
  needs script
  export TERM=xterm
  start_server $pair
  run -0 on_terminal "$BUILD/client/$pair" --port "$port"
  [[ $output == *$'\e['*m* ]]
  sed $'s/\e\\[[0-9;]*m//g; s/\r$//' <<<"$output" >"$BATS_TEST_TMPDIR/plain"
  call_server $pair
  [ "$(steps "$BATS_TEST_TMPDIR/plain")" = "$(steps "$client_log")" ]
  run -0 step_line recv "$BATS_TEST_TMPDIR/plain"
  [[ $output == *'\n"' ]]
}

@test "NO_COLOR and a dumb terminal get no colour" {
  needs script
  start_server $pair
  TERM=xterm NO_COLOR=1 run -0 on_terminal "$BUILD/client/$pair" --port "$port"
  [[ $output != *$'\e'* ]]
  TERM=dumb run -0 on_terminal "$BUILD/client/$pair" --port "$port"
  [[ $output != *$'\e'* ]]
}

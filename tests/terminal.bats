# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper
load portolan

# A tmux server of our own, with no configuration, for all tests of this file.
setup_file() {
  export TMUX_TMPDIR=$BATS_FILE_TMPDIR
  unset TMUX
}

teardown_file() {
  tmux -L portolan kill-server 2>/dev/null || true
}

in_tmux() {
  tmux -u -L portolan -f /dev/null "$@" 3>&-
}

# window COLUMNS COMMAND...: runs it in a terminal of its own, so many columns
# wide and 24 high, in a folder where ./portolan is ours.
window() {
  local columns=$1
  needs tmux
  shift
  over=$BATS_TEST_TMPDIR/window.$((++windows))
  # tmux tells programs that it is a "screen"; the words go through a shell
  {
    printf '%q ' export "LC_ALL=${locale:-C.UTF-8}" "TERM=${term:-screen}"
    printf '\ncd %q && stty -g >%q\n' "$BATS_TEST_TMPDIR" "$over.before"
    printf '%q ' "$@"
    printf '\necho $? >%q\n' "$over.status"
    printf 'stty -g >%q\n' "$over.after"
    printf 'touch %q\nexec sleep 100\n' "$over"
  } >"$over.sh"
  pane=$(in_tmux new-session -d -P -F '#{pane_id}' -x "$columns" -y 24 \
    bash "$over.sh")
}

# done_there: until the command has ended; leaves its exit status in $status.
done_there() {
  wait_until test -e "$over"
  status=$(<"$over.status")
}

# type_there KEY...: Enter, C-c
type_there() {
  in_tmux send-keys -t "$pane" "$@"
}

# seen [OPTION]...: what that terminal has shown, from the beginning.
seen() {
  in_tmux capture-pane -t "$pane" -p -S - "$@"
}

# nothing_wraps: every line fits into the terminal.
nothing_wraps() {
  [ -n "$(seen)" ]
  diff <(seen) <(seen -J | sed 's/ *$//')
}

# drawn: the steps in a drawing on stdin, in ASCII or not.
drawn() {
  sed -nE -e 's/^ *([a-z-]+) (\+|┤) .*/\1/p' \
    -e 's/^ +(\||│).* (\+|├) ([a-z-]+).*/\3/p'
}

# has_drawn NUMBER: so many steps are there.
has_drawn() {
  [ "$(seen | drawn | wc -l)" -ge "$1" ]
}

# asked NUMBER: so many steps are there, and below them it asks for Enter.
asked() {
  has_drawn "$1" && [[ $(seen | grep .) == *$'\n[Enter]' ]]
}

# captured COMMAND...: the bytes that it writes to a terminal, in $raw.
captured() {
  needs script
  raw=$BATS_TEST_TMPDIR/raw
  script -qec "$*" /dev/null </dev/null 3>&- >"$raw.cr"
  tr -d '\r' <"$raw.cr" >"$raw"
}

# masked FILE: without what is new in each run.
masked() {
  sed -E -e 's/:[0-9]{4,5}/:PORT/g' -e 's/FIN-WAIT-[12]/FIN-WAIT/' "$1"
}

steps_of_lesson_1=18

# ---- text that fits --------------------------------------------------------

@test "text is broken at spaces only, and where it must be" {
  driver=$BUILD/tests/screen_driver
  for page in lessons/01-first-connection/README{,.pt-BR}.md; do
    for width in 1 2 7 20 38 44 76 500; do
      echo "$page $width" # shown if the test fails
      "$driver" break $width <"$page" >"$BATS_TEST_TMPDIR/broken"
      diff <(tr -s ' \n' '\n' <"$page" | grep .) \
        <(tr -s ' \n' '\n' <"$BATS_TEST_TMPDIR/broken" | grep .)
      "$driver" measure <"$BATS_TEST_TMPDIR/broken" >"$BATS_TEST_TMPDIR/lines"
      sed 's/ .*//' "$BATS_TEST_TMPDIR/broken" >"$BATS_TEST_TMPDIR/firsts"
      "$driver" measure <"$BATS_TEST_TMPDIR/firsts" >"$BATS_TEST_TMPDIR/words"
      # Only a single word may be too long, and no line has had room for the
      # first word of the next one.
      paste "$BATS_TEST_TMPDIR/lines" "$BATS_TEST_TMPDIR/words" |
        awk -v width=$width '$1 > width && $1 != $2 { exit 1 }
          NR > 1 && last + 1 + $2 <= width { exit 1 }
          { last = $1 }'
    done
  done
}

@test "a character takes one column, an escape sequence none" {
  run -0 "$BUILD/tests/screen_driver" measure \
    <<<$'ol\303\241, voc\303\252\n\e[1;7m*\342\206\224\e[0m\n\n\342\224\202\342\224\200\342\226\266'
  [ "$output" = $'9\n2\n0\n3' ]
}

# ---- a run, drawn ----------------------------------------------------------

@test "a run fits into 80 columns, in both languages and with any port" {
  ours
  own_block
  for words in '' '--lang pt-BR' '--port 0' '--port 0 --brief --lang pt-BR'; do
    for locale in C C.UTF-8; do
      echo "$locale $words" # shown if the test fails
      # shellcheck disable=SC2086 # they are several words
      window 80 ./portolan run 1 $words
      done_there
      [ "$status" -eq 0 ]
      [ "$(seen | drawn | wc -l)" -eq $steps_of_lesson_1 ]
      nothing_wraps
    done
  done
}

@test "a run is a list in a window of 40 columns, and fits there, too" {
  ours
  for words in '' '--lang pt-BR'; do
    # shellcheck disable=SC2086 # they are several words
    window 40 ./portolan run 1 --port 0 $words
    done_there
    [ "$status" -eq 0 ]
    nothing_wraps
    [ "$(seen | grep -cE '^[0-9]+\. (server|client): [a-z-]+$')" -eq \
      $steps_of_lesson_1 ]
  done
}

@test "in a wide window the texts stand beside the drawing" {
  ours
  window 80 ./portolan run 1 --port 0
  done_there
  narrow=$(seen | grep -c .)
  for words in '' '--lang pt-BR'; do
    # shellcheck disable=SC2086 # they are several words
    window 140 ./portolan run 1 --port 0 $words
    done_there
    [ "$status" -eq 0 ]
    nothing_wraps
    [ "$(seen | drawn | wc -l)" -eq $steps_of_lesson_1 ]
    [ "$(seen | grep -c .)" -lt "$narrow" ]
    # where there is a text, there is none of it between the lifelines
    seen | LC_ALL=C.UTF-8 awk 'length($0) > 85 { beside++ } END { exit beside < 20 }'
  done
}

@test "the same steps are drawn in ASCII, in UTF-8 and with colour" {
  ours
  for locale in C C.UTF-8 pt_BR.UTF-8; do
    for term in dumb screen; do
      window 100 ./portolan run 1 --port 0
      done_there
      seen | drawn >"$BATS_TEST_TMPDIR/$locale.$term"
      cmp "$BATS_TEST_TMPDIR/C.dumb" "$BATS_TEST_TMPDIR/$locale.$term"
    done
  done
  timeout 20 "$portolan" run 1 --port 0 </dev/null >"$BATS_TEST_TMPDIR/plain"
  steps "$BATS_TEST_TMPDIR/plain" | cmp - "$BATS_TEST_TMPDIR/C.dumb"
}

@test "nothing but ASCII is drawn where the locale is not UTF-8" {
  ours
  export NO_COLOR=1
  unset LC_ALL
  for setting in LC_ALL=C LC_ALL=POSIX LC_ALL=pt_BR LANG=en_US.ISO-8859-1 \
    LANG= 'LANG=C.UTF-8 LC_CTYPE=C' 'LC_CTYPE=C.UTF-8 LC_ALL=C'; do
    echo "$setting" # shown if the test fails
    captured env "$setting" "$portolan" run 1 --port 0 --lang en
    [ "$(drawn <"$raw" | wc -l)" -eq $steps_of_lesson_1 ]
    [ -z "$(tr -d '\000-\177' <"$raw")" ]
  done
  for setting in LC_ALL=C.UTF-8 LANG=en_US.utf8 'LANG=C LC_CTYPE=C.UTF-8'; do
    echo "$setting"
    captured env "$setting" "$portolan" run 1 --port 0 --lang en
    [ "$(drawn <"$raw" | wc -l)" -eq $steps_of_lesson_1 ]
    grep -q '├' "$raw"
  done
}

@test "colour is for terminals that have it, and never alone" {
  ours
  export TERM=xterm
  captured "$portolan" run 1 --port 0
  grep -q $'\e\\[1;7m\\*127' "$raw" # the star says the same as the colour
  cp "$raw" "$raw.colour"
  for setting in NO_COLOR=1 TERM=dumb '-u TERM'; do
    captured env "$setting" "$portolan" run 1 --port 0
    run ! grep -q $'\e' "$raw"
    diff <(masked "$raw") <(sed $'s/\e\\[[0-9;]*m//g' "$raw.colour" >"$raw.no" &&
      masked "$raw.no")
  done
  NO_COLOR='' captured "$portolan" run 1 --port 0 # empty is not set
  grep -q $'\e' "$raw"
}

@test "--plain draws nothing, and tells the same as a pipe" {
  ours
  export TERM=xterm LC_ALL=C.UTF-8
  captured "$portolan" run 1 --port 0 --plain
  run ! grep -q $'\e' "$raw"
  [ -z "$(tr -d '\000-\177' <"$raw")" ]
  timeout 20 "$portolan" run 1 --port 0 </dev/null >"$BATS_TEST_TMPDIR/pipe"
  diff <(masked "$raw") <(masked "$BATS_TEST_TMPDIR/pipe")
}

@test "--draw draws into a pipe, without colour" {
  ours
  export TERM=xterm LC_ALL=C.UTF-8
  NO_COLOR=1 captured "$portolan" run 1 --port 0
  timeout 20 "$portolan" run 1 --port 0 --draw </dev/null >"$BATS_TEST_TMPDIR/pipe"
  diff <(masked "$raw") <(masked "$BATS_TEST_TMPDIR/pipe")
}

@test "the language is the locale's" {
  ours
  captured env LC_ALL=en_US.UTF-8 "$portolan" run 1 --port 0
  masked "$raw" >"$BATS_TEST_TMPDIR/english"
  captured env LC_ALL=en_US.UTF-8 "$portolan" run 1 --port 0 --lang pt-BR
  masked "$raw" >"$BATS_TEST_TMPDIR/portuguese"
  captured env LC_ALL=pt_BR.UTF-8 "$portolan" run 1 --port 0
  masked "$raw" | cmp - "$BATS_TEST_TMPDIR/portuguese"
  run ! cmp -s "$BATS_TEST_TMPDIR/english" "$BATS_TEST_TMPDIR/portuguese"
}

# ---- keys ------------------------------------------------------------------

@test "--step waits for Enter, and what is typed leaves no trace" {
  ours
  window 80 "$portolan" run 1 --port 0 --step
  for n in $(seq $steps_of_lesson_1); do
    wait_until asked "$n"
    [ "$(seen | drawn | wc -l)" -eq "$n" ]
    type_there Enter
  done
  done_there
  [ "$status" -eq 0 ]
  run ! grep Enter <(seen)
}

@test "--step without colour keeps its prompts, and fits" {
  ours
  window 80 env NO_COLOR=1 ./portolan run 1 --port 0 --step
  for n in $(seq $steps_of_lesson_1); do
    wait_until asked "$n"
    type_there Enter
  done
  done_there
  [ "$status" -eq 0 ]
  [ "$(seen | grep -cx '\[Enter\]')" -eq $steps_of_lesson_1 ]
  nothing_wraps
}

@test "Enter that comes too early erases nothing" {
  ours
  for setting in NO_COLOR= NO_COLOR=1; do
    window 80 env $setting ./portolan run 1 --port 0 --step
    wait_until press_enter
    done_there
    [ "$status" -eq 0 ]
    [ "$(seen | drawn | wc -l)" -eq $steps_of_lesson_1 ]
    nothing_wraps
  done
}

# press_enter: as if somebody leans on that key. Has the command ended?
press_enter() {
  type_there Enter Enter Enter Enter Enter
  test -e "$over"
}

@test "Ctrl-C after any step leaves the terminal as it was, and no process" {
  ours
  for n in 1 3 5 7 8 12 14 16 18; do
    window 80 "$portolan" run 1 --port 0 --step
    for k in $(seq 2 $n); do
      wait_until has_drawn $((k - 1))
      type_there Enter
    done
    wait_until has_drawn "$n"
    type_there C-c
    done_there
    echo "after $n steps: $status" # shown if the test fails
    [ "$status" -eq 130 ]
    cmp "$over.before" "$over.after"
    none_left
  done
}

@test "Ctrl-C ends a run that waits for its halves, too" {
  own_tree
  printf '%s\n' '#!/bin/sh' 'while :; do sleep 1; done' \
    >"$tree/build/client/01-first-connection"
  window 80 "$portolan" run 1 --port 0
  wait_until has_drawn 3
  type_there C-c
  done_there
  [ "$status" -eq 130 ]
  cmp "$over.before" "$over.after"
  none_left
}

@test "a terminal that goes away takes the run with it" {
  ours
  window 80 "$portolan" run 1 --port 0 --step
  wait_until has_drawn 1
  type_there Enter
  wait_until has_drawn 2
  in_tmux kill-pane -t "$pane"
  nothing_left
}

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper
load portolan

# All of this happens in an installation of our own ($tree), so that nobody's
# my/ is touched. 1-greeting starts from the shipped pair, 2-lost-bytes is a bug
# hunt: its start.patch breaks the pair.
pair=01-first-connection
greeting=$pair/1-greeting
bug_hunt=$pair/2-lost-bytes

# A check that never ends by itself takes its time: it begins here, and the last
# test of this file looks how it ended.
setup_file() {
  cd "${BATS_TEST_DIRNAME}/.." || return
  BUILD=${BUILD:-build} BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
  own_tree
  printf '%s\n' '@test "hangs" {' 'trap "" TERM; while :; do sleep 1; done' '}' \
    >"$tree/lessons/$pair/exercises/1-greeting/check.bats"
  "$portolan" start 1 1 >/dev/null
  {
    status=0
    "$portolan" check 1 1 || status=$?
    echo $status >"$tree/status"
  } </dev/null >"$tree/log" 2>&1 3>&- &
}

# in_my NAME: a file or folder of the learner's.
in_my() {
  echo "$tree/my/$1"
}

# progress EXERCISE NAME: what my/progress says: "3" for tries.
progress() {
  sed -nE "s|^$1 .*$2=([^ ]*).*|\\1|p" "$(in_my progress)"
}

# progress_is EXERCISE NAME VALUE
progress_is() {
  [ -e "$(in_my progress)" ] && [ "$(progress "$1" "$2")" = "$3" ]
}

# says STATUS COMMAND...: portolan ends so, in time, and says something.
says() {
  run "-$1" --separate-stderr timeout 60 "$portolan" "${@:2}" </dev/null 3>&-
  [ -n "$output$stderr" ]
}

# text PAGE MARKER: what stands under it.
text() {
  awk -v marker="<!-- $2 -->" '
    $0 == "<!-- end -->" { inside = 0 }
    inside
    $0 == marker { inside = 1 }' "$1"
}

# page_of EXERCISE [.pt-BR]
page_of() {
  echo "lessons/${1%/*}/exercises/${1#*/}/README$2.md"
}

# small_disk: makes ready for on_small_disk, which runs $BATS_TEST_TMPDIR/script
# in the tree, where it may mount a file system of its own.
small_disk() {
  needs unshare mount
  unshare -rm true 2>/dev/null || skip "this system gives us no namespace"
  own_tree
  mkdir "$tree/my"
}

on_small_disk() {
  unshare -rm bash -c 'cd "$1" && . "$2"' _ "$tree" "$BATS_TEST_TMPDIR/script"
}

# same_pair EXERCISE: is the copy the shipped pair?
same_pair() {
  cmp "server/$pair.c" "$(in_my "$1/server.c")" &&
    cmp "client/$pair.c" "$(in_my "$1/client.c")"
}

# start_watch EXERCISE: in the background, to its first verdict.
start_watch() {
  log=$BATS_TEST_TMPDIR/watch
  start "$log" "$portolan" watch 1 "$1"
}

# ---- the list --------------------------------------------------------------

@test "the list shows each lesson and exercise, and which of them is passed" {
  own_tree
  says 0 list
  for name in $pair 1-greeting 2-lost-bytes 3-two-at-once; do
    [[ $output == *"$name"* ]]
  done
  [[ $output != *'[x]'* ]]
  english=$output
  says 0
  [ "$output" = "$english" ]
  says 0 --lang pt-BR
  [ "$output" != "$english" ]

  mkdir "$tree/my"
  echo "$bug_hunt tries=2 hints=0 passed=2026-03-01" >"$(in_my progress)"
  says 0 list
  [ "$(grep -cF '[x]' <<<"$output")" -eq 1 ]
  grep -F '[x] 2-lost-bytes' <<<"$output"
  [[ $output == *"start 1 1"* ]]
  echo "$greeting tries=0 hints=0 passed=2026-03-01" >>"$(in_my progress)"
  says 0 list
  [[ $output == *"start 1 3"* ]]
}

# ---- start and reset -------------------------------------------------------

@test "start copies the pair, or its broken twin" {
  own_tree
  says 0 start 1 1
  same_pair $greeting
  says 0 start 1 2
  run ! same_pair $bug_hunt
  says 0 start 1 3-two-at-once
  same_pair $pair/3-two-at-once
  [ "$(find "$tree/my" -type f | wc -l)" -eq 6 ]
}

@test "start takes the first exercise that is not passed" {
  own_tree
  mkdir "$tree/my"
  echo "$greeting tries=0 hints=0 passed=2026-03-01" >"$(in_my progress)"
  says 0 start 1
  [ -e "$(in_my $bug_hunt/server.c)" ]
  [ ! -e "$(in_my $greeting)" ]
}

@test "start overwrites nothing" {
  own_tree
  for file in server.c client.c; do
    mkdir -p "$(in_my $greeting)"
    echo mine >"$(in_my "$greeting/$file")"
    says 1 start 1 1
    [ "$(<"$(in_my "$greeting/$file")")" = mine ]
    [ "$(find "$tree/my" -type f | wc -l)" -eq 1 ]
    rm -r "$(in_my $greeting)"
  done
}

@test "start on a full disk leaves nothing half done, and says so" {
  small_disk
  cat >"$BATS_TEST_TMPDIR/script" <<'END'
for pages in 1 2 3 4 5 6 7 8; do
  mount -t tmpfs -o size=$((pages * 4))k tmpfs my || exit 99
  status=0
  ./portolan start 1 1 >out 2>err </dev/null || status=$?
  echo "$pages $status $(find my -type f | wc -l) $(wc -l <err)"
  umount my
done
END
  run -0 on_small_disk
  echo "$output" # shown if the test fails
  [ "${lines[0]}" = '1 1 0 1' ] # no file, one line that says why
  [ "${lines[7]}" = '8 0 2 0' ]
  run ! grep -vE '^[0-9] (1 0 1|0 2 0)$' <<<"$output"
}

@test "reset goes back to the start and keeps what was there" {
  own_tree
  says 0 start 1 2
  cp "$(in_my $bug_hunt/server.c)" "$BATS_TEST_TMPDIR/server.c"
  cp "$(in_my $bug_hunt/client.c)" "$BATS_TEST_TMPDIR/client.c"
  for try in .mine .mine-2 .mine-3; do
    echo "try $try" >>"$(in_my $bug_hunt/server.c)"
    says 0 reset 1 2
    cmp "$BATS_TEST_TMPDIR/server.c" "$(in_my $bug_hunt/server.c)"
    [ "$(tail -n 1 "$(in_my $bug_hunt/server.c$try)")" = "try $try" ]
  done
  cmp "$BATS_TEST_TMPDIR/client.c" "$(in_my $bug_hunt/client.c)"
  [ ! -e "$(in_my $bug_hunt/client.c.mine)" ] # it was not changed

  rm "$(in_my $bug_hunt/client.c)"
  says 0 reset 1 2
  cmp "$BATS_TEST_TMPDIR/client.c" "$(in_my $bug_hunt/client.c)"
}

# ---- hints and solutions ---------------------------------------------------

@test "hints come one after the other, and then stay" {
  own_tree
  for language in en pt-BR; do
    page=$(page_of $greeting "$([ $language = en ] || echo .pt-BR)")
    for n in 1 2 3 3; do
      says 0 hint 1 1 --lang $language
      progress_is $greeting hints "$n"
      for k in 1 2 3; do
        hint=$(text "$page" "hint $k")
        [ -n "$hint" ]
        if ((k <= n)); then
          [[ $output == *"$hint"* ]]
        else
          [[ $output != *"$hint"* ]]
        fi
      done
    done
    rm "$(in_my progress)"
  done
}

@test "the solution is for those who have tried, or want it anyway" {
  own_tree
  says 1 solution 1 1
  [[ $output != *@@* ]]
  says 0 solution 1 1 --anyway
  [[ $output == *@@*"$(text "$(page_of $greeting)" "text $greeting why")"* ]]
  solution=$output

  mkdir -p "$tree/my"
  for done in 'tries=2 hints=3 passed=' 'tries=3 hints=0 passed=' \
    'tries=0 hints=0 passed=2026-03-01'; do
    echo "$greeting $done" >"$(in_my progress)"
    if [[ $done == tries=2* ]]; then
      says 1 solution 1 1
      [[ $output != *@@* ]]
    else
      says 0 solution 1 1
      [ "$output" = "$solution" ]
    fi
  done
}

@test "solution --write puts it into the copy, and yours is kept" {
  own_tree
  says 0 start 1 2
  cp "$(in_my $bug_hunt/server.c)" "$BATS_TEST_TMPDIR/server.c"
  says 1 solution 1 2 --write
  cmp "$BATS_TEST_TMPDIR/server.c" "$(in_my $bug_hunt/server.c)"
  says 0 solution 1 2 --write --anyway
  same_pair $bug_hunt # a bug hunt's solution is the shipped pair
  cmp "$BATS_TEST_TMPDIR/server.c" "$(in_my $bug_hunt/server.c.mine)"

  says 0 solution 1 1 --anyway --write # without a start, too
  run ! same_pair $greeting
}

# ---- check -----------------------------------------------------------------

@test "check wants a copy, and makes none" {
  own_tree
  says 1 check 1 1
  [ -n "$stderr" ]
  says 1 watch 1 1
  [ ! -e "$tree/my" ]
}

@test "a copy that does not compile is shown what the compiler says" {
  own_tree
  says 0 start 1 1
  echo 'int twice(void) { return nonsense; }' >>"$(in_my $greeting/client.c)"
  says 1 check 1 1
  [[ $output == *client.c:*nonsense* ]]
  progress_is $greeting tries 1
  [ ! -e "$(in_my $greeting/.build/client)" ]
  says 1 run 1 --mine 1
}

@test "what does not pass is counted, what passes is dated" {
  own_tree
  says 0 start 1 1
  for n in 1 2 3; do
    says 1 check 1 1
    progress_is $greeting tries $n
    progress_is $greeting passed ''
    offered=$([[ $output == *"hint 1 1"* ]] && echo yes || echo no)
    [ "$offered" = "$([ $n -lt 3 ] && echo no || echo yes)" ]
  done
  says 0 solution 1 1 --write
  today=$(date +%Y-%m-%d)
  says 0 check 1 1
  progress_is $greeting passed "$today" || progress_is $greeting passed "$(date +%Y-%m-%d)"
  progress_is $greeting tries 3

  says 0 reset 1 1
  says 1 check 1 1 # once passed is passed
  progress_is $greeting tries 4
  run ! progress_is $greeting passed ''
}

@test "a check tells expected and found, in both languages" {
  own_tree
  says 0 start 1 1
  for language in en pt-BR; do
    page=$(page_of $greeting "$([ $language = en ] || echo .pt-BR)")
    says 1 check 1 1 --lang $language
    for key in greets-each-by-its-address says-its-own-words; do
      sentence=$(text "$page" "check $key" | tr '\n' ' ')
      [[ $output == *"${sentence% }"* ]]
    done
    [[ $output == *'Welcome, 127.0.0.1:'*'I am 127.0.0.1:'* ]]
  done
}

@test "a program that hangs is ended, and so is its check" {
  own_tree
  says 0 start 1 1
  echo '#include <signal.h>
    int main(void) { for (int i = 1; i < 32; i++) signal(i, SIG_IGN); for (;;); }' \
    >"$(in_my $greeting/server.c)"
  says 1 check 1 1
  progress_is $greeting tries 1
  nothing_left
}

@test "a program that floods is ended, and so is its check" {
  own_tree
  says 0 start 1 1
  for file in server.c client.c; do
    echo '#include <stdio.h>
      int main(void) { for (;;) puts("flood"); }' >"$(in_my $greeting/$file)"
  done
  says 1 check 1 1
  [ "${#output}" -lt 4000 ]
  nothing_left
}

@test "a check that floods is ended" {
  own_tree
  says 0 start 1 1
  echo '@test "floods" { yes >&3; }' \
    >"$tree/lessons/$pair/exercises/1-greeting/check.bats"
  says 1 check 1 1
  progress_is $greeting tries 1
  nothing_left
}

@test "Ctrl-C ends a check at any moment, and it does not count" {
  own_tree
  says 0 start 1 1
  echo 'int main(void) { for (;;); }' >"$(in_my $greeting/server.c)"
  for signal in INT TERM HUP; do
    log=$BATS_TEST_TMPDIR/check.$signal
    start "$log" "$portolan" check 1 1
    wait_until test -e "$(in_my $greeting/.build/client)"
    wait_until test -e "$(in_my $greeting/.build/server)"
    kill -$signal "$pid"
    finish "$pid"
    [ "$status" -eq 130 ]
    nothing_left
    rm -r "$(in_my $greeting/.build)"
  done
  [ ! -e "$(in_my progress)" ]

  for signal in TERM HUP; do # when it has just begun
    start "$BATS_TEST_TMPDIR/early.$signal" "$portolan" check 1 1
    kill -$signal "$pid"
    finish "$pid"
    [ "$status" -gt 126 ] # bash may have lost it: 127
    nothing_left
  done
}

@test "--mine runs the copy as it was built" {
  own_tree
  says 0 start 1 1
  says 1 run 1 --mine 1 # not built
  says 1 server 1 --mine 1
  says 0 solution 1 1 --anyway --write
  says 0 check 1 1
  says 0 run 1 --mine 1 --port 0
  [[ $output == *'data="Welcome, 127.0.0.1:'* ]]
  says 0 run 1 --port 0
  [[ $output != *Welcome* ]]
  nothing_left

  start "$BATS_TEST_TMPDIR/server" "$portolan" server 1 --mine 1 --port 0 \
    --clients 1
  wait_for ' listen: ' "$BATS_TEST_TMPDIR/server"
  port=$(field local "$(step_line listen "$BATS_TEST_TMPDIR/server")")
  says 0 client 1 --mine 1 --port "${port##*:}"
  [[ $output == *'data="Welcome, 127.0.0.1:'* ]]
  for words in 'run 1 --mine 9' 'server 1 --mine 9' 'client 1 --mine x'; do
    # shellcheck disable=SC2086 # they are several words
    says 2 $words
  done
}

# ---- my/progress -----------------------------------------------------------

@test "my/progress is changed in one line, whatever else is in it" {
  own_tree
  mkdir "$tree/my"
  printf '%s\n' '# notes of mine' '' "$bug_hunt tries=7 hints=1 passed=" \
    "${greeting}x tries=9 hints=9 passed=2020-01-01" 'garbage = \0 %s' \
    "$greeting tries=1 hints=2 passed=" \
    '99-lesson-to-come/1-new tries=1 hints=0 passed=2020-01-01' \
    "$(printf '%5000s' long)" >"$(in_my progress)"
  cp "$(in_my progress)" "$BATS_TEST_TMPDIR/before"
  says 0 hint 1 1
  grep -v "^$greeting " "$BATS_TEST_TMPDIR/before" |
    diff - <(grep -v "^$greeting " "$(in_my progress)")
  grep -x "$greeting tries=1 hints=3 passed=" "$(in_my progress)"
}

@test "a line that is not whole says nothing, and spoils nothing" {
  own_tree
  mkdir "$tree/my"
  for line in "$greeting" "$greeting " "$greeting tries=x" \
    "$greeting tries=0 hints=0 passed=" "$greeting hints=9"; do
    echo "'$line'" # shown if the test fails
    printf '%s\n' "$line" "$bug_hunt tries=1 hints=1 passed=2020-01-01" \
      >"$(in_my progress)"
    says 0 list
    [ "$(grep -cF '[x]' <<<"$output")" -eq 1 ]
    printf '%s\n%s' "$bug_hunt tries=1 hints=1 passed=2020-01-01" "$line" \
      >"$(in_my progress)" # the last line without its end
    says 0 hint 1 1
    progress_is $greeting hints 1
    progress_is $bug_hunt hints 1
  done
}

@test "what cannot be written down is told, and fails" {
  own_tree
  says 0 start 1 1
  says 0 solution 1 1 --anyway --write
  mkdir "$(in_my progress)" # no file can be there
  says 1 check 1 1
  [ -n "$stderr" ]
  says 1 hint 1 1
  [ -n "$stderr" ]
  [[ $output == *"$(text "$(page_of $greeting)" "hint 1")"* ]] # but shown
}

@test "a full disk loses no progress" {
  small_disk
  cat >"$BATS_TEST_TMPDIR/script" <<'END'
mount -t tmpfs -o size=12k tmpfs my || exit 99
printf '%6000s\n' 'a long line' >my/progress
cp my/progress before
./portolan hint 1 1 >out 2>err </dev/null && exit 98
[ -s err ] && cmp my/progress before && ls my
END
  run -0 on_small_disk
  [ "$output" = progress ]
}

@test "a my/ that may not be written is told, and left alone" {
  unprivileged
  chmod go+x "$BATS_RUN_TMPDIR" # for nobody, too
  own_tree
  says 0 start 1 1
  says 0 solution 1 1 --anyway --write
  chown -R 65534 "$(in_my $greeting)" 2>/dev/null || true
  chmod a-w "$tree/my" "$tree/my/$pair"
  run -1 --separate-stderr timeout 60 "${nobody[@]}" "$tree/portolan" hint 1 1
  [ -n "$stderr" ]
  run -1 --separate-stderr timeout 60 "${nobody[@]}" "$tree/portolan" start 1 2
  [ -n "$stderr" ]
  [ "$(ls "$tree/my")" = $pair ]
  chmod u+w "$tree/my" "$tree/my/$pair"
}

# ---- watch -----------------------------------------------------------------

@test "watch checks at every save, until it passes" {
  own_tree
  says 0 start 1 1
  start_watch 1
  wait_until progress_is $greeting tries 1
  echo '// a thought' >>"$(in_my $greeting/server.c)"
  wait_until progress_is $greeting tries 2
  echo 'int nonsense(' >>"$(in_my $greeting/client.c)"
  wait_until progress_is $greeting tries 3
  run ! gone "$pid"
  # as an editor does it: a new file in the place of the old one
  says 0 solution 1 1 --write
  finish "$pid"
  [ "$status" -eq 0 ]
  run ! progress_is $greeting passed ''
  nothing_left
}

@test "watch ends at once for a copy that passes" {
  own_tree
  says 0 solution 1 1 --anyway --write
  says 0 watch 1 1
}

@test "Ctrl-C ends watch, whether it waits or checks" {
  own_tree
  says 0 start 1 1
  start_watch 1
  wait_until progress_is $greeting tries 1
  kill -INT "$pid"
  finish "$pid"
  [ "$status" -eq 130 ]
  nothing_left

  rm -r "$log" "$log.in" "$(in_my $greeting/.build)"
  echo 'int main(void) { for (;;); }' >"$(in_my $greeting/server.c)"
  start_watch 1
  wait_until test -e "$(in_my $greeting/.build/server)"
  kill -INT "$pid"
  finish "$pid"
  [ "$status" -eq 130 ]
  progress_is $greeting tries 1
  nothing_left
}

# ---- doctor ----------------------------------------------------------------

# proposed: the base that the doctor proposes.
proposed() {
  sed -nE 's/.*PORTOLAN_PORT_BASE=([0-9]+).*/\1/p' <<<"$output"
}

@test "the doctor proposes a block of ports that is free and no client gets" {
  ours
  range=/proc/sys/net/ipv4/ip_local_port_range
  [ ! -r $range ] || read -r low _ <$range
  says 0 doctor
  base=$(proposed)
  [ "$base" -ge 1024 ]
  [ $((base + 99)) -lt "${low:-49152}" ]
  english=$output
  says 0 doctor --lang pt-BR
  [ "$output" != "$english" ]

  # the pair really runs there, and the doctor sees it
  start "$BATS_TEST_TMPDIR/server" env PORTOLAN_PORT_BASE="$base" \
    "$BUILD/server/$pair"
  wait_for ' listen: ' "$BATS_TEST_TMPDIR/server"
  PORTOLAN_PORT_BASE=$base says 0 doctor
  [[ $output == *"127.0.0.1:$((base + 31)) "*"$pid"* ]]
  [ -z "$(proposed)" ] # it is ours already
}

@test "the doctor proposes no block of ports that somebody else uses" {
  unprivileged
  [ "$(id -u)" -eq 0 ] || skip "this needs a second user"
  ours
  says 0 doctor
  base=$(proposed)
  start "$BATS_TEST_TMPDIR/server" "${nobody[@]}" \
    env PORTOLAN_PORT_BASE="$base" "$BUILD/server/$pair"
  wait_for ' listen: ' "$BATS_TEST_TMPDIR/server"
  says 0 doctor
  [ -n "$(proposed)" ]
  [ "$(proposed)" != "$base" ]
  PORTOLAN_PORT_BASE=$base says 0 doctor
  [ -n "$(proposed)" ]
  [ "$(proposed)" != "$base" ]
}

@test "the doctor finds nothing to work with, and says so" {
  ours
  run -0 --separate-stderr env PATH=/nowhere CC=nothing "$portolan" doctor
  [ "$(grep -c 'apt-get install' <<<"$output")" -ge 3 ] # cc, make, bats
  [ -z "$stderr" ]
}

# ---- use -------------------------------------------------------------------

@test "every command has its --help, in both languages" {
  ours
  for command in '' list run server client start check watch hint reset \
    solution doctor; do
    echo "$command" # shown if the test fails
    # shellcheck disable=SC2086 # none or one
    says 0 $command --help
    [ -z "$stderr" ]
    [[ $output != *[{}]* ]] # every placeholder is filled in
    english=$output
    # shellcheck disable=SC2086
    says 0 $command --help --lang pt-BR
    [ "$output" != "$english" ]
    [ -z "$command" ] || grep -E "^  $command( |\$)" <<<"$overview"
    [ -n "$command" ] || overview=$english
  done
  says 0 help
  [ "$output" = "$overview" ]
  says 0 --version
}

@test "wrong use is told, and changes nothing" {
  own_tree
  for words in nonsense 'list x' 'doctor x' start 'start 9' 'start 1 9' \
    'start 1 1 1' 'start 1 first' 'start --nonsense' 'check 1 1 --nonsense' \
    'check x' 'watch' 'hint' 'reset 1 0' 'solution 1 1 x' 'solution --anyway' \
    'server' 'server 9' 'server 1 --nonsense' 'client 1 a b' '--nonsense' \
    '--lang' '--lang xx list' 'list --lang=' 'start -1'; do
    echo "$words" # shown if the test fails
    # shellcheck disable=SC2086 # they are several words
    says 2 $words
    [ -z "$output" ]
    [ -n "$stderr" ]
  done
  [ ! -e "$tree/my" ]
}

@test "what nobody can read is no success" {
  [ -c /dev/full ] || skip "this system has no /dev/full"
  own_tree
  for command in list --help --version doctor 'hint 1' 'start 1' \
    'solution 1 --anyway' 'run --help'; do
    echo "$command" # shown if the test fails
    run -1 timeout 20 bash -c 'exec $2 "$0" $1 >/dev/full' \
      "$portolan" "$command"
  done
}

@test "portolan finds its lessons from wherever and however it is called" {
  own_tree ' with a space'
  says 0 list
  lessons=$output
  mkdir -p "$BATS_TEST_TMPDIR/bin/links"
  ln -s "$tree/portolan" "$BATS_TEST_TMPDIR/bin/absolute"
  ln -s "../../tree with a space/portolan" "$BATS_TEST_TMPDIR/bin/links/relative"
  ln -s links/relative "$BATS_TEST_TMPDIR/bin/twice"
  for how in "$BATS_TEST_TMPDIR/bin/absolute" "$BATS_TEST_TMPDIR/bin/twice" \
    "$BATS_TEST_TMPDIR/bin/links/../links/relative"; do
    run -0 "$how" list
    [ "${output//"$how"/"$portolan"}" = "$lessons" ]
  done
  cd "$tree/lessons"
  run -0 ../portolan list
  [ "${output//'../portolan'/"$portolan"}" = "$lessons" ]
  cd /
  PATH=$tree:$PATH run -0 portolan list
  [ "$(grep -v portolan <<<"$output")" = "$(grep -v portolan <<<"$lessons")" ]
  PATH=/nowhere:$tree:$PATH run -0 --separate-stderr portolan run 1 --port 0
  [[ $output == *' close-listener: '* ]]
}

@test "a folder with a space in its name is no trouble" {
  own_tree ' and more'
  says 0 start 1 1
  says 1 check 1 1
  progress_is $greeting tries 1
  says 0 solution 1 1 --anyway --write
  says 0 check 1 1
}

@test "portolan alone, without its lessons, says so" {
  mkdir "$BATS_TEST_TMPDIR/alone"
  cp "$(built)" "$BATS_TEST_TMPDIR/alone/portolan"
  run -2 --separate-stderr timeout 20 "$BATS_TEST_TMPDIR/alone/portolan" list
  [ -n "$stderr" ]
  run -0 timeout 20 "$BATS_TEST_TMPDIR/alone/portolan" --help
}

@test "where the suite may not be written, my/ is in the folder you are in" {
  unprivileged
  chmod go+x "$BATS_RUN_TMPDIR" # for nobody, too
  own_tree
  chmod -R a-w "$tree"
  home=$BATS_TEST_TMPDIR/home
  mkdir -m 777 "$home"
  cd "$home"
  for words in 'start 1 1' 'solution 1 1 --anyway --write' 'check 1 1' \
    'run 1 --mine 1 --port 0'; do
    echo "$words" # shown if the test fails
    # shellcheck disable=SC2086 # they are several words
    run -0 timeout 60 "${nobody[@]}" "$tree/portolan" $words </dev/null 3>&-
  done
  cd "$OLDPWD"
  [ -e "$home/my/$greeting/server.c" ]
  grep "^$greeting .*passed=2" "$home/my/progress"
  [ ! -e "$tree/my" ]
  chmod -R u+w "$tree"
  nothing_left
}

# ---- the check that setup_file() began -------------------------------------

@test "a check that takes too long is ended" {
  tree=$BATS_FILE_TMPDIR/tree portolan=$BATS_FILE_TMPDIR/tree/portolan
  wait_until test -s "$tree/status" || wait_until test -s "$tree/status"
  [ "$(<"$tree/status")" -eq 1 ]
  progress_is $greeting tries 1
  nothing_left
}

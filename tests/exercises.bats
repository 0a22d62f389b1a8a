# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper
load portolan

# ---- helpers ---------------------------------------------------------------

# choose FOLDER: that exercise from here on: $exercise is what portolan calls
# it, $number is how one types it, $mine is the folder of the learner's copy.
choose() {
  folder=${1%/}
  local lesson=${folder%/exercises/*} name=${folder##*/}
  lesson=${lesson##*/}
  exercise=$lesson/$name
  number=("$((10#${lesson%%-*}))" "${name%%-*}")
  mine=$tree/my/$exercise
  echo "--- $exercise" # shown if the test fails
}

# take NAME start|solution: choose an exercise of lesson 01 and copy that.
take() {
  choose "lessons/01-first-connection/exercises/$1"
  run -0 "$portolan" start "${number[@]}"
  [ "$2" = start ] ||
    run -0 "$portolan" solution "${number[@]}" --anyway --write
}

# change FILE SED: that must make a difference.
change() {
  sed "$2" "$mine/$1" >"$BATS_TEST_TMPDIR/changed"
  run ! cmp -s "$BATS_TEST_TMPDIR/changed" "$mine/$1"
  cp "$BATS_TEST_TMPDIR/changed" "$mine/$1"
}

# titles: of the chosen exercise's tests.
titles() {
  sed -n 's/^@test "\(.*\)" {$/\1/p' "$folder/check.bats"
}

# fails_only TITLE...: the learner's pair compiles and passes all other tests.
fails_only() {
  run -0 make -s exercise "MY=$mine"
  run env MINE="$mine/.build" THEIRS="$PWD/build" \
    tests/bats.sh --tap "$folder/check.bats"
  echo "$output"
  [ "$(grep -c '^\(not \)\{0,1\}ok ' <<<"$output")" -eq "$(titles | wc -l)" ]
  diff <(sed -n 's/^not ok [0-9]* //p' <<<"$output" | sort) \
    <([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
}

# marked KEY PAGE: the text that stands there under this marker.
marked() {
  awk -v key="<!-- $1 -->" '
    $0 == "<!-- end -->" { on = 0 }
    on { print }
    $0 == key { on = 1 }' "$2"
}

# longer_than COLUMNS: the lines of stdin that are. (A character of many bytes
# has one column: count its first byte only.)
longer_than() {
  tr -d '\200-\277' | grep -E ".{$(($1 + 1))}"
}

# ---- what an exercise must have --------------------------------------------

@test "every exercise fails its check at the start, though it compiles" {
  own_tree
  for folder in lessons/*/exercises/*/; do
    choose "$folder"
    run -0 "$portolan" start "${number[@]}"
    run -1 "$portolan" check "${number[@]}"
    echo "$output"
    [ -x "$mine/.build/server" ]
    [ -x "$mine/.build/client" ]
    [[ $output == *"expected: "*"found: "* ]]
  done
}

@test "every solution passes its check, without a warning" {
  own_tree
  for folder in lessons/*/exercises/*/; do
    choose "$folder"
    run -0 "$portolan" solution "${number[@]}" --anyway --write
    run -0 make -s exercise "MY=$mine" CFLAGS=-Werror
    run -0 "$portolan" check "${number[@]}"
  done
}

@test "every exercise has its title, hints, reason and checks in each language" {
  own_tree
  for folder in lessons/*/exercises/*/; do
    choose "$folder"
    [ -n "$(titles)" ]
    for page in "$folder"/README{,.pt-BR}.md; do
      echo "$page"
      [[ $(head -n 1 "$page") == '# '* ]]
      for key in 'hint 1' 'hint 2' 'hint 3' "text $exercise why"; do
        [ -n "$(marked "$key" "$page")" ]
        run ! longer_than 76 < <(marked "$key" "$page")
      done
      for key in 'hint 1' 'hint 2' 'hint 3'; do # after "1/3  "
        run ! longer_than 75 < <(marked "$key" "$page" | head -n 1)
      done
      diff <(titles | sort) \
        <(sed -n 's/^<!-- check \(.*\) -->$/\1/p' "$page" | sort)
      for title in $(titles); do # in one line beside the verdict
        run ! longer_than 68 < <(marked "check $title" "$page" | tr '\n' ' ' |
          sed 's/ $//')
      done
    done
  done
}

@test "what a failing check shows is the same in every language" {
  own_tree
  take 2-lost-bytes start
  run -1 "$portolan" check "${number[@]}" --lang pt-BR
  [[ $output == *" bytes came."*": 64 bytes came."* ]]
}

# ---- 01-first-connection ---------------------------------------------------

# Nothing that a program prints is believed.
@test "a program that only prints the right step lines passes no check" {
  own_tree
  for folder in lessons/01-first-connection/exercises/*/; do
    choose "$folder"
    mkdir -p "$mine"
    cat >"$mine/server.c" <<'END'
#include <stdio.h>

int main(void)
{
    static const char *const steps[] = {
        "server", "listen", "1", "-", "LISTEN", "",
        "server", "accept", "1", "127.0.0.1:40122", "ESTABLISHED", "",
        "server", "recv", "1", "127.0.0.1:40122", "ESTABLISHED",
        " bytes=5 data=\"ahoy\\n\"",
        "server", "send", "1", "127.0.0.1:40122", "ESTABLISHED",
        " bytes=26 data=\"Welcome, 127.0.0.1:40122!\\n\"",
        "client", "connect", "40122", "127.0.0.1:1", "ESTABLISHED", "",
        "client", "send", "40122", "127.0.0.1:1", "ESTABLISHED",
        " bytes=5 data=\"ahoy\\n\"",
        "client", "recv", "40122", "127.0.0.1:1", "ESTABLISHED",
        " bytes=26 data=\"Welcome, 127.0.0.1:40122!\\n\"",
        "client", "recv-end", "40122", "127.0.0.1:1", "TIME-WAIT", "",
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i += 6)
        printf("%s/01-first-connection %s: "
               "tcp local=127.0.0.1:%s remote=%s state=%s%s\n",
               steps[i], steps[i + 1], steps[i + 2], steps[i + 3],
               steps[i + 4], steps[i + 5]);
    return 0;
}
END
    cp "$mine/server.c" "$mine/client.c"
    mapfile -t all < <(titles)
    fails_only "${all[@]}"
  done
}

@test "1-greeting: an address that is always the same is no welcome" {
  own_tree
  take 1-greeting solution
  change server.c 's/"Welcome, %s!\\n", tuple.remote_text/"Welcome, 127.0.0.1:40122!\\n"/'
  fails_only greets-each-by-its-address
}

@test "1-greeting: nor is the first client's address, for the second one" {
  own_tree
  take 1-greeting solution
  change server.c 's/struct tuple tuple = tuple_of(connection);/static &/
    s/static struct tuple tuple = .*/static struct tuple tuple;\
    if (tuple.remote.port == 0)\
        tuple = tuple_of(connection);/'
  fails_only greets-each-by-its-address
}

@test "1-greeting: a welcome without its newline is not whole" {
  own_tree
  take 1-greeting solution
  change server.c 's/"Welcome, %s!\\n"/"Welcome, %s!"/'
  fails_only greets-each-by-its-address
  [[ $output == *'!\n"'*'!" (> 3 s)'* ]]
}

@test "1-greeting: a client that says what it likes must still obey" {
  own_tree
  take 1-greeting solution
  change client.c 's/message ? message : "ahoy, server"/"ahoy, server"/'
  fails_only says-its-own-words
}

@test "1-greeting: a client that chooses its port itself is seen" {
  own_tree
  local low port=$((20000 + RANDOM % 9000))
  if ! read -r low _ </proc/sys/net/ipv4/ip_local_port_range ||
    [ "$low" -lt 30000 ]; then
    skip "here $port may be a client's port"
  fi
  take 1-greeting solution
  change client.c 's/^    if (connect(fd/    struct sockaddr_in from = there;\
    from.sin_port = htons('"$port"');\
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, \&(int){ 1 }, sizeof(int));\
    if (bind(fd, (struct sockaddr *)\&from, sizeof from) == -1)\
        die(\&lesson, "bind");\
&/'
  fails_only says-its-own-words
  [[ $output == *"found: 127.0.0.1:$port"* ]]
}

@test "2-lost-bytes: the pair is right on short lines, time and again" {
  own_tree
  take 2-lost-bytes start
  run -0 make -s exercise "MY=$mine"
  start "$BATS_TEST_TMPDIR/log" "$mine/.build/server" --port 0 --brief
  wait_for ' listen: ' "$BATS_TEST_TMPDIR/log"
  port=$(field local "$(step_line listen "$BATS_TEST_TMPDIR/log")")
  for words in 'hello, server' hi "$(printf '%062d' 0)"; do
    for _ in 1 2 3; do
      run -0 "$mine/.build/client" --port "${port##*:}" --brief "$words"
      [[ $output == *": $((${#words} + 1)) byte"* ]]
    done
  done
  run -0 "$mine/.build/client" --port "${port##*:}" --brief "$words, and more"
  [[ $output == *": 63 byte"* ]]
}

@test "2-lost-bytes: either bug alone is found" {
  own_tree
  take 2-lost-bytes start
  cp client/01-first-connection.c "$mine/client.c"
  fails_only counts-a-long-line counts-every-line
  run -0 "$portolan" reset "${number[@]}"
  cp server/01-first-connection.c "$mine/server.c"
  fails_only sends-every-byte
}

@test "2-lost-bytes: a larger buffer is no cure" {
  own_tree
  take 2-lost-bytes start
  change server.c 's/line\[64\]/line[4096]/'
  change client.c 's/line\[64\]/line[512]/'
  fails_only counts-every-line sends-every-byte
}

@test "2-lost-bytes: nor is to wait for a piece that ends with a newline" {
  own_tree
  take 2-lost-bytes start
  change client.c 's/line\[64\]/line[MESSAGE_MAX + 2]/'
  change server.c 's/^        if (!answer(.*/        static size_t total;\
        total += (size_t)n;\
        if (line[n - 1] != 10)\
            continue;\
        n = (ssize_t)total;\
        total = 0;\
&/'
  fails_only counts-every-line
}

@test "2-lost-bytes: a number that is always the same is no count" {
  own_tree
  take 2-lost-bytes solution
  change server.c 's/%zu bytes came/1001 bytes came/; s/remote_text, received)/remote_text)/'
  fails_only counts-a-long-line counts-every-line
}

@test "3-two-at-once: one after the other is not at once" {
  own_tree
  take 3-two-at-once solution
  change server.c '/^        hear_out(&lesson, first);$/d
    s/^        tell(&lesson, first, .*/&\
        hear_out(\&lesson, first);/'
  fails_only tells-the-second-meanwhile
}

@test "3-two-at-once: ports that are always the same are nobody's" {
  own_tree
  take 3-two-at-once solution
  change server.c 's/"%s talks to %s and %s\\n"/"%s talks to 127.0.0.1:40122 and 127.0.0.1:40124\\n"/'
  fails_only tells-the-first-of-both tells-the-second-meanwhile
}

@test "3-two-at-once: each must hear of both, in order" {
  own_tree
  take 3-two-at-once solution
  change server.c 's/tell(&lesson, second, &one, &two)/tell(\&lesson, second, \&two, \&one)/'
  fails_only tells-the-second-meanwhile
}

@test "3-two-at-once: to close over what was not received is seen" {
  own_tree
  take 3-two-at-once solution
  change server.c '/^        hear_out(&lesson, first)/d'
  fails_only lets-both-finish
}

@test "a crash is shown by its signal" {
  own_tree
  take 1-greeting solution
  cp "$mine/server.c" "$BATS_TEST_TMPDIR/server.c"
  change server.c 's/^#include <errno.h>/&\
#include <stdlib.h>/; s/^    struct tuple tuple = tuple_of(connection);/&\
    abort();/'
  fails_only greets-each-by-its-address
  [[ $output == *'found: "" (SIGABRT)'* ]]

  cp "$BATS_TEST_TMPDIR/server.c" "$mine/server.c"
  change client.c 's/^#include <errno.h>/&\
#include <stdlib.h>/; s/^    close(fd);/&\
    abort();/'
  fails_only says-its-own-words
  [[ $output == *'found: SIGABRT'* ]]
}

# ---- programs that misbehave -----------------------------------------------

# misbehave KIND FOLDER < C-FILE: check such a pair, in the background.
misbehave() {
  own_tree "-$1-${2%%-*}"
  choose "lessons/01-first-connection/exercises/$2"
  mkdir -p "$mine"
  cat >"$mine/server.c"
  cp "$mine/server.c" "$mine/client.c"
  "$portolan" check "${number[@]}" >"$tree/said" 2>&1 3>&- &
  pids+=($!)
  checks+=("$! $tree $(titles | wc -l)")
}

# judged_in_time: each of those checks judged all, and left nobody behind.
judged_in_time() {
  local check pid count
  for check in "${checks[@]}"; do
    read -r pid tree count <<<"$check"
    finish "$pid"
    echo "--- $tree"
    cat "$tree/said"
    [ "$status" -eq 1 ]
    # A verdict of each test, and none that says that it took too long.
    [ "$(grep -cE '^  (ok|NOT YET) ' "$tree/said")" -eq "$count" ]
    nothing_left
  done
}

@test "a check outlives programs that hang, flood or crash, and leaves none" {
  checks=()
  cat >"$BATS_TEST_TMPDIR/stuck.c" <<'END'
#include <signal.h>
#include <unistd.h>

int main(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    fork(); /* so that there are two to be found */
    for (;;)
        pause();
}
END
  for folder in lessons/01-first-connection/exercises/*/; do
    misbehave stuck "$(basename "$folder")" <"$BATS_TEST_TMPDIR/stuck.c"
  done
  # These listen, but never let anybody in.
  for folder in lessons/01-first-connection/exercises/*/; do
    misbehave deaf "$(basename "$folder")" < <(
      sed 's/^    long left = .*/    for (;;)\
        pause();/; /^    while (wait_readable(&lesson, listener/,/^    }/d' \
        server/01-first-connection.c
    )
  done
  misbehave flood 1-greeting <<'END'
#include <signal.h>
#include <stdio.h>

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    for (;;)
        puts("server/01-first-connection: and so on, and so on");
}
END
  misbehave endless-line 2-lost-bytes <<'END'
#include <stdio.h>

int main(void)
{
    for (;;)
        putchar('x');
}
END
  misbehave crash 2-lost-bytes <<'END'
#include <stdlib.h>

int main(void)
{
    abort();
}
END
  misbehave gone 3-two-at-once <<'END'
int main(void)
{
    return 7;
}
END
  judged_in_time
  grep -q 'found: *SIGABRT' "$BATS_TEST_TMPDIR/tree-crash-2/said"
  grep -q 'found: *exit 7' "$BATS_TEST_TMPDIR/tree-gone-3/said"
}

# The Makefile: builds all, once, and nothing that is not asked for.

load helper

# A make that calls us must not reach into the one that we test.
plain_make() {
  unset MAKEFLAGS MFLAGS MAKELEVEL BUILD SAN
  export LC_ALL=C
}

setup_file() {
  plain_make
  cd "$BATS_TEST_DIRNAME/.." || return
  mkdir "$BATS_FILE_TMPDIR/tree"
  tar --exclude ./.git --exclude ./build --exclude ./my --exclude ./portolan \
    -cf - . | tar -C "$BATS_FILE_TMPDIR/tree" -xf -
  make -C "$BATS_FILE_TMPDIR/tree" >"$BATS_FILE_TMPDIR/out" \
    2>"$BATS_FILE_TMPDIR/err"
}

# built: go to what setup_file built, not to be changed.
built() {
  plain_make
  cd "$BATS_FILE_TMPDIR/tree" || return
}

# tree [NAME]: a copy of what setup_file built, to change; we are in it then.
tree() {
  plain_make
  cp -Rp "$BATS_FILE_TMPDIR/tree" "$BATS_TEST_TMPDIR/${1:-tree}"
  cd "$BATS_TEST_TMPDIR/${1:-tree}" || return
  page=lessons/$pair/README.md
}

# learner NAME: a copy of the pair, as `portolan start` leaves it, in $mine.
learner() {
  mine=$BATS_TEST_TMPDIR/$1
  mkdir -p "$mine"
  cp "server/$pair.c" "$mine/server.c"
  cp "client/$pair.c" "$mine/client.c"
}

# later FILE: as if it were changed now; clocks of file systems are slow.
later() {
  touch -t 203801010000 "$1"
}

pair=01-first-connection

@test "make from clean says what it does and warns of nothing" {
  cat "$BATS_FILE_TMPDIR/err"
  [ ! -s "$BATS_FILE_TMPDIR/err" ]
  grep -q "server/$pair.c" "$BATS_FILE_TMPDIR/out"
  run ! grep -i warning "$BATS_FILE_TMPDIR/out"
}

@test "make shows a line a file, make V=1 all, and make -s nothing" {
  tree
  rm "build/server/$pair.o" "build/server/$pair"
  run -0 make
  diff - <(echo "$output") <<END
   server/$pair.c
   build/server/$pair
END
  rm "build/server/$pair"
  run -0 make -s
  [ -z "$output" ]
  rm "build/server/$pair"
  run -0 make V=1
  [[ $output == *" -Wall "*" -o build/server/$pair "* ]]
}

@test "the second make has nothing to do" {
  built
  run -0 make
  [[ $output == *"Nothing to be done"* ]]
  run -0 make -q
}

@test "several goals at once are made in their order" {
  tree
  run -0 make clean "build/server/$pair"
  [ ! -e portolan ]
  run -0 "build/server/$pair" --version
}

@test "a change in a page builds the texts again, and compiles nothing else" {
  tree
  later "$page"
  make V=1 >"$BATS_TEST_TMPDIR/out"
  cat "$BATS_TEST_TMPDIR/out"
  [ "$(grep -c -e ' -c ' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
  grep -q -e ' -c -o build/texts.o' "$BATS_TEST_TMPDIR/out"
  grep -q -e " -o build/server/$pair " "$BATS_TEST_TMPDIR/out"
}

@test "a change in a header compiles what includes it, and nothing else" {
  tree
  later lessons/guide/patch.h
  make V=1 >"$BATS_TEST_TMPDIR/out"
  run -0 grep -oE -e '-c -o [^ ]+' "$BATS_TEST_TMPDIR/out"
  expected=$(grep -lF '"patch.h"' lessons/guide/*.c |
    sed 's,\(.*\)\.c$,-c -o build/\1.o,')
  diff <(sort <<<"$expected") <(sort <<<"$output")
}

@test "a broken marker stops the build, says where, and leaves no half table" {
  tree
  cp build/texts.c "$BATS_TEST_TMPDIR/before"
  echo '<!-- stop -->' >>"$page"
  run -2 make
  echo "$output"
  [[ $output == *"$page:$(wc -l <"$page" | tr -d ' '): "* ]]
  cmp build/texts.c "$BATS_TEST_TMPDIR/before"
  rm build/texts.c
  run -2 make
  [ ! -e build/texts.c ]
  sed -i.was '$d' "$page"
  run -0 make
  cmp build/texts.c "$BATS_TEST_TMPDIR/before"
}

@test "make does not touch what learners write" {
  tree
  for folder in my/$pair/1-x lessons/$pair/exercises/9-x; do
    mkdir -p "$folder"
    echo 'this is no C' | tee "$folder/server.c" >"$folder/client.c"
  done
  later "my/$pair/1-x/server.c"
  run -0 make
  [[ $output == *"Nothing to be done"* ]]
  run -0 make clean
  [ "$(cat "my/$pair/1-x/server.c")" = 'this is no C' ]
  [ -z "$(find my lessons -name .build)" ]
}

@test "make exercise compiles a learner's pair, wherever it lies" {
  built
  learner "my 'first' folder (1)"
  run -0 make -s exercise MY="$mine"
  [ -z "$output" ]
  run -0 "$mine/.build/server" --version
  run -0 "$mine/.build/client" --version
}

@test "make exercise makes nothing else, even when all is out of date" {
  tree
  learner mine
  make -q
  later "$page"
  later shared/step.h
  touch "$BATS_TEST_TMPDIR/now"
  later "$BATS_TEST_TMPDIR/now"
  run -0 make exercise MY="$mine"
  [ -z "$(find build portolan -newer "$BATS_TEST_TMPDIR/now")" ]
  run -1 make -q
}

@test "make exercise shows warnings, and errors end it without a program" {
  built
  learner mine
  make -s exercise MY="$mine"
  printf '%s\n' 'static const char *unused = "as it \n stands";' \
    >>"$mine/client.c"
  run -0 make -s exercise MY="$mine"
  [[ $output == *client.c:*warning:*unused*'"as it \n stands"'* ]]
  echo 'this is no C;' >>"$mine/server.c"
  run -2 make -s exercise MY="$mine"
  [[ $output == *server.c:*error:* ]]
  [ ! -e "$mine/.build/server" ]
}

@test "make exercise says what it lacks" {
  built
  run -2 make -s exercise
  [[ $output == *"MY: says whose folder"* ]]
}

@test "make exercise works where the tree belongs to somebody else" {
  [ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
  needs setpriv
  built
  learner mine
  chmod -R go=rX "$BATS_FILE_TMPDIR"
  chmod go+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/{file,test} \
    "$BATS_TEST_TMPDIR"
  chown -R 65534 "$mine"
  nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  "${nobody[@]}" test -r Makefile || skip "nobody may come here"
  run -0 "${nobody[@]}" make -s exercise MY="$mine"
  [ -x "$mine/.build/server" ]
}

@test "make SAN=1 builds beside, with the sanitizers" {
  echo 'int main(void) { return 0; }' >"$BATS_TEST_TMPDIR/c.c"
  "${CC:-cc}" -fsanitize=address,undefined -o "$BATS_TEST_TMPDIR/c" \
    "$BATS_TEST_TMPDIR/c.c" || skip "this compiler has no sanitizers"
  tree
  run -0 make SAN=1 "build/san/server/$pair"
  run -0 "build/san/server/$pair" --version
  grep -q __asan_init "build/san/server/$pair"
  run ! grep -q __asan_init "build/server/$pair"
  run -0 make -q # what stands beside is still up to date
}

@test "the tree may lie in a folder with spaces in its name" {
  tree 'a tree (of mine)'
  rm build/texts.c build/shared/die.o build/server/$pair.o portolan
  run -0 make
  [[ $output != *arning* ]]
  run -0 "build/server/$pair" --version
  run -0 ./portolan --version
}

@test "make install copies what is needed to run, and uninstall takes it away" {
  tree
  dest="$BATS_TEST_TMPDIR/their root"
  (umask 077 && make -s install DESTDIR="$dest" PREFIX=/opt/x)
  rm -rf build portolan server client lessons shared
  run -0 "$dest/opt/x/bin/portolan" --version
  run -0 "$dest/opt/x/bin/portolan" run 1 --plain --port 0
  [ -z "$(find "$dest/opt/x/lib/portolan" ! -perm -u=r,g=r,o=r)" ]
  [ -z "$(find "$dest/opt/x/lib/portolan" -name '*.o' -o -name '*.d')" ]
  learner_source=$dest/opt/x/lib/portolan
  mkdir "$BATS_TEST_TMPDIR/mine"
  cp "$learner_source/server/$pair.c" "$BATS_TEST_TMPDIR/mine/server.c"
  cp "$learner_source/client/$pair.c" "$BATS_TEST_TMPDIR/mine/client.c"
  run -0 make -s -C "$learner_source" exercise MY="$BATS_TEST_TMPDIR/mine"
  touch "$dest/opt/x/bin/another"
  run -0 make uninstall DESTDIR="$dest" PREFIX=/opt/x
  [ "$(find "$dest" ! -type d -o -name portolan)" = "$dest/opt/x/bin/another" ]
}

@test "make -n changes nothing" {
  tree
  find . -type f -exec cksum {} + | sort >"$BATS_TEST_TMPDIR/before"
  for goal in install uninstall clean test exercise; do
    run -0 make -n $goal DESTDIR="$BATS_TEST_TMPDIR/dest" MY="$BATS_TEST_TMPDIR"
  done
  find . -type f -exec cksum {} + | sort | diff "$BATS_TEST_TMPDIR/before" -
  [ ! -e "$BATS_TEST_TMPDIR/dest" ]
  [ ! -e "$BATS_TEST_TMPDIR/.build" ]
}

# bats_files NAME BODY...: each a file with one test, in a folder of their own.
bats_files() {
  mkdir -p "$BATS_TEST_TMPDIR/suite"
  while [ $# -gt 0 ]; do
    printf '@test "%s" {\n  %s\n}\n' "$1" "$2" \
      >"$BATS_TEST_TMPDIR/suite/$1.bats"
    shift 2
  done
}

@test "tests/bats.sh makes one result of all files in a folder" {
  bats_files a true b 'skip "not today"' c true
  run -0 tests/bats.sh "$BATS_TEST_TMPDIR/suite"
  [ "${lines[-1]}" = 1..3 ]
  diff <(printf '%s\n' 1 2 3) <(sed -nE 's/^ok ([0-9]+) .*/\1/p' <<<"$output")
  [[ $output == *"b # skip not today"* ]]
}

@test "tests/bats.sh fails when a test fails, or a file does not run" {
  bats_files a true b 'echo hello; false' c true
  run -1 tests/bats.sh "$BATS_TEST_TMPDIR/suite"
  [ "$(grep -c '^ok ' <<<"$output")" -eq 2 ]
  [[ $output == *"not ok "*" b"* ]]
  [[ $output == *"# hello"* ]]
  bats_files b 'if'
  run -1 tests/bats.sh "$BATS_TEST_TMPDIR/suite"
  [ "$(grep -c '^not ok ' <<<"$output")" -eq 1 ]
  rm "$BATS_TEST_TMPDIR"/suite/*
  run -2 tests/bats.sh "$BATS_TEST_TMPDIR/suite"
}

@test "tests/bats.sh takes Bats from build/npm, or says how to get it" {
  tree
  mkdir "$BATS_TEST_TMPDIR/bin"
  for tool in sh env id cat; do
    ln -s "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin/$tool"
  done
  PATH=$BATS_TEST_TMPDIR/bin run -2 tests/bats.sh tests
  [[ $output == *"sudo apt install bats"* ]]
  bin=build/npm/node_modules/bats/bin
  mkdir -p $bin
  printf '#!/bin/sh\necho "bats from npm: $*"\n' >$bin/bats
  chmod +x $bin/bats
  PATH=$BATS_TEST_TMPDIR/bin run -0 tests/bats.sh --tap a.bats
  [ "$output" = "bats from npm: --tap a.bats" ]
}

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper

exercises=lessons/01-first-connection/exercises

# ---- helpers ---------------------------------------------------------------

# make_home [NAME]: a suite of its own in $home, so that what ./portolan puts
# into my/ comes into this test's folder.
make_home() {
  [ -e build/libshared.a ] || skip "make has to build the plain suite first"
  home=$BATS_TEST_TMPDIR/home${1-}
  mkdir "$home"
  for part in Makefile client server shared lessons build tests; do
    ln -s "$PWD/$part" "$home/$part"
  done
  cp "${BUILD#build}portolan" "$home/portolan" 2>/dev/null ||
    cp "$BUILD/portolan" "$home/portolan"
}

# each_exercise COMMAND [WORD]...: for "1 1", "1 2" and so on; fails when one
# of them fails. The folder of the learner is in $mine.
each_exercise() {
  local folder exercise number count=0
  for folder in lessons/*/exercises/*/; do
    IFS=/ read -r _ lesson _ exercise _ <<<"$folder"
    number="$((10#${lesson%%-*})) ${exercise%%-*}"
    mine=$home/my/$lesson/$exercise
    echo "--- exercise $number: $exercise" # shown if the test fails
    "$@" "$number"
    count=$((count + 1))
  done
  [ $count -ge 3 ]
}

# portolan WORDS...: its output in $output, its exit status in $status.
portolan() {
  # shellcheck disable=SC2068 # "1 2" is two words
  run "$home/portolan" $@
  echo "$output"
}

# A patch is applied where it fits, byte for byte, and nowhere else.

load helper

# given FILE TEXT: a file in the test's folder; \n and the like are understood.
given() {
  printf '%b' "$2" >"$BATS_TEST_TMPDIR/$1"
}

# given_lines FILE LINE...: the same, line by line.
given_lines() {
  printf '%s\n' "${@:2}" >"$BATS_TEST_TMPDIR/$1"
}

# apply FILE [--reverse]: runs the driver on p.patch.
apply() {
  run "$BUILD/tests/patch_driver" "$BATS_TEST_TMPDIR/p.patch" server.c \
    "$BATS_TEST_TMPDIR/$1" "${@:2}"
}

# gives OLD NEW: p.patch makes one of the other, and the other of it again.
gives() {
  local here=$BATS_TEST_TMPDIR driver=$BUILD/tests/patch_driver
  "$driver" "$here/p.patch" server.c "$here/$1" >"$here/forward"
  cmp "$here/forward" "$here/$2"
  "$driver" "$here/p.patch" server.c "$here/$2" --reverse >"$here/back"
  cmp "$here/back" "$here/$1"
}

# compare OLD NEW: writes p.patch, as diff(1) sees it.
compare() {
  local here=$BATS_TEST_TMPDIR
  diff -u "${@:3}" --label a/server.c --label b/server.c \
    "$here/$1" "$here/$2" >"$here/p.patch" || [ $? -eq 1 ]
}

refuses() {
  apply "$@"
  echo "$output"
  [ "$status" -eq 1 ]
  [ "$output" = EINVAL ]
}

head='--- a/server.c\n+++ b/server.c\n'

@test "one hunk changes its lines and leaves the others" {
  given old '1\n2\n3\n4\n5\n6\n7\n8\n9\n'
  given new '1\n2\n3\n4\nfive\n6\n7\n8\n9\n'
  compare old new
  gives old new
}

@test "several hunks are applied, each at its place" {
  given_lines old {1..40}
  given_lines new 0 {1..19} twenty {21..39}
  compare old new
  [ "$(grep -c '^@@' "$BATS_TEST_TMPDIR/p.patch")" -eq 3 ]
  gives old new
}

@test "hunks without any context are applied" {
  given_lines old {1..9}
  given_lines new 0 1 2 4 5 5.5 6 7 8
  compare old new -U0
  gives old new
}

@test "a missing newline at the end of a file comes and goes" {
  given with '1\n2\n3\n'
  given without '1\n2\n3'
  compare with without
  gives with without
  compare without with
  gives without with
  given other '0\n2\n3'
  compare without other
  gives without other
}

@test "an empty file is filled and emptied" {
  given old ''
  given new '1\n2\n'
  compare old new
  gives old new
  given new 'no newline'
  compare old new
  gives old new
}

@test "lines that look like headers are taken for lines" {
  given old '1\n-- a/server.c\n++ b/server.c\n@@ -1 +1 @@\n\\ No\n2\n'
  given new '1\n-- a/client.c\n++ b/client.c\n2\n3\n'
  compare old new
  gives old new
  compare new old
  gives new old
}

@test "a file that the patch does not name comes back as it was" {
  given text '1\n2'
  given p.patch '--- a/client.c\n+++ b/client.c\n@@ -1 +1 @@\n-1\n+one\n'
  gives text text
  given p.patch ''
  gives text text
  given p.patch '--- a/server.c.c\n+++ b/server.c.c\n@@ -1 +1 @@\n-1\n+one\n'
  gives text text
}

@test "of several files, each gets its own hunks" {
  local before=$BATS_TEST_TMPDIR/patch
  given_lines old {1..9}
  given_lines new 1 2 3 4 five 6 7 8 9
  compare old new
  given client 'diff --git a/client.c b/client.c\nindex 1..2 100644
--- a/client.c\n+++ b/client.c\n@@ -1 +1,2 @@\n--- a/server.c\n+++ b/server.c
+@@ -1 +1 @@\n'
  cp "$BATS_TEST_TMPDIR/p.patch" "$before"
  cat "$BATS_TEST_TMPDIR/client" "$before" >"$BATS_TEST_TMPDIR/p.patch"
  gives old new
  cat "$before" "$BATS_TEST_TMPDIR/client" >"$BATS_TEST_TMPDIR/p.patch"
  gives old new
}

@test "the time that diff writes behind a name is no part of it" {
  given old '1\n'
  given new '2\n'
  given p.patch '--- a/server.c\t2026-01-01 00:00:00 +0000
+++ b/server.c\t2026-01-01 00:00:01 +0000\n@@ -1 +1 @@ main()\n-1\n+2\n'
  gives old new
}

@test "words before the first file are for people" {
  given old '1\n'
  given new '2\n'
  given p.patch 'Why:\n- this\n+ that\n --- nothing\n--- a/server.c
not yet\n'"$head"'@@ -1 +1 @@\n-1\n+2\n'
  gives old new
}

@test "a patch that does not fit is refused" {
  given text '1\n2\n3\n'
  given p.patch "$head"'@@ -1,2 +1,2 @@\n 1\n-two\n+2\n'
  refuses text
  given p.patch "$head"'@@ -2,2 +2,2 @@\n 1\n-2\n+two\n' # a line too far
  refuses text
  given p.patch "$head"'@@ -9 +9 @@\n-9\n+nine\n' # beyond the end
  refuses text
  given p.patch "$head"'@@ -9,0 +10 @@\n+ten\n'
  refuses text
  given p.patch "$head"'@@ -2 +1 @@\n-2\n+two\n' # two places
  refuses text
  given p.patch "$head"'@@ -3,2 +3,2 @@\n 3\n-\n+\n'
  refuses text
  given p.patch "$head"'@@ -1 +1 @@\n-1\n+one\n'
  refuses text --reverse
}

@test "a newline at the end is a part of what must fit" {
  given with '1\n'
  given without '1'
  given p.patch "$head"'@@ -1 +1 @@\n-1\n+2\n'
  refuses without
  given p.patch "$head"'@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+2\n'
  refuses with
}

@test "nothing may follow a line that has no newline" {
  given text '1\n2\n'
  given p.patch "$head"'@@ -1 +1 @@\n-1\n+one\n\\ No newline at end of file\n'
  refuses text
  given p.patch "$head"'@@ -1 +1,2 @@\n-1\n+one\n\\ No newline\n+two\n'
  refuses text
}

@test "hunks that overlap or stand in the wrong order are refused" {
  given text '1\n2\n3\n'
  given p.patch "$head"'@@ -2 +2 @@\n-2\n+two\n@@ -2 +2 @@\n-2\n+two\n'
  refuses text
  given p.patch "$head"'@@ -2 +2 @@\n-2\n+two\n@@ -1 +1 @@\n-1\n+one\n'
  refuses text
  given text '1\n1\n1\n1\n' # would fit anywhere
  given p.patch "$head"'@@ -2 +2 @@\n-1\n+two\n@@ -1 +1 @@\n-1\n+one\n'
  refuses text
}

@test "a hunk that says another length than it has is refused" {
  given text '1\n2\n3\n'
  for counts in '-1,2 +1' '-1 +1,2' '-1,0 +1' '-1 +1,0' '-0 +1' '-1 +0' \
    '-1,99999999999999999999999 +1'; do
    echo "$counts"
    given p.patch "$head@@ $counts @@\n-1\n+one\n"
    refuses text
    given p.patch "--- a/c\n+++ b/c\n@@ $counts @@\n-1\n+one\n"
    refuses text
  done
  given p.patch "$head"'@@ -1 +1 @@\n-1\n+one\n 2\n'
  refuses text
}

@test "a malformed hunk is refused, in another file's part, too" {
  given text '1\n2\n3\n'
  for hunk in '@@ -1 +1\n-1\n+2\n' '@@ -1 1 @@\n-1\n+2\n' '@@ -1 +1 @@' \
    '@@ +1 -1 @@\n-1\n+2\n' '@@ -a +1 @@\n-1\n+2\n' '@@ -1, +1 @@\n-1\n+2\n' \
    '@@ - 1 +1 @@\n-1\n+2\n' '@@ --1 +1 @@\n-1\n+2\n' '@@ -1 +1 @@\n-1\n+2' \
    '@@ -1 +1 @@\n-1\n*2\n' '@@ -1 +1 @@\n-1\n\\ No\n\\ No\n+2\n' '@@ ' \
    '@@ -1 +1 @@\n-\n\\ No newline at end of file\n+1\n' '@@ -' '@@ -1 +1 @' \
    '@@ -1 +1 -@\n-1\n+2\n' '@@ -1x+1x@@\n-1\n+2\n' \
    '@@ -1,+1 +1 @@\n-1\n+2\n'; do
    echo "$hunk"
    given p.patch "$head$hunk"
    refuses text
    given p.patch "--- a/client.c\n+++ b/client.c\n$hunk"
    refuses text
  done
}

@test "names that disagree or come twice, or a hunk without, are refused" {
  given text '1\n2\n3\n'
  given p.patch '--- a/server.c\n+++ b/client.c\n@@ -1 +1 @@\n-1\n+2\n'
  refuses text
  given p.patch "$head@@ -1 +1 @@\n-1\n+one\n$head@@ -2 +2 @@\n-2\n+two\n"
  refuses text
  given p.patch '@@ -1 +1 @@\n-1\n+one\n'
  refuses text
}

# A page of few different lines, so that hunks find them in many places, and
# the same after some of them were changed.
random_pair() {
  local here=$BATS_TEST_TMPDIR
  awk -v seed="$1" -v old="$here/old" -v new="$here/new" '
    function line() { return substr("     {}\tab-+@\\ --", 1 + 12 * rand(), 3) }
    BEGIN {
      srand(seed)
      printf "" >old
      printf "" >new
      lines = int(40 * rand())
      for (i = 1; i <= lines; i++) {
        same = line()
        end = i == lines && rand() < 0.3 ? "" : "\n"
        printf "%s%s", same, end >old
        if (rand() < 0.1) continue
        if (rand() < 0.1) same = line()
        if (rand() < 0.1) print line() >new
        printf "%s%s", same, i == lines && rand() < 0.3 ? "" : "\n" >new
      }
    }'
}

@test "what diff says of two files is applied in both directions" {
  local here=$BATS_TEST_TMPDIR
  for seed in {1..100}; do
    random_pair "$seed"
    compare old new -U$((seed % 4))
    gives old new
  done
}

@test "patch(1) makes the same of it" {
  needs patch
  local here=$BATS_TEST_TMPDIR
  for seed in {101..130}; do
    random_pair "$seed"
    compare old new
    [ -s "$here/p.patch" ] || continue
    cp "$here/old" "$here/theirs"
    patch -s -p1 "$here/theirs" "$here/p.patch"
    cmp "$here/theirs" "$here/new"
    gives old theirs
  done
}

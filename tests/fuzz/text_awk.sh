#!/bin/bash
# tests/fuzz/text_awk.sh [ROUNDS [SEED]]: pages with noise in them. text.awk
# must either refuse them, with file:line, or make a table that compiles.
cd "${0%/*}/../.." || exit
rounds=${1:-${FUZZ_PAGES:-200}} seed=${2:-$RANDOM}
awk=${AWK:-awk}
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP

# Change a few lines of a page: cut, doubled, swapped, joined, with pieces of
# markers and hard characters thrown in.
# shellcheck disable=SC2016 # awk's own
spoil='
function pick(n) { return 1 + int(n * rand()) }
function noise() { return piece[pick(pieces)] }
BEGIN {
  srand(seed)
  pieces = split("<!--|-->|<!-- end -->|<!-- step server/x bind -->|" \
    "<!-- text errors EPERM -->|<!-- hint 1 -->|<!-- check a -->|" \
    "<!-- play run 1 -->|<!-- from Makefile -->|<!-- step a b c -->|" \
    "<!-- transcript ls -->|<!-- text \"q\" \\ -->|<!-- hint \" -->|```|# |" \
    "\"|\\|\\n|\\x|?" "?(|%s|{port}|\r|\t|\001|\177|\303\251|\377|" \
    "/*|*/|//|$(id)|&|\\&", piece, "|")
}
{ line[NR] = $0 }
END {
  for (times = pick(4); times > 0; times--) {
    at = pick(NR)
    kind = pick(7)
    if (kind == 1) line[at] = ""
    else if (kind == 2) line[at] = line[at] "\n" line[at]
    else if (kind == 3) { other = pick(NR); was = line[at]
      line[at] = line[other]; line[other] = was }
    else if (kind == 4) line[at] = substr(line[at], 1, pick(length(line[at])))
    else if (kind == 5) line[at] = noise()
    else { cut = pick(length(line[at]) + 1)
      line[at] = substr(line[at], 1, cut - 1) noise() substr(line[at], cut) }
  }
  for (i = 1; i <= NR; i++) print line[i]
}'

# One round: a page of the suite, spoiled; its place in the tree stays.
round() {
  local page=${pages[RANDOM % ${#pages[@]}]} table=$dir/texts.c
  mkdir -p "$dir/${page%/*}"
  LC_ALL=C awk -v seed="$((seed + $1))" "$spoil" "$page" >"$dir/$page"
  # shellcheck disable=SC2086 # "busybox awk" is two words
  if (cd "$dir" && LC_ALL=C $awk -f "$OLDPWD/shared/text.awk" "$page") \
    >"$table" 2>"$dir/said"; then
    cc -std=c11 -Wall -Wextra -Werror -Ishared -fsyntax-only "$table"
  else
    grep -qE '^[^ :]+:[0-9]+: .' "$dir/said"
  fi
}

RANDOM=$seed
pages=(lessons/*.md lessons/*/README*.md)
for ((i = 1; i <= rounds; i++)); do
  if ! round "$i" >"$dir/out" 2>&1; then
    cat "$dir/out" "$dir/said"
    mkdir -p build/fuzz
    cp -R "$dir/lessons" build/fuzz/text_awk-found
    echo "round $i of seed $seed: see build/fuzz/text_awk-found"
    exit 1
  fi
  rm -rf "$dir/lessons"
done
echo "$rounds"

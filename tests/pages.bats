# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper
load portolan

# UPDATE_TRANSCRIPTS=1 bats tests/pages.bats -f 'prints now' writes what the
# commands print now into the pages.

# pages: every one of them.
pages() {
  find ./*.md lessons tests -name '*.md' | sort
}

# rewritten PAGE: the page with what its commands print here and now, in the
# language of the page.
rewritten() {
  local line command state=words locale=en_US
  [[ $1 != *.pt-BR.md ]] || locale=pt_BR.UTF-8
  while IFS= read -r line; do
    case $state in
    words)
      printf '%s\n' "$line"
      [[ $line != '<!-- transcript '*' -->' ]] || state=marked
      command=${line#<!-- transcript }
      ;;
    marked)
      [[ $line == '```'* ]] || echo 'here, a fence is missing'
      printf '%s\n' "$line"
      (cd "$tree" && LC_ALL=$locale timeout 20 sh -c "${command% -->}" \
        </dev/null 2>&1 3>&-) || true # it may be an error that is shown
      state=old
      ;;
    old)
      [ "$line" = '```' ] || continue
      printf '%s\n' "$line"
      state=words
      ;;
    esac
  done <"$1"
}

# masked: without what is new in each run. The ports of our block become those
# of the default one. All other ports get their number within their fence, in
# the order in which they come. Their widths stay: four digits, and five.
masked() {
  sed -E -e 's/FIN-WAIT-[12]/FIN-WAIT-n/g' \
    -e 's/(pid|process|processo) [0-9]+/\1 PID/g' |
    awk -v base="${PORTOLAN_PORT_BASE:-6700}" '
      /^```/ { split("", number); n = 0 }
      {
        done = ""
        while (match($0, /:[0-9]+/)) {
          port = substr($0, RSTART + 1, RLENGTH - 1) + 0
          done = done substr($0, 1, RSTART)
          $0 = substr($0, RSTART + RLENGTH)
          if (port >= base && port < base + 100)
            port = port - base + 6700
          else if (port >= 1024 && (port < 6700 || port >= 6800)) {
            if (!(port in number))
              number[port] = ++n
            port = "PORT" number[port]
          }
          done = done port
        }
        print done $0
      }'
}

# code FILE: what is meant to be typed: indented, fenced or between backquotes,
# with the placeholders of our texts filled in.
code() {
  awk '/^```/ { fenced = !fenced; next }
    fenced || /^    / { print; next }
    {
      n = split($0, part, "`")
      for (i = 2; i < n; i += 2)
        print part[i]
    }' "$1" |
    sed -e 's/{command}/.\/portolan/g' -e 's/{number}/1 1/g' -e 's/{value}/1/g'
}

# links FILE: where they lead.
links() {
  grep -oE '\]\([^) ]+\)' "$1" | sed 's/^](//; s/)$//'
}

# anchors FILE: of its headings.
anchors() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | tr ' ' '-' |
    tr -d '!-,./:-@[-^`{-~'
}

# ---- transcripts -----------------------------------------------------------

@test "a page shows what its commands print now" {
  own_tree
  [ "${UPDATE_TRANSCRIPTS-}" = 1 ] || own_block
  n=0
  for page in $(pages); do
    grep -q '^<!-- transcript ' "$page" || continue
    n=$((n + 1))
    rewritten "$page" >"$BATS_TEST_TMPDIR/page"
    if [ "${UPDATE_TRANSCRIPTS-}" = 1 ]; then
      cat "$BATS_TEST_TMPDIR/page" >"$page"
      continue
    fi
    echo "$page: the page is -, the program +" # shown if the test fails
    masked <"$BATS_TEST_TMPDIR/page" >"$BATS_TEST_TMPDIR/now"
    PORTOLAN_PORT_BASE=6700 masked <"$page" >"$BATS_TEST_TMPDIR/then"
    diff -u "$BATS_TEST_TMPDIR/then" "$BATS_TEST_TMPDIR/now"
  done
  [ $n -gt 0 ]
}

@test "a transcript that is not so any more is seen" {
  own_tree
  own_block
  page=$BATS_TEST_TMPDIR/page.md
  printf '%s\n' 'words' '<!-- transcript ./portolan run 1 --brief -->' '```' \
    '```' 'more words' >"$page"
  rewritten "$page" >"$page.now" # an empty block is filled
  run ! cmp -s "$page" "$page.now"
  rewritten "$page.now" >"$page.again" # on other ports
  run ! cmp -s "$page.now" "$page.again"
  masked <"$page.now" >"$page.masked"
  masked <"$page.again" | cmp - "$page.masked"
  [ "$(head -n 1 "$page.now")" = words ]
  [ "$(tail -n 1 "$page.now")" = 'more words' ]
  for change in s/6731/6732/ 's/, ser/; ser/' s/TIME-WAIT/CLOSED/ '5d' \
    's/remote=127/remote=128/'; do
    sed "$change" "$page.masked" >"$page.changed"
    run ! cmp -s "$page.masked" "$page.changed"
  done
  # a port that is another one than in the lines before
  sed -E 's/( accept: .* remote=127\.0\.0\.1):[0-9]+/\1:61999/' "$page.now" |
    masked >"$page.changed"
  run ! cmp -s "$page.masked" "$page.changed"
}

# ---- what pages point at ---------------------------------------------------

@test "each link of a page leads to a file of ours, and to a heading there" {
  n=0
  for page in $(pages); do
    while read -r link; do
      case $link in
      http://* | https://* | mailto:*) continue ;;
      esac
      n=$((n + 1))
      echo "$page: $link" # shown if the test fails
      file=${link%%#*}
      file=${file:+${page%/*}/$file}
      [ -e "${file:-$page}" ]
      case $link in
      *#*) anchors "${file:-$page}" | grep -qxF "${link#*#}" ;;
      esac
    done < <(links "$page")
  done
  [ $n -gt 5 ]
}

@test "a page links to pages in its own language, where there are any" {
  for page in $(pages); do
    [ "$page" != ./README.md ] || continue # the door to both
    while read -r link; do
      echo "$page: $link" # shown if the test fails
      case $page,$link in
      *,http*) ;;
      *.pt-BR.md,*.pt-BR.md*) ;;
      *.pt-BR.md,*.md*) [ ! -e "${page%/*}/${link%.md*}.pt-BR.md" ] ;;
      *,*.pt-BR.md*) return 1 ;;
      esac
    done < <(links "$page")
  done
}

@test "each command and option that a page shows exists" {
  ours
  n=0
  while IFS= read -r words; do
    n=$((n + 1))
    echo "$words" # shown if the test fails
    read -r -a word <<<"$words"
    [[ ${word[1]-} == [a-z]* ]] || word[1]=
    run -0 timeout 20 "$portolan" ${word[1]:+"${word[1]}"} --help
    help=$output
    case ${word[1]} in
    server | client)
      run -0 timeout 20 "$portolan" "${word[1]}" 1 --help
      help+=$output
      ;;
    esac
    run -0 timeout 20 "$portolan" --help
    help+=$output
    for option in "${word[@]}"; do
      case $option in
      --help | --version) ;;
      --*) grep -qE -- "$option([^a-z-]|\$)" <<<"$help" ;;
      esac
    done
  done < <(for page in $(pages); do code "$page"; done |
    grep -oE '\./portolan( [^ |;&>`()]+)*' | grep -v '[A-Z]\{4\}' | sort -u)
  [ $n -gt 10 ]
}

@test "each goal of make that a page shows exists" {
  for goal in $(for page in $(pages); do code "$page"; done |
    grep -oE '(^| )make [a-z]+( |$)' | awk '{ print $2 }' | sort -u); do
    echo "make $goal" # shown if the test fails
    grep -qE "^([a-z ]* )?$goal( [a-z ]*)?:" Makefile
  done
}

# ---- their form ------------------------------------------------------------

@test "no line of a text is longer than 76 columns" {
  for page in $(pages); do
    # a character of several bytes is one column: its later bytes do not count
    tr -d '\200-\277' <"$page" | awk -v page="$page" '
      $0 == "<!-- end -->" { inside = 0 }
      inside && length($0) > 76 { print page ":" FNR ": " $0; long = 1 }
      /^<!-- (step|text|hint|check) .*-->$/ { inside = 1 }
      END { exit long }'
  done
}

@test "no line of a page is longer than 80 columns, but for links and tables" {
  for page in $(pages); do
    tr -d '\200-\277' <"$page" | awk -v page="$page" '
      /^```/ { fenced = !fenced }
      !fenced && !/^\|/ && !/^<!--/ && !/\]\([^ ]*\)/ && length($0) > 80 {
        print page ":" FNR ": " $0
        long = 1
      }
      END { exit long }'
  done
}

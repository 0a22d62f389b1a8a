# shellcheck disable=SC2154 # what is not set here, check.bash has set
load ../../../guide/check

# words LENGTH: so many bytes, which nobody can know before, into $words.
words() {
  printf -v words '%0*d' "$1" "$RANDOM"
}

# counted NUMBER: does the server say that so many bytes came?
counted() {
  if ! read_line 6; then
    why_silent "$server"
    line=${how:-recv() = 0}
  fi
  compare "$1 bytes came." "${line##*: }"
}

@test "counts-a-long-line" {
  serve
  dial
  words $((900 + RANDOM % 100))
  say "$words"$'\n'
  counted $((${#words} + 1))
}

@test "counts-every-line" {
  serve
  dial
  a=$((9 + RANDOM % 9)) b=$((9 + RANDOM % 9)) c=$((20 + RANDOM % 9))
  words $a && one=$words
  words $b && two=$words
  words $c && three=$words

  # Two lines in one piece, then one that is cut within the next piece. That
  # the line before it was answered tells that the first half was received.
  say "$one"$'\n'"$two"$'\n'
  counted $((a + 1))
  counted $((b + 1))
  say "$one"$'\n'"${three:0:13}"
  counted $((a + 1))
  say "${three:13}"$'\n'
  counted $((c + 1))
}

@test "sends-every-byte" {
  words 1000 # the longest that there may be
  listen_to "$words"
  said=${said//\\n/$'\n'}
  compare "$((${#words} + 1)) bytes" "${#said} bytes"
  compare "$words"$'\n' "$said"
}

# shellcheck disable=SC2154 # what is not set here, check.bash has set
load ../../../guide/check

@test "greets-each-by-its-address" {
  serve
  for _ in 1 2; do
    call 6
    welcome="Welcome, $local!\\n"
    hear 6 "$welcome"
    told "$welcome"
    hear_out 6
    told "$welcome"
  done
}

@test "says-its-own-words" {
  listen_to
  [ "$said" != "hello, server\\n" ] ||
    compare '!= "hello, server\n"' "\"$said\""
  [[ $said == ?*\\n ]] ||
    compare "\"${said:-...}\\n\"" "\"$said\"${complaint:+ ($complaint)}"
  ephemeral "$from"

  words="word $RANDOM"
  listen_to "$words"
  compare "client '$words': \"$words\\n\"" \
    "client '$words': \"$said\"${complaint:+ ($complaint)}"
}

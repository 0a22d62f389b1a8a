# shellcheck shell=bash disable=SC2154 # $pid comes from helper.bash
# What the tests of ./portolan share, beside helper.bash.

# ours: leaves in $portolan a name of our own for the command. The halves that
# it starts are called by that name, too: that is how left_over knows them.
ours() {
  plain_too
  portolan=$BATS_TEST_TMPDIR/portolan
  ln -s "$PWD/$(built)" "$portolan"
}

# plain_too: the command starts and compiles what the plain build has.
plain_too() {
  if [ ! -e build/libshared.a ] || [ ! -e portolan ]; then
    skip "this needs the plain build beside it"
  fi
}

built() {
  case $BUILD in
  build) echo portolan ;;
  *) echo "$BUILD/portolan" ;;
  esac
}

# own_tree [NAME]: leaves in $tree an installation of our own, to be changed at
# will, and in $portolan its command.
own_tree() {
  plain_too
  tree=$BATS_TEST_TMPDIR/tree$1
  portolan=$tree/portolan
  mkdir -p "$tree/build" "$tree/tests"
  cp -Rp Makefile client server shared lessons "$tree"
  cp -Rp build/client build/server build/libshared.a "$tree/build"
  cp -p tests/bats.sh tests/*.bash "$tree/tests"
  cp -p "$(built)" "$portolan"
  PATH=${PATH#"$BATS_LIBEXEC:"} # the bats that is there is not for learners
}

# left_over: is there still a process whose command line names our portolan (or
# $tree)? It is shown.
left_over() {
  local lines
  echo "${tree:-$portolan}" >"$BATS_TEST_TMPDIR/name"
  if [ -r /proc/self/cmdline ]; then
    # its status says nothing: some processes are gone before it has read them
    lines=$(grep -lasF -f "$BATS_TEST_TMPDIR/name" /proc/[0-9]*/cmdline) || true
  else
    # shellcheck disable=SC2009 # pgrep is not everywhere
    lines=$(ps -A -o pid=,args= | grep -F -f "$BATS_TEST_TMPDIR/name") || true
  fi
  echo "$lines"
  [ -n "$lines" ]
}

# nothing_left: no process of ours any more, or soon none.
nothing_left() {
  wait_until none_left
}

none_left() {
  ! left_over
}

# own_block: leaves in PORTOLAN_PORT_BASE, exported, a block of ports with four
# digits that is free: a server of ours holds its last port until the test ends.
own_block() {
  local try
  for try in {1..50}; do
    PORTOLAN_PORT_BASE=$((RANDOM % 70 + 20))00
    server_log=$BATS_TEST_TMPDIR/block.$try
    start "$server_log" "$BUILD/server/01-first-connection" --brief \
      --port $((PORTOLAN_PORT_BASE + 99))
    wait_until listens_or_gone "$pid" "$server_log"
    grep -q ' listen: ' "$server_log" || continue
    ! (exec 9<>"/dev/tcp/127.0.0.1/$((PORTOLAN_PORT_BASE + 31))") 2>/dev/null ||
      continue
    export PORTOLAN_PORT_BASE
    return
  done
  echo "no block of ports is free"
  return 1
}

listens_or_gone() {
  gone "$1" || grep -q ' listen: ' "$2"
}

# causal FILE: can its step lines have happened in this order? Each empty line
# begins anew. The first that cannot have been is shown.
causal() {
  awk '
    function need(what, why) {
      if (what || failed) return
      print FILENAME ":" FNR ": " why ": " $0
      failed = 1
    }
    /^$/ {
      split("", called); split("", ended); split("", sent); split("", got)
      next
    }
    {
      step = substr($2, 1, length($2) - 1)
      here = substr($4, 7)
      there = substr($5, 8)
      out = here " " there
      back = there " " here
      moved = match($0, / bytes=[0-9]+/)
      bytes = moved ? substr($0, RSTART + 7, RLENGTH - 7) : 0
    }
    $1 == "?" { need(0, "no rule allowed that") }
    step == "connect" { called[out] = 1 }
    step == "accept" { need(called[back], "nobody has called") }
    step ~ /^send/ {
      need(called[out] || called[back], "there is no connection")
      need(!ended[out], "it said that it sends no more")
      sent[out] += bytes
    }
    step ~ /^recv/ && moved {
      got[back] += bytes
      need(got[back] <= sent[back], "that was not sent")
    }
    step ~ /^recv/ && !moved {
      need(ended[back], "the other half did not end")
      need(got[back] + 0 == sent[back] + 0, "not all was received")
    }
    (step ~ /^shutdown/ || step ~ /^close/) && there != "-" { ended[out] = 1 }
    END { exit failed || NR == 0 }' "$1"
}

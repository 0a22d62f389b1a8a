#!/bin/sh
# tests/bats.sh FOLDER            run every .bats file in it, some at a time
# tests/bats.sh [OPTION...] FILE  the same as bats, wherever bats is
#
# Bats is looked for in PATH, then in build/npm; when it is nowhere, we bring
# it from Debian's packages (root only) or from npm, or say what to type.
here=${0%/*}
npm=$here/../build/npm # npm does not always link what is in there to .bin/

# In a test of another Bats: its own parts are no Bats, its timeout is not ours.
if [ -n "${BATS_LIBEXEC-}" ]; then
  PATH=${PATH#"$BATS_LIBEXEC:"}
  unset BATS_TEST_TIMEOUT
fi

find_bats() {
  if command -v bats >/dev/null; then
    bats=bats
  elif [ -x "$npm/node_modules/bats/bin/bats" ]; then
    bats=$npm/node_modules/bats/bin/bats
  else
    return 1
  fi
}

bring_bats() {
  echo "Bats is not here: fetching it" >&2
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    wait_less="-o Acquire::http::Timeout=20 -o Acquire::Retries=1"
    # shellcheck disable=SC2086 # several words on purpose
    { apt-get $wait_less -q update &&
      DEBIAN_FRONTEND=noninteractive apt-get $wait_less -qy install bats; } \
      </dev/null >&2 && find_bats && return
  fi
  command -v npm >/dev/null &&
    npm install --no-audit --no-fund --prefix "$npm" bats@1 </dev/null >&2 &&
    find_bats
}

if ! find_bats && ! bring_bats; then
  cat >&2 <<END
These tests need Bats (https://bats-core.readthedocs.io). One of these brings it:
  Debian, Ubuntu:  sudo apt install bats
  Fedora:          sudo dnf install bats
  macOS:           brew install bats-core
END
  exit 2
fi
[ -d "$1" ] || exec "$bats" "$@"

folder=$1
ls "$folder"/*.bats >/dev/null || exit 2
results=$(mktemp -d) || exit
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM HUP

# Several files at a time, the longest first; a line for each that is done: its
# name, its exit status.
run_files() {
  # shellcheck disable=SC2016 # the inner shell's own
  (cd "$folder" && ls -S -- *.bats) |
    xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)" sh -c '
      "$0" --tap "$1/$3" </dev/null >"$2/$3" 2>&1
      echo "$3 $?"' "$bats" "$folder" "$results"
}

# The files' results as one: numbered through, with the plan at the end.
show_results() {
  n=0 failed=0
  while read -r file status; do
    [ "$status" -eq 0 ] || failed=1
    awk -v n="$n" -v status="$status" -v name="$file" -v total="$results/n" '
      /^1\.\.[0-9]+$/ { next }
      sub(/^ok [0-9]+/, "ok " (n + 1)) { n++ }
      sub(/^not ok [0-9]+/, "not ok " (n + 1)) { n++; told = 1 }
      { print }
      END {
        if (status != 0 && !told)
          print "not ok " ++n " " name " ended with status " status
        print n >total
      }' "$results/$file"
    read -r n <"$results/n"
  done
  echo "1..$n"
  [ "$n" -gt 0 ] && return "$failed"
}

run_files | show_results

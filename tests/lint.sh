#!/bin/sh
# tests/lint.sh: what formatters and analysers say of the sources, as in CI.
# A tool that is not here is named and passed over; with CI_MUST=1 it must be.
cd "${0%/*}/.." || exit
passed=0 failed=0
said=$(mktemp) || exit
trap 'rm -f "$said"' EXIT

c_files() {
  find client server shared lessons tests -name '*.c' "$@" -print
}

scripts() {
  echo .ci/run
  find lessons tests \( -name '*.sh' -o -name '*.ba[ts]*' \) -print
}

# all TOOL WORD...: the tool on the files that stdin names, some at a time.
all() {
  tr '\n' '\0' | xargs -0 -n 4 -P 2 "$@"
}

formatted() {
  c_files -o -name '*.h' | all clang-format --dry-run -Werror
}

# A character of many bytes takes one column: its first byte is counted.
narrow() {
  c_files -o -name '*.h' | {
    bad=0
    while read -r file; do
      tr -d '\200-\277' <"$file" | LC_ALL=C awk -v file="$file" '
        length > 80 { print file ":" FNR ": " length " columns"; bad = 1 }
        END { exit bad }' || bad=1
    done
    exit "$bad"
  }
}

# It does not know _Noreturn by that name, takes UINT16_MAX for unsigned, and
# gcc is the better judge of formats.
cppchecked() {
  cppcheck -q -j 2 --std=c11 --library=posix --enable=warning,performance \
    --suppress=invalidPrintfArgType_sint --inline-suppr --error-exitcode=1 \
    -D__linux__ '-D_Noreturn=__attribute__((noreturn))' -Ishared \
    client server shared lessons tests
}

tidy() {
  # shellcheck disable=SC2016 # the inner shell's own
  c_files | all sh -c 'clang-tidy --quiet "$@" -- -std=c11 \
    -D_POSIX_C_SOURCE=200809L -Ishared 2>/dev/null' sh
}

shellchecked() {
  scripts | tr '\n' '\0' | xargs -0 shellcheck
}

# check TOOL FUNCTION: its output is shown when it finds something.
check() {
  if ! command -v "$1" >/dev/null; then
    echo "skipped $2: $1 is not here"
    [ "${CI_MUST-}" != 1 ] || failed=$((failed + 1))
  elif "$2" >"$said" 2>&1; then
    echo "ok $2"
    passed=$((passed + 1))
  else
    cat "$said"
    echo "not ok $2"
    failed=$((failed + 1))
  fi
}

check clang-format formatted
check awk narrow
check cppcheck cppchecked
check clang-tidy tidy
check shellcheck shellchecked
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
